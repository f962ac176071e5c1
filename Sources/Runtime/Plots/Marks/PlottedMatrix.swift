/// Numbers in rows and columns, with the places of rows and columns on the axes.
///
/// Not called `Matrix`: cells see even the internal names of modules, and would not find the matrices of the solvers.
struct PlottedMatrix: Sendable, Equatable {
  var rows: Int
  var columns: Int
  /// Row by row.
  var values: [Double]
  var rowNames: [String]?
  var columnNames: [String]?
  /// Where columns lie on the horizontal axis; columns count from 0 when nil.
  var xRange: ClosedRange<Double>?
  /// Where rows lie on the vertical axis, the first one lowest; rows count from 0 downwards when nil.
  var yRange: ClosedRange<Double>?
  /// Length of a row that does not fit.
  var unevenRow: Int?

  init(_ list: [[some PlotElement]]) {
    rows = list.count
    columns = list.first?.count ?? 0
    unevenRow = list.first { $0.count != list[0].count }?.count
    values = list.flatMap { $0.coordinates.values }
  }

  init(_ values: some PlotData, columns: Int) {
    self.values = values.coordinates.values
    self.columns = max(columns, 1)
    rows = self.values.count / self.columns
    let rest = self.values.count % self.columns
    unevenRow = rest == 0 ? nil : rest
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// The outer edges of the matrix on both axes; the second vertical one belongs to the last row.
  var edges: (left: Double, right: Double, firstRow: Double, lastRow: Double) {
    let (left, right) = xRange.map { ($0.lowerBound, $0.upperBound) } ?? (-0.5, Double(columns) - 0.5)
    let (first, last) = yRange.map { ($0.lowerBound, $0.upperBound) } ?? (-0.5, Double(rows) - 0.5)
    return (left, right, first, last)
  }

  /// Centers of the columns on the horizontal axis.
  var columnCenters: [Double] { centers(edges.left, edges.right, columns) }
  /// Centers of the rows on the vertical axis.
  var rowCenters: [Double] { centers(edges.firstRow, edges.lastRow, rows) }

  private func centers(_ first: Double, _ last: Double, _ count: Int) -> [Double] {
    (0..<count).map { first + (last - first) * (Double($0) + 0.5) / Double(count) }
  }

  func measure(_ domain: inout Domain, mark: String) throws(PlotError) {
    if let unevenRow {
      throw .unevenMatrix(mark: mark, expected: columns, got: unevenRow, what: "values in each row")
    }
    guard values.contains(where: \.isFinite) else { throw .noFiniteData(mark: mark, count: values.count) }
    if let rowNames, rowNames.count != rows {
      throw .unevenMatrix(mark: mark, expected: rows, got: rowNames.count, what: "names of rows")
    }
    if let columnNames, columnNames.count != columns {
      throw .unevenMatrix(mark: mark, expected: columns, got: columnNames.count, what: "names of columns")
    }
    if let columnNames { domain.x.include(.names(columnNames)) }
    if let rowNames { domain.y.include(.names(rowNames)) }
    for end in [edges.left, edges.right] { domain.x.widen(to: end) }
    for end in [edges.firstRow, edges.lastRow] { domain.y.widen(to: end) }
    domain.x.isTight = true
    domain.y.isTight = true
    if yRange == nil { domain.y.isReversed = true }
  }
}
