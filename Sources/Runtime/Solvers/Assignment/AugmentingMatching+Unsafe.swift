internal import CAssignment

/// Rows and columns that are matched so far, with prices of the columns under which every row has one of its cheapest.
///
/// A column without a row keeps the price 0, as it must where there are more columns than rows; all others cost 0 or less.
/// What a row pays follows from its column: its cost there less the column's price.
struct AugmentingMatching {
  /// Column of each row, -1 where it has none.
  private(set) var columnOf: [Int]
  private var rowOf: [Int]
  private var prices: [Double]
  private let costs: Matrix<Double>
  /// Distances of the search from one row, and the row before each column on the way; infinite for columns that are done.
  private var distances: [Double]
  private var before: [Int64]

  /// Begins without a match; there must not be more rows than columns.
  init(_ costs: Matrix<Double>) {
    self.costs = costs
    columnOf = [Int](repeating: -1, count: costs.rows)
    rowOf = [Int](repeating: -1, count: costs.columns)
    prices = [Double](repeating: 0, count: costs.columns)
    distances = prices
    before = [Int64](repeating: 0, count: costs.columns)
  }

  /// Gives rows their cheapest columns, whose prices fall as far as the row's second choice allows.
  ///
  /// A row that lost its column looks again at once. Where two choices are equal, or after many rounds, rows are left over.
  ///
  /// - Returns: the rows without a column.
  ///
  /// Source: augmenting row reduction of Jonker and Volgenant, 1987.
  mutating func reduced() -> [Int] {
    var waiting = Array((0..<costs.rows).reversed())
    var left: [Int] = []
    var rounds = Self.rounds * costs.rows
    while let row = waiting.popLast() {
      let (column, gap) = cheapest(row)
      let last = rowOf[column]
      rounds -= 1
      if last >= 0 {
        // The price must fall, by more than rounding, or two rows could take a column from each other for ever.
        guard rounds > 0, prices[column] - gap < prices[column] else {
          left.append(row)
          continue
        }
        columnOf[last] = -1
        waiting.append(last)
      }
      if gap.isFinite { prices[column] -= gap }
      (columnOf[row], rowOf[column]) = (column, row)
    }
    return left
  }

  /// Rounds a row of the reduction: more cost more than the searches that they save.
  private static let rounds = 8

  /// A row's cheapest column, and how much more the next one costs.
  private func cheapest(_ row: Int) -> (column: Int, gap: Double) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2) { two in
      guard let two = two.baseAddress else { preconditionFailure("no memory for two numbers") }
      two.initialize(repeating: 0, count: 2)
      let column = Self.withRow(row, of: costs) { oca_two_smallest_f64($0, prices, prices.count, two) }
      return (column, two[1] - two[0])
    }
  }

  /// Matches one more row, by the shortest path from it to a column without a row.
  mutating func augment(from start: Int) {
    for column in distances.indices { distances[column] = .infinity }
    var done: [(column: Int, distance: Double, price: Double)] = []
    var (row, base) = (start, 0.0)
    while true {
      let column = relax(row, base)
      let distance = distances[column]
      precondition(distance < .infinity, "Assignment.solve: differences of costs are not finite")
      let next = rowOf[column]
      guard next >= 0 else {
        for (column, before, price) in done { prices[column] = price + (before - distance) }
        return flip(to: column, from: start)
      }
      done.append((column, distance, prices[column]))
      (row, base) = (next, distance - (costs[next, column] - prices[column]))
      // No path leads to a column of infinite gain.
      (prices[column], distances[column]) = (-.infinity, .infinity)
    }
  }

  /// Takes the columns' ways through a row into account; the nearest column that is not done.
  private mutating func relax(_ row: Int, _ base: Double) -> Int {
    let count = prices.count
    return distances.withUnsafeMutableBufferPointer { distances in
      before.withUnsafeMutableBufferPointer { before in
        Self.withRow(row, of: costs) {
          oca_relax_f64(base, $0, prices, distances.baseAddress, before.baseAddress, Int64(row), count)
        }
      }
    }
  }

  /// Exchanges matched and unmatched pairs along the path to a free column.
  private mutating func flip(to end: Int, from start: Int) {
    var column = end
    while true {
      let row = Int(before[column])
      let next = columnOf[row]
      (rowOf[column], columnOf[row]) = (row, column)
      if row == start { return }
      column = next
    }
  }

  private static func withRow<Result>(
    _ row: Int,
    of costs: Matrix<Double>,
    _ body: (UnsafePointer<Double>) -> Result
  ) -> Result {
    costs.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { preconditionFailure("a matrix without entries has no rows to match") }
      return body(base + row * costs.columns)
    }
  }
}
