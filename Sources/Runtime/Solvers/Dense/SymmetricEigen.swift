internal import Tensors

/// Eigenvalues and vectors of a symmetric matrix, A = V Λ Vᵀ; functions of the matrix, and gradients.
public struct SymmetricEigen: Sendable {
  /// Eigenvalues in rising order, `[n]`.
  public let values: [Double]
  /// Orthonormal eigenvectors, one a column, `[n, n]`.
  public let vectors: Matrix<Double>

  /// Decomposes a matrix, of which the lower triangle is read.
  ///
  /// - Throws: `SolverError.wrongShape`, `.notFiniteEntry`, or `.notConverged`.
  public init(_ matrix: Matrix<Double>) throws(SolverError) {
    let name = "SymmetricEigen"
    try matrix.checkSquare(name)
    // LAPACK's lower triangle is our upper one.
    var work = matrix.transposed.values
    let result = LAPACK.symmetricEigen(&work, matrix.rows)
    try SolverError.checkInfo(result.info, name)
    values = result.values
    vectors = Matrix(work, rows: matrix.rows, columns: matrix.rows).transposed
  }

  /// V f(Λ) Vᵀ.
  public func map(_ function: (Double) -> Double) -> Matrix<Double> {
    vectors.scaledColumns(values.map(function)).timesTransposed(vectors)
  }

  /// Principal square root.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` where an eigenvalue is negative beyond rounding.
  public func squareRoot() throws(SolverError) -> Matrix<Double> {
    let bound = roundingBound
    if let index = values.lastIndex(where: { $0 < -bound }) {
      throw .notPositiveDefinite(function: "SymmetricEigen.squareRoot", order: index + 1)
    }
    return map { max($0, 0).squareRoot() }
  }

  /// Principal logarithm.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` where an eigenvalue is not positive.
  public func logarithm() throws(SolverError) -> Matrix<Double> {
    if let index = values.lastIndex(where: { !($0 > 0) }) {
      throw .notPositiveDefinite(function: "SymmetricEigen.logarithm", order: index + 1)
    }
    return map(Elementary.log)
  }

  /// Vector-Jacobian product: from gradients by eigenvalues and vectors to a symmetric Ā.
  ///
  /// Ā = V (diag(λ̄) + F ∘ Vᵀ V̄) Vᵀ, Fᵢⱼ = 1 / (λⱼ - λᵢ). Where two eigenvalues agree to rounding, F is taken as 0: right for
  /// losses that do not depend on the basis of their common space.
  public func adjoint(values valueGradient: [Double], vectors vectorGradient: Matrix<Double>? = nil) -> Matrix<Double> {
    let count = values.count
    precondition(valueGradient.count == count, "SymmetricEigen: \(valueGradient.count) gradients of \(count) values")
    var middle = Matrix<Double>.diagonal(valueGradient)
    if let vectorGradient {
      let rotation = vectors.transposedTimes(vectorGradient)
      let bound = roundingBound
      for i in 0..<count {
        for j in 0..<count where i != j {
          let gap = values[j] - values[i]
          if abs(gap) > bound { middle[i, j] = rotation[i, j] / gap }
        }
      }
    }
    return (vectors * middle).timesTransposed(vectors).symmetricPart
  }

  private var roundingBound: Double {
    Double(values.count) * .ulpOfOne * (values.map { abs($0) }.max() ?? 0)
  }
}
