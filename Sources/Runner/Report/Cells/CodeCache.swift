#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif
internal import Record

/// Highlighted code by its source, in a folder: parsing costs more than the rest of an unchanged cell's page.
struct CodeCache {
  /// The form of what is kept: a change of the markup makes older files useless.
  private static let form = "2"

  /// Folder of the files; nil where nothing is kept.
  let folder: String?
  /// Version of the parser, whose classes of tokens may change.
  let parser: String

  func highlighted(_ code: String) -> String {
    guard let folder else { return CodeText.highlighted(code) }
    let path = "\(folder)/\(ContentHash([Self.form, parser, code])).html"
    if let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self) {
      return text
    }
    let text = CodeText.highlighted(code)
    CacheFile.write(Array(text.utf8), to: path, in: folder)
    return text
  }
}
