internal import Foundation
internal import Notebook
internal import Record

/// Records of earlier runs by their key.
///
/// A record is stored with the lines on which its cells stood; it is moved to where they stand now when it is read, so
/// that an edit of the prose needs no new run.
struct RecordStore {
  let folder: String

  /// The record of a run with this key, its places moved to those of the notebook.
  func load(key: String, notebook: Notebook) -> RunRecord? {
    guard let data = FileManager.default.contents(atPath: folder + "/" + key),
      let (lines, body) = Self.split(Array(data)), var record = try? RunRecord(decoding: body)
    else { return nil }
    guard record.cells.count == notebook.cells.count, lines.count == notebook.cells.count + notebook.expressions.count,
      record.expressions.count == notebook.expressions.count
    else { return nil }
    let moves = zip(Self.lines(notebook), lines).map { $0 - $1 }
    for index in record.cells.indices { record.cells[index].move(by: moves[index], to: notebook.path) }
    for index in record.expressions.indices {
      guard case .failed(var diagnostic) = record.expressions[index] else { continue }
      diagnostic.move(by: moves[notebook.cells.count + index], to: notebook.path)
      record.expressions[index] = .failed(diagnostic)
    }
    return record
  }

  func save(_ record: RunRecord, key: String, notebook: Notebook) {
    let lines = Self.lines(notebook)
    let head = "\(lines.map(String.init).joined(separator: " "))\n"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    // A record that cannot be kept costs a second run, no more.
    try? Data(head.utf8 + record.encoded()).write(to: URL(fileURLWithPath: folder + "/" + key), options: .atomic)
  }

  private static func lines(_ notebook: Notebook) -> [Int] {
    notebook.cells.map(\.line) + notebook.expressions.map(\.range.start.line)
  }

  private static func split(_ bytes: [UInt8]) -> ([Int], [UInt8])? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ").map { Int($0) ?? 0 }
    return (lines, Array(bytes[(end + 1)...]))
  }
}

extension Diagnostic {
  fileprivate mutating func move(by lines: Int, to path: String) {
    file = path
    guard let range else { return }
    self.range = SourceRange(
      SourceLocation(line: range.start.line + lines, column: range.start.column),
      SourceLocation(line: range.end.line + lines, column: range.end.column)
    )
  }
}

extension CellResult {
  fileprivate mutating func move(by lines: Int, to path: String) {
    for index in diagnostics.indices { diagnostics[index].move(by: lines, to: path) }
    if case .failed(var failure) = status {
      for index in failure.diagnostics.indices { failure.diagnostics[index].move(by: lines, to: path) }
      status = .failed(failure)
    }
    guard lines != 0 else { return }
    items = items.map { item in
      guard case .output(let output) = item else { return item }
      return .output(output.movingClaims(by: lines))
    }
  }
}
