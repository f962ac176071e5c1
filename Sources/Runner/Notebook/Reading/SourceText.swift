/// The lines of a notebook, and the way from cmark's byte columns to the columns that editors show.
struct SourceText: Sendable {
  let path: String
  /// Lines without their ends.
  let lines: [Substring]

  /// Splits a text at LF, CRLF and CR.
  init(path: String, _ text: String) {
    self.path = path
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
  }

  /// The place of a byte in a line, both counted from 1.
  func location(line: Int, byteColumn: Int) -> SourceLocation {
    guard lines.indices.contains(line - 1) else { return SourceLocation(line: line, column: max(1, byteColumn)) }
    let utf8 = lines[line - 1].utf8
    let prefix = utf8.prefix(max(0, byteColumn - 1))
    let column = lines[line - 1][..<prefix.endIndex].count + 1
    // Columns past the end of the line (a virtual end) keep their distance.
    return SourceLocation(line: line, column: column + max(0, byteColumn - 1 - utf8.count))
  }

  func error(line: Int, column: Int = 1, _ message: String, remedy: String? = nil) -> Diagnostic {
    Diagnostic(.error, file: path, range: SourceRange(line: line, column: column), message, remedy: remedy)
  }

  func warning(_ range: SourceRange, _ message: String, remedy: String? = nil) -> Diagnostic {
    Diagnostic(.warning, file: path, range: range, message, remedy: remedy)
  }
}
