import ArgumentParser
import Datasets
import Foundation
import Notebook
import Pipeline

/// Brings data sets into the cache.
struct Fetch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring data sets into the cache, each file checked; without names, list the sets.",
    discussion: """
      Exit status: 0 when all named sets are whole; 1 when one could not be fetched; 2 for wrong usage.
      """
  )

  @Argument(help: "Names of data sets.")
  var names: [String] = []

  @Option(help: "Address of a folder of data sets to fetch from in place of the public addresses.")
  var from: String?

  func run() throws {
    guard !names.isEmpty else { return list() }
    let sets = try names.map(set(named:))
    var failed = false
    for set in sets {
      let fetch = DatasetFetch(set, mirror: from)
      do {
        let outcome = try fetch.run()
        print("\(set.name): \(outcome.files) files, \(outcome.fetched) fetched, in \(fetch.folder) (\(set.licence))")
      } catch {
        failed = true
        FileHandle.standardError.write(Data("\(set.name): error: \(error)\n".utf8))
      }
    }
    if failed { throw ExitCode(1) }
  }

  private func list() {
    for set in Dataset.all {
      let state = set.isAvailable ? "at hand" : set.canBeFetched ? "can be fetched" : "from \(set.source)"
      print("\(set.name): \(set.summary); \(state)")
    }
  }

  private func set(named name: String) throws -> Dataset {
    if let set = Dataset.all.first(where: { $0.name == name }) { return set }
    let known = Dataset.all.map(\.name)
    let nearest = suggestion(for: name, among: known)
    let message = "error: there is no data set '\(name)'\(nearest) (known: \(known.joined(separator: ", ")))\n"
    FileHandle.standardError.write(Data(message.utf8))
    throw ExitCode(2)
  }
}
