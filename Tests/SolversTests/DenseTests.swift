import Signals
import Solvers
import Testing
import TestSupport

typealias Dense = Matrix<Double>

func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Dense {
  var random = SplitMix(seed: seed)
  return Dense(rows: rows, columns: columns) { _, _ in random.roughlyNormal() }
}

/// A Aᵀ + 1: well conditioned and positive definite.
func randomDefinite(_ count: Int, seed: UInt64) -> Dense {
  let a = randomMatrix(count, count, seed: seed)
  return a.timesTransposed(a) + .identity(count)
}

func distance(_ a: Dense, _ b: Dense) -> Double { (a - b).frobeniusNorm }

@Suite("Dense linear algebra")
struct DenseTests {
  /// Below, at and above the blocks of LAPACK.
  static let sizes = [1, 2, 3, 7, 20, 65, 130]
  static let shapes = [(1, 1), (5, 3), (3, 5), (40, 40), (70, 20), (20, 70), (8, 1), (1, 8)]

  /// Rounding of n products, each of order n, with room for the condition.
  static func tolerance(_ count: Int) -> Double { 1e-12 * Double(count * count + 10) }

  @Test("products equal their sums", arguments: shapes)
  func product(rows: Int, columns: Int) {
    let a = randomMatrix(rows, columns, seed: 1)
    let b = randomMatrix(columns, 4, seed: 2)
    let sums = Dense(rows: rows, columns: 4) { i, j in (0..<columns).reduce(0.0) { $0 + a[i, $1] * b[$1, j] } }
    #expect(distance(a * b, sums) <= Self.tolerance(columns))
    #expect(distance(a.transposed.transposedTimes(b), sums) <= Self.tolerance(columns))
    #expect(distance(a.timesTransposed(b.transposed), sums) <= Self.tolerance(columns))
    #expect(a.transposed.transposed == a)
  }

  @Test("systems are solved: A x = b, Aᵀ x = b, inverse, determinant", arguments: sizes)
  func solve(count: Int) throws {
    let a = randomMatrix(count, count, seed: UInt64(count)) + Double(count) * Dense.identity(count)
    let b = randomMatrix(count, 3, seed: 5)
    let system = try LinearSystem(a)
    #expect(distance(a * system.solve(b), b) <= Self.tolerance(count))
    #expect(distance(a.transposedTimes(system.solveTransposed(b)), b) <= Self.tolerance(count))
    #expect(distance(a * system.inverse, .identity(count)) <= Self.tolerance(count))
    let product = a.timesTransposed(a)
    #expect(abs(2 * system.logDeterminant.logarithm - (try Cholesky(product).logDeterminant)) <= Self.tolerance(count))
  }

  @Test("the determinant has its sign")
  func determinant() throws {
    let exchange = try LinearSystem(Dense([[0, 2], [3, 0]])).logDeterminant
    #expect(exchange.sign == -1)
    #expect(abs(exchange.logarithm - 1.791759469228055) <= 1e-15)
  }

