internal import Foundation
internal import Record
internal import Report

/// What a finished report was made of: while none of it changed, the report is left as it is and nothing is even parsed.
struct Stamp: Codable, Sendable {
  /// Hash of the notebook, the settings and the program.
  var key: String
  /// The neighbours in the site, to which the page links.
  var around: String
  /// Files read besides the notebook (bibliographies, data), with their hashes; empty for a missing one.
  var inputs: [String: String]
  var summary: ReportSummary
  var files: [String]
  /// What was said of it: it is said again each time.
  var messages: [StampedMessage]

  /// A diagnostic that is shown again.
  struct StampedMessage: Codable, Sendable {
    var text: String
    var isError: Bool
  }

  /// Where the stamp of a report in an output folder is kept.
  static func path(slug: String, output: String, cache: String) -> String {
    let folder = URL(fileURLWithPath: output).standardizedFileURL.path
    return "\(cache)/stamps/\(ContentHash([folder, slug]))"
  }

  static func load(_ path: String) -> Stamp? {
    FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Stamp.self, from: $0) }
  }

  func save(_ path: String) {
    let url = URL(fileURLWithPath: path)
    try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    // A stamp that cannot be kept costs a second rendering, no more.
    try? JSONEncoder().encode(self).write(to: url, options: .atomic)
  }

  /// Whether the report that this stamp speaks of is still what would be made.
  func holds(key: String, folder: String, output: String) -> Bool {
    guard self.key == key, files.allSatisfy({ FileManager.default.fileExists(atPath: output + "/" + $0) }) else {
      return false
    }
    return inputs.allSatisfy { name, hash in Self.hash(of: name, in: folder) == hash }
  }

  static func hash(of name: String, in folder: String) -> String {
    FileManager.default.contents(atPath: folder + "/" + name).map { ContentHash($0).description } ?? ""
  }
}
