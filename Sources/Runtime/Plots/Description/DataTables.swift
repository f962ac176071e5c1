internal import Display

/// The numbers behind the marks of a figure.
enum DataTables {
  /// Rows of one table; what lies beyond is left out with a note.
  static let rowLimit = 100_000

  static func tables(of figure: Figure) -> [TableOutput] {
    let names = figure.axisNames
    let tables = figure.marks.compactMap { $0.table(names) }.map(capped)
    return joined(tables) + figure.insets.flatMap { Self.tables(of: $0.figure) }
  }

  /// A heading that says what was left out.
  static func note(_ title: String?, rows: Int) -> String? {
    guard rows > rowLimit else { return title }
    return (title.map { $0 + ", " } ?? "") + "first \(rowLimit) of \(rows) rows"
  }

  private static func capped(_ table: TableOutput) -> TableOutput {
    guard table.rowCount > rowLimit else { return table }
    var short = table
    short.title = note(table.title, rows: table.rowCount)
    short.columns = table.columns.map { column in
      var column = column
      switch column.values {
      case .numbers(let list): column.values = .numbers(Array(list.prefix(rowLimit)))
      case .integers(let list): column.values = .integers(Array(list.prefix(rowLimit)))
      case .texts(let list): column.values = .texts(Array(list.prefix(rowLimit)))
      case .flags(let list): column.values = .flags(Array(list.prefix(rowLimit)))
      }
      return column
    }
    return short
  }

  /// Neighbouring series over the same places become one table, a column each.
  private static func joined(_ tables: [TableOutput]) -> [TableOutput] {
    var result: [TableOutput] = []
    for table in tables {
      guard var last = result.last, let places = last.columns.first, places == table.columns.first,
        table.columns.count > 1
      else {
        result.append(table)
        continue
      }
      last.columns += table.columns.dropFirst()
      last.title = [last.title, table.title].compactMap { $0 }.joined(separator: ", ")
      if last.title?.isEmpty ?? false { last.title = nil }
      result[result.count - 1] = last
    }
    return result
  }
}

extension Figure {
  /// Names and units of the axes for the columns of data tables.
  var axisNames: AxisNames {
    AxisNames(x: x.title ?? "x", xUnit: x.unit, y: y.title ?? "y", yUnit: y.unit)
  }
}
