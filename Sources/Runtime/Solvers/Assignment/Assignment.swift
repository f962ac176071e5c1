internal import Tensors

/// The assignment of rows to columns with the smallest sum of costs.
public enum Assignment {
  /// Solves the assignment problem of a rectangular matrix by shortest augmenting paths.
  ///
  /// - Parameter costs: finite costs, `[rows, columns]`; negate them to find the largest sum.
  /// - Returns: for each row its column, nil for rows left over where there are fewer columns; and the sum.
  /// - Throws: `SolverError.notFiniteEntry`.
  /// - Complexity: O(min² max).
  ///
  /// Source: Kuhn, 1955, in the form of Jonker and Volgenant, 1987.
  public static func solve(_ costs: Matrix<Double>) throws(SolverError) -> (columns: [Int?], cost: Double) {
    try costs.checkFinite("Assignment.solve")
    if costs.rows > costs.columns {
      let turned = match(costs.transposed)
      var columns = [Int?](repeating: nil, count: costs.rows)
      for (column, row) in turned.enumerated() { columns[row] = column }
      return (columns, sum(costs, columns))
    }
    let columns: [Int?] = match(costs)
    return (columns, sum(costs, columns))
  }

  private static func sum(_ costs: Matrix<Double>, _ columns: [Int?]) -> Double {
    columns.enumerated().reduce(0) { $0 + ($1.element.map { [row = $1.offset] in costs[row, $0] } ?? 0) }
  }

  /// Columns of all rows, which are not more than columns.
  private static func match(_ costs: Matrix<Double>) -> [Int] {
    let (rows, columns) = (costs.rows, costs.columns)
    var rowPrice = [Double](repeating: 0, count: rows)
    var columnPrice = [Double](repeating: 0, count: columns)
    var rowOf = [Int?](repeating: nil, count: columns)
    for start in 0..<rows {
      var distance = [Double](repeating: .infinity, count: columns)
      var before = [Int?](repeating: nil, count: columns)
      var isDone = [Bool](repeating: false, count: columns)
      var row = start
      var column: Int?
      var path = 0.0
      // Dijkstra's search over reduced costs, until a free column is nearest.
      while true {
        var nearest: (column: Int, distance: Double)?
        for j in 0..<columns where !isDone[j] {
          let length = path + costs[row, j] - rowPrice[row] - columnPrice[j]
          if length < distance[j] {
            distance[j] = length
            before[j] = column
          }
          if distance[j] < nearest?.distance ?? .infinity { nearest = (j, distance[j]) }
        }
        guard let found = nearest else { preconditionFailure("a row has no free column") }
        column = found.column
        path = found.distance
        isDone[found.column] = true
        guard let next = rowOf[found.column] else { break }
        row = next
      }
      for j in 0..<columns where isDone[j] {
        if let row = rowOf[j] { rowPrice[row] += path - distance[j] }
        columnPrice[j] -= path - distance[j]
      }
      rowPrice[start] += path
      while let j = column {
        column = before[j]
        rowOf[j] = column.flatMap { rowOf[$0] } ?? start
      }
    }
    var result = [Int](repeating: 0, count: rows)
    for (column, row) in rowOf.enumerated() { if let row { result[row] = column } }
    return result
  }
}
