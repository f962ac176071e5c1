internal import Tensors
internal import CLAPACK

/// Products and factors of matrices of doubles by BLAS and LAPACK, whose columns are our rows.
extension Matrix where Scalar == Double {
  /// Matrix product.
  public static func * (a: Matrix, b: Matrix) -> Matrix { product(a, b) }

  /// Matrix times vector, `[rows]`.
  public static func * (a: Matrix, x: [Double]) -> [Double] {
    product(a, Matrix(x, rows: x.count, columns: 1)).values
  }

  /// AᵀB, without the transpose being made.
  public func transposedTimes(_ other: Matrix) -> Matrix { Self.product(self, other, transposeA: true) }

  /// ABᵀ, without the transpose being made.
  public func timesTransposed(_ other: Matrix) -> Matrix { Self.product(self, other, transposeB: true) }

  private static func product(
    _ a: Matrix,
    _ b: Matrix,
    transposeA: Bool = false,
    transposeB: Bool = false
  ) -> Matrix {
    let (m, inner) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
    let (rest, n) = transposeB ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(
      inner == rest,
      "Matrix product: \(m) × \(inner) times \(rest) × \(n); the inner numbers must be equal"
    )
    guard m > 0, n > 0, inner > 0 else { return Matrix(zeros: m, n) }
    let values = [Double](unsafeUninitializedCapacity: m * n) { output, count in
      count = m * n
      // The transpose of a product is that of the factors in the other order.
      ocl_gemm(
        transposeB ? CChar(Self.transpose) : CChar(Self.plain),
        transposeA ? CChar(Self.transpose) : CChar(Self.plain),
        Int32(n),
        Int32(m),
        Int32(inner),
        b.values,
        Int32(b.columns),
        a.values,
        Int32(a.columns),
        output.baseAddress,
        Int32(n)
      )
    }
    return Matrix(values, rows: m, columns: n)
  }

  private static var plain: UInt8 { UInt8(ascii: "N") }
  private static var transpose: UInt8 { UInt8(ascii: "T") }
}

/// LAPACK's routines on arrays; every function returns its info.
///
/// LAPACK refuses matrices without entries; here they have factors without entries.
enum LAPACK {
  private static let plain = CChar(UInt8(ascii: "N"))
  private static let transpose = CChar(UInt8(ascii: "T"))
  private static let upper = CChar(UInt8(ascii: "U"))

  /// Largest sum of absolute values in a row; not finite where an entry is not.
  static func largestRowSum(_ a: Matrix<Double>) -> Double {
    ocl_largest_row_sum(Int32(a.rows), Int32(a.columns), a.values)
  }

  static func factorLU(_ a: inout [Double], _ n: Int, norm: Double) -> (info: Int, pivots: [Int32], rcond: Double) {
    var pivots = [Int32](repeating: 0, count: n)
    var rcond = 1.0
    guard n > 0 else { return (0, pivots, rcond) }
    let info = ocl_getrf(Int32(n), &a, &pivots, norm, &rcond)
    return (Int(info), pivots, rcond)
  }

  /// Solves with the factors of a matrix given row after row (or of its transpose) for columns b, `[count][n]`.
  static func solveLU(_ a: [Double], _ pivots: [Int32], _ n: Int, _ b: inout [Double], count: Int, transposed: Bool)
    -> Int
  {
    n == 0 ? 0 : Int(ocl_getrs(transposed ? plain : transpose, Int32(n), Int32(count), a, pivots, &b))
  }

  /// Lower factor row after row, in the lower triangle; the upper one keeps what it had.
  static func factorCholesky(_ a: inout [Double], _ n: Int) -> Int { n == 0 ? 0 : Int(ocl_potrf(upper, Int32(n), &a)) }

  static func solveCholesky(_ a: [Double], _ n: Int, _ b: inout [Double], count: Int) -> Int {
    n == 0 ? 0 : Int(ocl_potrs(upper, Int32(n), Int32(count), a, &b))
  }

  /// Solves L x = b, or Lᵀ x = b, with a lower triangle row after row for columns b, `[count][n]`.
  static func solveLower(_ a: [Double], _ n: Int, _ b: inout [Double], count: Int, transposed: Bool) -> Int {
    n == 0 ? 0 : Int(ocl_trtrs(upper, transposed ? plain : transpose, Int32(n), Int32(count), a, &b))
  }

  /// Q and R of a matrix given row after row, both with rows of `columns`; only leading parts count.
  static func factorQR(_ a: inout [Double], rows: Int, columns: Int) -> (info: Int, q: [Double]) {
    var q = [Double](repeating: 0, count: rows * columns)
    guard !q.isEmpty else { return (0, q) }
    let info = ocl_lq(Int32(columns), Int32(rows), &a, &q)
    return (Int(info), q)
  }

  static func decompose(
    _ a: inout [Double],
    rows: Int,
    columns: Int
  ) -> (info: Int, u: [Double], s: [Double], vt: [Double]) {
    let k = min(rows, columns)
    var u = [Double](repeating: 0, count: rows * k)
    var s = [Double](repeating: 0, count: k)
    var vt = [Double](repeating: 0, count: k * columns)
    guard k > 0 else { return (0, u, s, vt) }
    // LAPACK sees the transpose: its left vectors are our right ones, and rows and columns fall into place.
    let info = ocl_gesdd(Int32(columns), Int32(rows), &a, &s, &vt, &u)
    return (Int(info), u, s, vt)
  }

  /// Eigenvalues in rising order; the rows of `a` become the vectors.
  static func symmetricEigen(_ a: inout [Double], _ n: Int) -> (info: Int, values: [Double]) {
    var w = [Double](repeating: 0, count: n)
    return (n == 0 ? 0 : Int(ocl_syevd(Int32(n), &a, &w)), w)
  }

  /// Eigenvalues and right vectors of a matrix given column after column; vectors one after the other.
  static func generalEigen(
    columns a: inout [Double],
    _ n: Int
  ) -> (info: Int, real: [Double], imaginary: [Double], vectors: [Double]) {
    var wr = [Double](repeating: 0, count: n)
    var wi = wr
    var v = [Double](repeating: 0, count: n * n)
    guard n > 0 else { return (0, wr, wi, v) }
    let info = ocl_geev(Int32(n), &a, &wr, &wi, &v)
    return (Int(info), wr, wi, v)
  }

  /// Least squares for columns `a`, `[n][m]`, and columns `b`, `[count][max(m, n)]`, which become the solutions.
  static func leastSquares(
    columns a: inout [Double],
    m: Int,
    n: Int,
    _ b: inout [Double],
    count: Int,
    tolerance: Double
  ) -> (info: Int, rank: Int, s: [Double]) {
    var s = [Double](repeating: 0, count: min(m, n))
    var rank: Int32 = 0
    let info = ocl_gelsd(Int32(m), Int32(n), Int32(count), &a, &b, &s, tolerance, &rank)
    return (Int(info), Int(rank), s)
  }
}
