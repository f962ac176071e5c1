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
    var matching = AugmentingMatching(costs)
    for row in matching.reduced() { matching.augment(from: row) }
    return matching.columnOf
  }
}
