internal import Tensors

/// A square matrix factored once (LU with exchange of rows) and solved for many right-hand sides.
public struct LinearSystem: Sendable {
  /// Number of unknowns.
  public let count: Int
  /// Estimate of 1 / condition number in the 1-norm.
  public let reciprocalCondition: Double
  private let factors: [Double]
  private let pivots: [Int32]

  /// Factors a matrix.
  ///
  /// - Throws: `SolverError.wrongShape` where it is not square, `.notFiniteEntry`, `.singular`, or `.nearlySingular` where
  ///   the condition leaves no digit of a solution.
  public init(_ matrix: Matrix<Double>) throws(SolverError) {
    let name = "LinearSystem"
    try matrix.checkSquare(name)
    count = matrix.rows
    var factors = matrix.values
    // LAPACK sees the transpose: its columns are our rows.
    let result = LAPACK.factorLU(&factors, matrix.rows, norm: LAPACK.largestRowSum(matrix))
    if result.info > 0 { throw .singular(function: name, row: result.info - 1) }
    try SolverError.checkInfo(result.info, name)
    if count > 0, !(result.rcond >= .ulpOfOne) {
      throw .nearlySingular(function: name, reciprocalCondition: result.rcond)
    }
    self.factors = factors
    pivots = result.pivots
    reciprocalCondition = result.rcond
  }

  /// x of A x = b, `[n]`.
  public func solve(_ right: [Double]) -> [Double] { solve(Matrix(right, rows: right.count, columns: 1)).values }

  /// X of A X = B, `[n, m]`.
  public func solve(_ right: Matrix<Double>) -> Matrix<Double> { solve(right, transposed: false) }

  /// X of Aᵀ X = B, `[n, m]`.
  public func solveTransposed(_ right: Matrix<Double>) -> Matrix<Double> { solve(right, transposed: true) }

  /// A⁻¹.
  public var inverse: Matrix<Double> { solve(.identity(count)) }

  /// Sign of the determinant, and the logarithm of its absolute value.
  public var logDeterminant: (sign: Double, logarithm: Double) {
    var sign = 1.0
    var sum = 0.0
    for index in 0..<count {
      let pivot = factors[index * count + index]
      if pivot < 0 { sign = -sign }
      if Int(pivots[index]) != index + 1 { sign = -sign }
      sum += Elementary.log(abs(pivot))
    }
    return (sign, sum)
  }

  private func solve(_ right: Matrix<Double>, transposed: Bool) -> Matrix<Double> {
    precondition(right.rows == count, "LinearSystem: a right-hand side of \(right.rows) rows for \(count) unknowns")
    var columns = right.transposed.values
    _ = LAPACK.solveLU(factors, pivots, count, &columns, count: right.columns, transposed: transposed)
    return Matrix(columns, rows: right.columns, columns: count).transposed
  }

  /// Vector-Jacobian product of X = A⁻¹B.
  ///
  /// B̄ = A⁻ᵀ X̄ and Ā = -B̄ Xᵀ.
  ///
  /// - Parameters:
  ///   - gradient: X̄, `[n, m]`.
  ///   - solution: X, `[n, m]`.
  /// - Returns: Ā, `[n, n]`, and B̄, `[n, m]`.
  public func adjoint(
    _ gradient: Matrix<Double>,
    solution: Matrix<Double>
  ) -> (matrix: Matrix<Double>, right: Matrix<Double>) {
    let right = solveTransposed(gradient)
    return (-1 * right.timesTransposed(solution), right)
  }

  /// Vector-Jacobian product of Y = A⁻¹: Ā = -Yᵀ Ȳ Yᵀ.
  public func inverseAdjoint(_ gradient: Matrix<Double>) -> Matrix<Double> {
    let inverse = inverse
    return -1 * inverse.transposedTimes(gradient).timesTransposed(inverse)
  }

  /// Vector-Jacobian product of log |det A|: Ā = A⁻ᵀ times the gradient.
  public func logDeterminantAdjoint(_ gradient: Double) -> Matrix<Double> { gradient * inverse.transposed }
}
