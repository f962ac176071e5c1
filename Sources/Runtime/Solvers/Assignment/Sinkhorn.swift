/// Optimal transport with an entropy term: the plan that minimises ⟨P, C⟩ - ε H(P) for given sums of rows and columns.
///
/// Source: Cuturi, "Sinkhorn distances", 2013; iterated on logarithms, so that a small ε does not overflow.
public struct Sinkhorn: Sendable {
  /// Weight of the entropy, ε, in the unit of the costs.
  public var regularization: Double
  /// Largest error of a row's sum, relative to the whole mass.
  public var tolerance: Double
  /// Largest number of steps.
  public var maximumSteps: Int

  /// Makes a method.
  public init(regularization: Double, tolerance: Double = 1e-9, maximumSteps: Int = 10_000) {
    self.regularization = regularization
    self.tolerance = tolerance
    self.maximumSteps = maximumSteps
  }

  /// What a solve found.
  public struct Solution: Sendable, Equatable {
    /// P, `[n, m]`.
    public var plan: Matrix<Double>
    /// ⟨P, C⟩.
    public var cost: Double
    /// Number of steps.
    public var steps: Int
  }

  /// Finds the plan.
  ///
  /// - Parameters:
  ///   - costs: C, `[n, m]`.
  ///   - rows: sums of the rows, `[n]`, positive; 1 / n each when nil.
  ///   - columns: sums of the columns, `[m]`, positive, with the same total; 1 / m each when nil.
  /// - Returns: the plan.
  /// - Throws: `SolverError.notFiniteEntry`, `.wrongCount`, `.outOfRange`, or `.notConverged`.
  public func solve(
    _ costs: Matrix<Double>,
    rows: [Double]? = nil,
    columns: [Double]? = nil
  ) throws(SolverError) -> Solution {
    try costs.checkFinite(Self.name)
    let (n, m) = (costs.rows, costs.columns)
    let rowSums = try Self.checked(rows, count: n, "rows")
    let columnSums = try Self.checked(columns, count: m, "columns")
    let mass = rowSums.reduce(0, +)
    let difference = abs(columnSums.reduce(0, +) - mass)
    guard difference <= 1e-9 * mass else {
      throw .outOfRange(function: Self.name, argument: "sum of columns", expected: "\(mass)", got: mass + difference)
    }
    guard regularization > 0 else {
      throw .outOfRange(function: Self.name, argument: "regularization", expected: "positive", got: regularization)
    }
    let scaled = (-1 / regularization) * costs
    let turned = scaled.transposed
    var f = [Double](repeating: 0, count: n)
    var g = [Double](repeating: 0, count: m)
    var error = Double.infinity
    for step in 1...max(maximumSteps, 1) {
      f = Self.balanced(scaled, g, rowSums)
      g = Self.balanced(turned, f, columnSums)
      let plan = Matrix(rows: n, columns: m) { Elementary.exp(f[$0] + g[$1] + scaled[$0, $1]) }
      error = (0..<n).map { abs(plan.row($0).reduce(0, +) - rowSums[$0]) }.max() ?? 0
      if error <= tolerance * mass {
        return Solution(plan: plan, cost: plan.timesEntries(of: costs).values.reduce(0, +), steps: step)
      }
    }
    throw .notConverged(function: Self.name, steps: maximumSteps, error: error, wanted: tolerance * mass)
  }

  private static let name = "Sinkhorn"

  /// log a - log Σⱼ exp(gⱼ + Kᵢⱼ), row by row.
  private static func balanced(_ kernel: Matrix<Double>, _ other: [Double], _ sums: [Double]) -> [Double] {
    sums.indices.map { row in
      let terms = other.indices.map { other[$0] + kernel[row, $0] }
      let largest = terms.max() ?? 0
      let sum = terms.reduce(0) { $0 + Elementary.exp($1 - largest) }
      return Elementary.log(sums[row]) - largest - Elementary.log(sum)
    }
  }

  private static func checked(_ sums: [Double]?, count: Int, _ name: String) throws(SolverError) -> [Double] {
    let sums = sums ?? [Double](repeating: 1 / Double(count), count: count)
    guard sums.count == count else {
      throw .wrongCount(function: Self.name, argument: name, expected: count, got: sums.count)
    }
    if let bad = sums.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw .outOfRange(function: Self.name, argument: "a sum of \(name)", expected: "positive and finite", got: bad)
    }
    return sums
  }
}
