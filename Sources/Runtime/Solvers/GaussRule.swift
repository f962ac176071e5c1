/// Nodes and weights of a quadrature that is exact for polynomials up to degree 2n - 1.
///
/// Nodes are eigenvalues of the symmetric tridiagonal matrix of the orthogonal polynomials' recurrence, weights the squares of
/// the vectors' first entries.
///
/// Source: G. Golub, J. Welsch, "Calculation of Gauss quadrature rules", 1969.
public struct GaussRule: Sendable, Equatable {
  /// Where the function is taken, in rising order.
  public let nodes: [Double]
  /// By what its values are multiplied.
  public let weights: [Double]

  /// ∫ f(x) exp(-x²) dx over all numbers.
  ///
  /// - Parameter count: number of nodes, 1…1000.
  /// - Returns: the rule.
  /// - Throws: `SolverError.outOfRange`.
  public static func hermite(_ count: Int) throws(SolverError) -> GaussRule {
    try GaussRule("hermite", count, total: Double.pi.squareRoot()) { (Double($0) / 2).squareRoot() }
  }

  /// ∫ f(x) exp(-x²/2) / √(2π) dx: the mean of f over the standard normal distribution.
  ///
  /// - Parameter count: number of nodes, 1…1000.
  /// - Returns: the rule.
  /// - Throws: `SolverError.outOfRange`.
  public static func normal(_ count: Int) throws(SolverError) -> GaussRule {
    try GaussRule("normal", count, total: 1) { Double($0).squareRoot() }
  }

  /// ∫ f(x) dx over -1…1.
  ///
  /// - Parameter count: number of nodes, 1…1000.
  /// - Returns: the rule.
  /// - Throws: `SolverError.outOfRange`.
  public static func legendre(_ count: Int) throws(SolverError) -> GaussRule {
    try GaussRule("legendre", count, total: 2) { Double($0) / (4 * Double($0 * $0) - 1).squareRoot() }
  }

  /// Σ weights · f(nodes).
  public func integrate(_ function: (Double) throws -> Double) rethrows -> Double {
    try zip(nodes, weights).reduce(0) { try $0 + $1.1 * function($1.0) }
  }

  private init(_ name: String, _ count: Int, total: Double, beside: (Int) -> Double) throws(SolverError) {
    guard (1...1000).contains(count) else {
      throw .outOfRange(function: "GaussRule.\(name)", argument: "count", expected: "in 1…1000", got: Double(count))
    }
    var matrix = Matrix<Double>(zeros: count, count)
    for index in 1..<max(count, 1) {
      matrix[index, index - 1] = beside(index)
      matrix[index - 1, index] = matrix[index, index - 1]
    }
    let eigen = try SymmetricEigen(matrix)
    // All three weight functions are even: what rounding made different on both sides is made equal.
    nodes = (0..<count).map { (eigen.values[$0] - eigen.values[count - 1 - $0]) / 2 }
    let shares = (0..<count).map { eigen.vectors[0, $0] * eigen.vectors[0, $0] }
    weights = (0..<count).map { total * (shares[$0] + shares[count - 1 - $0]) / 2 }
  }
}
