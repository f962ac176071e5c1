internal import Tensors

/// A symmetric positive definite matrix factored once as L Lᵀ; its determinant, inverse and gradients.
public struct Cholesky: Sendable {
  /// L, lower triangular, `[n, n]`.
  public let factor: Matrix<Double>
  /// Number of unknowns.
  public var count: Int { factor.rows }

  /// Factors a matrix, of which the lower triangle is read.
  ///
  /// - Throws: `SolverError.wrongShape`, `.notFiniteEntry`, or `.notPositiveDefinite`.
  public init(_ matrix: Matrix<Double>) throws(SolverError) {
    let name = "Cholesky"
    try matrix.checkSquare(name)
    var values = matrix.values
    let info = LAPACK.factorCholesky(&values, matrix.rows)
    if info > 0 { throw .notPositiveDefinite(function: name, order: info) }
    try SolverError.checkInfo(info, name)
    for row in 0..<matrix.rows {
      for column in row + 1..<max(matrix.rows, row + 1) { values[row * matrix.rows + column] = 0 }
    }
    factor = Matrix(values, rows: matrix.rows, columns: matrix.rows)
  }

  /// x of A x = b, `[n]`.
  public func solve(_ right: [Double]) -> [Double] { solve(Matrix(right, rows: right.count, columns: 1)).values }

  /// X of A X = B, `[n, m]`.
  public func solve(_ right: Matrix<Double>) -> Matrix<Double> {
    columnwise(right) { LAPACK.solveCholesky(factor.values, count, &$0, count: right.columns) }
  }

  /// X of L X = B, or of Lᵀ X = B, `[n, m]`.
  public func solveFactor(_ right: Matrix<Double>, transposed: Bool = false) -> Matrix<Double> {
    columnwise(right) {
      LAPACK.solveLower(factor.values, count, &$0, count: right.columns, transposed: transposed)
    }
  }

  /// A⁻¹.
  public var inverse: Matrix<Double> { solve(.identity(count)) }

  /// log det A.
  public var logDeterminant: Double { factor.diagonal.reduce(0) { $0 + 2 * Elementary.log($1) } }

  /// Vector-Jacobian product of log det A: Ā = A⁻¹ times the gradient.
  public func logDeterminantAdjoint(_ gradient: Double) -> Matrix<Double> { gradient * inverse }

  /// Vector-Jacobian product of the factor: from L̄, of which the lower triangle is read, to a symmetric Ā.
  ///
  /// Ā = sym(L⁻ᵀ Φ(Lᵀ L̄) L⁻¹), Φ the lower triangle with half the diagonal.
  ///
  /// Source: Murray, "Differentiation of the Cholesky decomposition", 2016.
  public func adjoint(_ gradient: Matrix<Double>) -> Matrix<Double> {
    let lower = Matrix(rows: count, columns: count) { $1 <= $0 ? gradient[$0, $1] : 0 }
    var middle = factor.transposedTimes(lower)
    for row in 0..<count {
      for column in row..<count { middle[row, column] = column == row ? middle[row, row] / 2 : 0 }
    }
    let left = solveFactor(middle, transposed: true)
    return solveFactor(left.transposed, transposed: true).symmetricPart
  }

  private func columnwise(_ right: Matrix<Double>, _ solve: (inout [Double]) -> Int) -> Matrix<Double> {
    precondition(right.rows == count, "Cholesky: a right-hand side of \(right.rows) rows for \(count) unknowns")
    var columns = right.transposed.values
    _ = solve(&columns)
    return Matrix(columns, rows: right.columns, columns: count).transposed
  }
}
