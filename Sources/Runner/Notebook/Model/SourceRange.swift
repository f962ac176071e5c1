/// A place in a notebook: line and column, both counted from 1; columns count Unicode characters.
package struct SourceLocation: Sendable, Hashable, Comparable, Codable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
}

/// A stretch of a notebook from its first character up to, not including, the end.
package struct SourceRange: Sendable, Hashable, Codable {
  package var start: SourceLocation
  package var end: SourceLocation

  package init(_ start: SourceLocation, _ end: SourceLocation) {
    self.start = start
    self.end = end
  }

  /// A range that holds just one place.
  package init(line: Int, column: Int) {
    start = SourceLocation(line: line, column: column)
    end = start
  }
}
