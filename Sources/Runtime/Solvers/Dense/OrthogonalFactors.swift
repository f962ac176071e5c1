/// A = Q R with orthonormal columns of Q and an upper triangular R (thin form).
public struct QRFactors: Sendable {
  /// Q, `[m, k]`, k = min(m, n).
  public let q: Matrix<Double>
  /// R, `[k, n]`.
  public let r: Matrix<Double>

  /// Factors a matrix by Householder reflections.
  ///
  /// - Throws: `SolverError.notFiniteEntry`.
  public init(_ matrix: Matrix<Double>) throws(SolverError) {
    try matrix.checkFinite("QRFactors")
    let (m, n) = (matrix.rows, matrix.columns)
    let k = min(m, n)
    var work = matrix.values
    let result = LAPACK.factorQR(&work, rows: m, columns: n)
    try SolverError.checkInfo(result.info, "QRFactors")
    q = Matrix(rows: m, columns: k) { result.q[$0 * n + $1] }
    r = Matrix(rows: k, columns: n) { $1 >= $0 ? work[$0 * n + $1] : 0 }
  }
}

extension QRFactors {
  private init(q: Matrix<Double>, r: Matrix<Double>) { (self.q, self.r) = (q, r) }

  /// The same product with a positive diagonal of R.
  ///
  /// - Throws: `SolverError.singular` where a diagonal entry is zero to rounding.
  public func withPositiveDiagonal() throws(SolverError) -> QRFactors {
    let diagonal = r.diagonal
    let bound = Double(max(q.rows, r.columns)) * .ulpOfOne * (diagonal.map { abs($0) }.max() ?? 0)
    if let row = diagonal.firstIndex(where: { !(abs($0) > bound) }) { throw .singular(function: "QRFactors", row: row) }
    let signs = diagonal.map { $0 < 0 ? -1.0 : 1 }
    return QRFactors(
      q: q.scaledColumns(signs),
      r: Matrix(rows: r.rows, columns: r.columns) { signs[$0] * r[$0, $1] }
    )
  }

  /// Vector-Jacobian product for matrices with at least as many rows as columns: from Q̄ and R̄ to Ā, `[m, n]`.
  ///
  /// Ā = (Q̄ + Q copyltu(R R̄ᵀ - Q̄ᵀQ)) R⁻ᵀ, copyltu mirroring the lower triangle upwards.
  ///
  /// Source: M. Seeger and others, "Auto-differentiating linear algebra", 2017, section 4.
  public func adjoint(q qGradient: Matrix<Double>, r rGradient: Matrix<Double>) -> Matrix<Double> {
    precondition(r.rows == r.columns, "QRFactors.adjoint: matrices with fewer rows than columns have none")
    let n = r.columns
    let upper = Matrix(rows: n, columns: n) { $1 >= $0 ? rGradient[$0, $1] : 0 }
    let inner = r.timesTransposed(upper) - qGradient.transposedTimes(q)
    let mirrored = Matrix(rows: n, columns: n) { inner[max($0, $1), min($0, $1)] }
    var result = qGradient + q * mirrored
    // X Rᵀ = result, from the last column to the first.
    for column in (0..<n).reversed() {
      for row in 0..<result.rows {
        var value = result[row, column]
        for later in column + 1..<max(n, column + 1) { value -= r[column, later] * result[row, later] }
        result[row, column] = value / r[column, column]
      }
    }
    return result
  }
}

/// Singular value decomposition A = U Σ Vᵀ (thin form), with its gradient.
public struct SingularValues: Sendable {
  /// Left vectors, one a column, `[m, k]`, k = min(m, n).
  public let u: Matrix<Double>
  /// Singular values in falling order, `[k]`.
  public let values: [Double]
  /// Right vectors, one a row, `[k, n]`.
  public let vt: Matrix<Double>

  /// Decomposes a matrix.
  ///
  /// - Throws: `SolverError.notFiniteEntry` or `.notConverged`.
  public init(_ matrix: Matrix<Double>) throws(SolverError) {
    try matrix.checkFinite("SingularValues")
    let k = min(matrix.rows, matrix.columns)
    var work = matrix.values
    let result = LAPACK.decompose(&work, rows: matrix.rows, columns: matrix.columns)
    try SolverError.checkInfo(result.info, "SingularValues")
    u = Matrix(result.u, rows: matrix.rows, columns: k)
    values = result.s
    vt = Matrix(result.vt, rows: k, columns: matrix.columns)
  }

  /// Number of values above rounding of the largest one.
  public var rank: Int { values.count { $0 > roundingBound } }

  /// Moore and Penrose's inverse, `[n, m]`; values within rounding of zero count as zero.
  public var pseudoInverse: Matrix<Double> {
    let inverse = values.map { $0 > roundingBound ? 1 / $0 : 0 }
    return vt.transposed.scaledColumns(inverse).timesTransposed(u)
  }

  private var roundingBound: Double { Double(max(u.rows, vt.columns)) * .ulpOfOne * (values.first ?? 0) }

  /// Vector-Jacobian product: from gradients of U, Σ and Vᵀ to Ā, `[m, n]`.
  ///
  /// Ā = U (diag(σ̄) + (F ∘ (UᵀŪ - ŪᵀU)) Σ + Σ (F ∘ (VᵀV̄ - V̄ᵀV))) Vᵀ + (I - UUᵀ) Ū Σ⁻¹ Vᵀ + U Σ⁻¹ V̄ᵀ (I - VVᵀ),
  /// Fᵢⱼ = 1 / (σⱼ² - σᵢ²), 0 where two values agree to rounding.
  ///
  /// Source: Townsend, "Differentiating the singular value decomposition", 2016.
  public func adjoint(
    u uGradient: Matrix<Double>? = nil,
    values valueGradient: [Double],
    vt vtGradient: Matrix<Double>? = nil
  ) -> Matrix<Double> {
    let inverse = values.map { $0 > roundingBound ? 1 / $0 : 0 }
    let sigma = Matrix<Double>.diagonal(values)
    var middle = Matrix<Double>.diagonal(valueGradient)
    var outer = Matrix<Double>(zeros: u.rows, vt.columns)
    if let uGradient {
      let inner = u.transposedTimes(uGradient)
      middle = middle + (inner - inner.transposed).timesEntries(of: gaps) * sigma
      outer = outer + (uGradient - u * inner).scaledColumns(inverse) * vt
    }
    if let vtGradient {
      let inner = vt.timesTransposed(vtGradient)
      middle = middle + sigma * (inner - inner.transposed).timesEntries(of: gaps)
      outer = outer + u.scaledColumns(inverse) * (vtGradient - inner.transposed * vt)
    }
    return u * middle * vt + outer
  }

  private var gaps: Matrix<Double> {
    let bound = roundingBound
    return Matrix(rows: values.count, columns: values.count) { i, j in
      let difference = values[j] - values[i]
      return i != j && abs(difference) > bound ? 1 / (difference * (values[j] + values[i])) : 0
    }
  }
}
