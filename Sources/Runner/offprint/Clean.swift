import ArgumentParser
import Evaluation
import Foundation

/// Empties the cache.
struct Clean: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove compiled cells, records and formulas from the cache. Reports and data sets stay."
  )

  func run() throws {
    let cache = Installation.cacheFolder()
    var bytes = 0
    for name in ["cells", "CellModuleCache", "records", "stamps", "CellFacts", "formulas", "code"] {
      let folder = cache + "/" + name
      for file in (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String]) ?? [] {
        let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + file)
        bytes += (attributes?[.size] as? Int) ?? 0
      }
      try? FileManager.default.removeItem(atPath: folder)
    }
    print("removed \(bytes >> 20) MB")
  }
}
