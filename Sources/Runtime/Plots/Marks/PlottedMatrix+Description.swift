internal import Display

extension PlottedMatrix {
  /// Columns up to which a matrix stays one in its data table.
  private static let widestTable = 24

  /// Size and range, and where the extremes are.
  func words(quantity: String?) -> String {
    let format = NumberFormat.significant(3)
    let finite = values.indices.filter { values[$0].isFinite }
    guard let low = finite.min(by: { values[$0] < values[$1] }), let high = finite.max(by: { values[$0] < values[$1] })
    else { return "\(rows) × \(columns) cells" }
    let missing = values.count - finite.count
    let gaps = missing > 0 ? ", \(missing) missing" : ""
    return
      "\(rows) × \(columns) cells\(gaps); \(quantity ?? "values") from \(format.string(values[low])) at \(place(low)) "
      + "to \(format.string(values[high])) at \(place(high))"
  }

  private func place(_ index: Int) -> String {
    let (row, column) = index.quotientAndRemainder(dividingBy: columns)
    let format = NumberFormat.significant(3)
    let rowText = rowNames?[row] ?? yRange.map { _ in format.string(rowCenters[row]) } ?? "row \(row)"
    let columnText =
      columnNames?[column] ?? xRange.map { _ in format.string(columnCenters[column]) } ?? "column \(column)"
    return "(\(rowText), \(columnText))"
  }

  /// The matrix as columns when there are few, otherwise one line for each cell.
  func table(_ axes: AxisNames, quantity: String, unit: String?, title: String?) -> TableOutput {
    let rowLabels = rowNames.map { TableColumn(axes.y, $0, labelsRows: true) }
    let rowPlaces = TableColumn(axes.y, rowCenters, unit: axes.yUnit, format: .significant(6))
    guard columns > Self.widestTable else {
      let columnTexts = columnNames ?? columnCenters.map { NumberFormat.significant(4).string($0) }
      let body = columnTexts.indices.map { column in
        TableColumn(columnTexts[column], (0..<rows).map { self[$0, column] }, unit: unit, format: .significant(4))
      }
      return TableOutput(columns: [rowLabels ?? rowPlaces] + body, title: title ?? quantity)
    }
    let cells = 0..<min(values.count, DataTables.rowLimit)
    let columnPlaces = columnCenters
    let rowValues = rowCenters
    let x = columnNames.map { names in TableColumn(axes.x, cells.map { names[$0 % columns] }) }
    let y = rowNames.map { names in TableColumn(axes.y, cells.map { names[$0 / columns] }) }
    return TableOutput(
      columns: [
        y ?? TableColumn(axes.y, cells.map { rowValues[$0 / columns] }, unit: axes.yUnit, format: .significant(6)),
        x ?? TableColumn(axes.x, cells.map { columnPlaces[$0 % columns] }, unit: axes.xUnit, format: .significant(6)),
        TableColumn(quantity, Array(values[cells]), unit: unit, format: .significant(6)),
      ],
      title: DataTables.note(title ?? quantity, rows: values.count)
    )
  }
}
