public import Signals

/// Eigenvalues and right vectors of a square matrix, A v = λ v.
public struct GeneralEigen: Sendable {
  /// Eigenvalues; conjugate pairs stand together, `[n]`.
  public let values: [Complex<Double>]
  /// Vectors of length 1, one for each value, `[n][n]`.
  public let vectors: [[Complex<Double>]]

  /// Decomposes a matrix.
  ///
  /// - Throws: `SolverError.wrongShape`, `.notFiniteEntry`, or `.notConverged`.
  public init(_ matrix: Matrix<Double>) throws(SolverError) {
    try matrix.checkSquare("GeneralEigen")
    let count = matrix.rows
    var columns = matrix.transposed.values
    let result = LAPACK.generalEigen(columns: &columns, count)
    try SolverError.checkInfo(result.info, "GeneralEigen")
    values = zip(result.real, result.imaginary).map { Complex($0, $1) }
    vectors = values.indices.map { index in
      let imaginary = result.imaginary[index]
      // A pair shares two columns, the second being the imaginary part of the first one's vector.
      let first = imaginary < 0 ? index - 1 : index
      return (0..<count).map { row in
        let real = result.vectors[first * count + row]
        guard imaginary != 0 else { return Complex(real) }
        let other = result.vectors[(first + 1) * count + row]
        return Complex(real, imaginary > 0 ? other : -other)
      }
    }
  }
}