  @Test("Cholesky's factor multiplies back and solves", arguments: sizes)
  func cholesky(count: Int) throws {
    let a = randomDefinite(count, seed: 3)
    let factors = try Cholesky(a)
    #expect(distance(factors.factor.timesTransposed(factors.factor), a) <= Self.tolerance(count))
    #expect(
      (0..<count).allSatisfy { row in (row + 1..<count + 1).dropLast().allSatisfy { factors.factor[row, $0] == 0 } }
    )
    let b = randomMatrix(count, 2, seed: 4)
    #expect(distance(a * factors.solve(b), b) <= Self.tolerance(count))
    #expect(distance(factors.factor * factors.solveFactor(b), b) <= Self.tolerance(count))
    #expect(
      distance(factors.factor.transposedTimes(factors.solveFactor(b, transposed: true)), b) <= Self.tolerance(count)
    )
  }

  @Test("Q is orthonormal, R triangular, and Q R the matrix", arguments: shapes)
  func qr(rows: Int, columns: Int) throws {
    let a = randomMatrix(rows, columns, seed: 6)
    let factors = try QRFactors(a)
    #expect(distance(factors.q * factors.r, a) <= Self.tolerance(rows))
    #expect(distance(factors.q.transposedTimes(factors.q), .identity(min(rows, columns))) <= Self.tolerance(rows))
    for row in 0..<factors.r.rows { for column in 0..<min(row, columns) { #expect(factors.r[row, column] == 0) } }
  }

  @Test("singular values: orthonormal factors that multiply back, and the pseudo-inverse", arguments: shapes)
  func svd(rows: Int, columns: Int) throws {
    let a = randomMatrix(rows, columns, seed: 7)
    let svd = try SingularValues(a)
    let k = min(rows, columns)
    #expect(distance(svd.u * Dense.diagonal(svd.values) * svd.vt, a) <= Self.tolerance(rows + columns))
    #expect(distance(svd.u.transposedTimes(svd.u), .identity(k)) <= Self.tolerance(rows))
    #expect(distance(svd.vt.timesTransposed(svd.vt), .identity(k)) <= Self.tolerance(columns))
    #expect(svd.values == svd.values.sorted(by: >))
    #expect(svd.rank == k)
    #expect(distance(a * svd.pseudoInverse * a, a) <= Self.tolerance(rows + columns))
  }

  @Test("symmetric eigenvectors: A V = V Λ", arguments: sizes)
  func symmetricEigen(count: Int) throws {
    let root = randomMatrix(count, count, seed: 8)
    let a = root + root.transposed
    let eigen = try SymmetricEigen(a)
    #expect(distance(a * eigen.vectors, eigen.vectors * .diagonal(eigen.values)) <= Self.tolerance(count))
    #expect(distance(eigen.vectors.transposedTimes(eigen.vectors), .identity(count)) <= Self.tolerance(count))
    #expect(eigen.values == eigen.values.sorted())
  }

  @Test("general eigenvectors: A v = λ v, and the trace is their sum", arguments: sizes)
  func generalEigen(count: Int) throws {
    let a = randomMatrix(count, count, seed: 9)
    let eigen = try GeneralEigen(a)
    for (value, vector) in zip(eigen.values, eigen.vectors) {
      for row in 0..<count {
        let product = (0..<count).reduce(Complex<Double>.zero) { $0 + a[row, $1] * vector[$1] }
        #expect((product - value * vector[row]).magnitude <= Self.tolerance(count))
      }
    }
    let sum = eigen.values.reduce(Complex.zero) { $0 + $1 }
    #expect(abs(sum.real - a.diagonal.reduce(0, +)) <= Self.tolerance(count) && abs(sum.imaginary) <= 1e-10)
  }

  @Test("least squares: the residual stands at a right angle to all columns, also with lost rank", arguments: shapes)
  func leastSquares(rows: Int, columns: Int) throws {
    var a = randomMatrix(rows, columns, seed: 10)
    if columns > 2 { for row in 0..<rows { a[row, 2] = a[row, 0] - a[row, 1] } }
    let b = randomMatrix(rows, 2, seed: 11)
    let (x, rank) = try a.leastSquares(b)
    #expect(a.transposedTimes(a * x - b).frobeniusNorm <= Self.tolerance(rows + columns))
    #expect(distance(x, try SingularValues(a).pseudoInverse * b) <= Self.tolerance(rows + columns))
    #expect(rank == (try SingularValues(a).rank))
  }

  @Test("functions of matrices undo each other", arguments: [1, 2, 5, 12])
  func functions(count: Int) throws {
    let a = randomDefinite(count, seed: 12)
    let eigen = try SymmetricEigen(a)
    let root = try eigen.squareRoot()
    let size = a.frobeniusNorm
    #expect(distance(root * root, a) <= 1e-13 * size * Double(count))
    #expect(distance(try eigen.logarithm().exponential(), a) <= 1e-12 * size * Double(count))
    let skew = randomMatrix(count, count, seed: 13)
    let rotation = try (20 * (skew - skew.transposed)).exponential()
    #expect(distance(rotation.transposedTimes(rotation), .identity(count)) <= 1e-10)
  }

  @Test("the exponential of a nilpotent matrix is its short series")
  func exponential() throws {
    let a = Dense([[0, 1, 2], [0, 0, 3], [0, 0, 0]])
    #expect(distance(try a.exponential(), Dense([[1, 1, 3.5], [0, 1, 3], [0, 0, 1]])) <= 1e-14)
  }

  static let refusals: [RefusedCall] = [
    RefusedCall("LinearSystem: the matrix must be square, got 1 × 2") { _ = try LinearSystem(Dense([[1, 2]])) },
    RefusedCall("LinearSystem: the matrix is singular (zero pivot in row 1)") {
      _ = try LinearSystem(Dense([[1, 2], [2, 4]]))
    },
    RefusedCall("LinearSystem: the entry in row 1, column 0 is not finite") {
      _ = try LinearSystem(Dense([[1, 2], [.nan, 4]]))
    },
    RefusedCall(
      "Cholesky: the matrix is not positive definite (at order 2); "
        + "add to its diagonal or use another factorization"
    ) { _ = try Cholesky(Dense([[1, 2], [2, 1]])) },
    RefusedCall("SymmetricEigen: the entry in row 0, column 0 is not finite") {
      _ = try SymmetricEigen(Dense([[.infinity]]))
    },
    RefusedCall("SparseMatrix: row of an entry must be in 0..<2, got 2.0") {
      _ = try SparseMatrix<Double>(rows: 2, columns: 2, entries: [.init(2, 0, 1)])
    },
    RefusedCall("ConjugateGradients: right must have 1 values, got 2") {
      _ = try ConjugateGradients().solve(SparseMatrix(Dense.identity(1)), [1, 2])
    },
    RefusedCall("Sinkhorn: regularization must be positive, got 0.0") {
      _ = try Sinkhorn(regularization: 0).solve(Dense.identity(2))
    },
    RefusedCall("Assignment.solve: the entry in row 0, column 1 is not finite") {
      _ = try Assignment.solve(Dense([[1, .nan]]))
    },
  ]

  @Test("bad matrices get one clear error", arguments: refusals)
  func refused(_ refused: RefusedCall) {
    let error = #expect(throws: SolverError.self) { try refused.call() }
    #expect(error?.description == refused.message)
  }

  @Test("a matrix that is singular to rounding is refused with its condition")
  func nearlySingular() {
    let hilbert = Dense(rows: 14, columns: 14) { 1 / Double($0 + $1 + 1) }
    let error = #expect(throws: SolverError.self) { try LinearSystem(hilbert) }
    guard case .nearlySingular(_, let condition) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(condition < 1e-16)
  }
}
