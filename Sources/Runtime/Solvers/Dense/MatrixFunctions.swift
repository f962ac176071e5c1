internal import Tensors

extension Matrix where Scalar == Double {
  /// x of smallest norm that minimises |A x - b|, by singular values.
  ///
  /// - Parameters:
  ///   - right: b, `[m, count]`.
  ///   - tolerance: singular values below this share of the largest one count as zero.
  /// - Returns: x, `[n, count]`, and the rank that was found.
  /// - Throws: `SolverError.wrongShape`, `.notFiniteEntry`, or `.notConverged`.
  public func leastSquares(
    _ right: Matrix,
    tolerance: Double = 1e-14
  ) throws(SolverError) -> (solution: Matrix, rank: Int) {
    let name = "Matrix.leastSquares"
    try checkFinite(name)
    try right.checkFinite(name)
    guard right.rows == rows else {
      throw .wrongShape(function: name, argument: "right", expected: "\(rows) rows", got: "\(right.rows)")
    }
    guard rows > 0, columns > 0 else { return (Matrix(zeros: columns, right.columns), 0) }
    var matrix = transposed.values
    let height = max(rows, columns)
    let padding = [Double](repeating: 0, count: height - rows)
    var work = (0..<right.columns).flatMap { right.column($0) + padding }
    let result = LAPACK.leastSquares(
      columns: &matrix,
      m: rows,
      n: columns,
      &work,
      count: right.columns,
      tolerance: tolerance
    )
    try SolverError.checkInfo(result.info, name)
    return (Matrix(rows: columns, columns: right.columns) { work[$1 * height + $0] }, result.rank)
  }

  /// The matrix exponential.
  ///
  /// Scaled by a power of two until its norm is at most 5.37, approximated by Padé's quotient of order 13, and squared back.
  ///
  /// - Throws: `SolverError.wrongShape` or `.notFiniteEntry`.
  ///
  /// Source: Higham, "The scaling and squaring method for the matrix exponential revisited", 2005.
  public func exponential() throws(SolverError) -> Matrix {
    try checkSquare("Matrix.exponential")
    let norm = (0..<columns).map { column in (0..<rows).reduce(0) { $0 + abs(self[$1, column]) } }.max() ?? 0
    var squarings = 0
    while norm / Double(1 << squarings) > 5.371920351148152, squarings < 60 { squarings += 1 }
    let a = (1 / Double(1 << squarings)) * self
    let one = Matrix.identity(rows)
    let a2 = a * a
    let a4 = a2 * a2
    let a6 = a2 * a4
    let c: [Double] = [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800, 129_060_195_264_000,
      10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800, 960_960, 16_380, 182, 1,
    ]
    let highOdd: Matrix = a6 * (c[13] * a6 + c[11] * a4 + c[9] * a2)
    let lowOdd: Matrix = c[7] * a6 + c[5] * a4 + c[3] * a2 + c[1] * one
    let odd = a * (highOdd + lowOdd)
    let highEven: Matrix = a6 * (c[12] * a6 + c[10] * a4 + c[8] * a2)
    let lowEven: Matrix = c[6] * a6 + c[4] * a4 + c[2] * a2 + c[0] * one
    let even = highEven + lowEven
    var result = try LinearSystem(even - odd).solve(even + odd)
    for _ in 0..<squarings { result = result * result }
    return result
  }

  func checkSquare(_ function: String) throws(SolverError) {
    guard isSquare else {
      throw .wrongShape(function: function, argument: "the matrix", expected: "square", got: "\(rows) × \(columns)")
    }
    try checkFinite(function)
  }

  func checkFinite(_ function: String) throws(SolverError) {
    // One fast pass clears most matrices; sums that overflow are looked at entry by entry.
    if LAPACK.largestRowSum(self).isFinite { return }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFiniteEntry(function: function, row: index / columns, column: index % columns)
    }
  }
}

extension SolverError {
  /// What LAPACK says when it is neither success nor about the matrix.
  static func checkInfo(_ info: Int, _ function: String) throws(SolverError) {
    if info > 0 { throw .notConverged(function: function, steps: info, error: .nan, wanted: .ulpOfOne) }
    precondition(info == 0, "\(function): LAPACK refuses argument \(-info)")
  }
}
