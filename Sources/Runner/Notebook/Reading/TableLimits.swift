/// Refuses tables on which the Markdown parser would take quadratic time and memory.
enum TableLimits {
  static let columns = 200
  static let cells = 200_000

  static func check(_ lines: [String], _ source: SourceText) throws(NotebookError) {
    for (index, line) in lines.enumerated() where isDelimiterRow(line) {
      let columnCount = line.filter { $0 == "|" }.count + 1
      // A table ends at the first empty line; every other line is padded to the full number of columns.
      let rowCount = lines[(index + 1)...].prefix(cells).prefix { $0.contains { !$0.isWhitespace } }.count
      guard columnCount > columns + 1 || columnCount * rowCount > cells else { continue }
      throw NotebookError(
        source.error(
          line: index + 1,
          "this table has \(columnCount - 1) columns and \(rowCount) rows; at most \(columns) columns and \(cells) cells are read",
          remedy: "make the table in a cell: long tables are cut there and carry a CSV file"
        )
      )
    }
  }

  private static func isDelimiterRow(_ line: String) -> Bool {
    line.contains("|") && line.contains("-") && line.allSatisfy { "|:- \t>".contains($0) }
  }
}
