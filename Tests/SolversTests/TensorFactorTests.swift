import Solvers
import TestSupport
import Tensors
import Testing

/// Factorizations of batches of matrices, with their gradients.
@Suite("Linear algebra of tensors")
struct TensorFactorTests {
  typealias Values = Tensor<Double>

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shapes: [[Int]]
    let run: @Sendable ([Values]) throws -> Values
  }

  private static func definite(_ x: Values) -> Values {
    x.matmul(x, transposesRight: true) + Values.identity(x.shape[x.rank - 2])
  }

  private static func regular(_ x: Values) -> Values { x * 0.3 + Values.identity(x.shape[x.rank - 1]) * 2 }

  /// Rows and columns of different weights, so that eigenvalues and singular values are well apart.
  private static func spread(_ x: Values) -> Values {
    let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    return x * 0.2
      + Values(
        (0..<rows * columns).map { $0 / columns == $0 % columns ? 1 + Double($0 % columns) : 0 },
        shape: [rows, columns]
      )
  }

  static let cases: [Case] = [
    Case(testDescription: "solved", shapes: [[2, 3, 4, 4], [2, 3, 4, 2]]) { try regular($0[0]).solved($0[1]) },
    Case(testDescription: "solved, one unknown", shapes: [[1, 1], [1, 1]]) { try regular($0[0]).solved($0[1]) },
    Case(testDescription: "inverted", shapes: [[3, 3, 3]]) { try regular($0[0]).inverted() },
    Case(testDescription: "logDeterminant", shapes: [[2, 2, 5, 5]]) { try regular($0[0]).logDeterminant() },
    Case(testDescription: "choleskyFactor", shapes: [[3, 4, 4]]) { try definite($0[0]).choleskyFactor() },
    Case(testDescription: "definiteLogDeterminant", shapes: [[3, 4, 6]]) {
      try definite($0[0]).definiteLogDeterminant()
    },
    Case(testDescription: "matrixExponential", shapes: [[2, 3, 3]]) { try $0[0].matrixExponential() },
    Case(testDescription: "symmetricEigen, values", shapes: [[3, 4, 4]]) {
      let a = spread($0[0])
      return try (a + a.transposed()).symmetricEigen().values
    },
    Case(testDescription: "symmetricEigen, a function of the matrix", shapes: [[2, 4, 4]]) {
      let a = spread($0[0])
      let (values, vectors) = try (a + a.transposed()).symmetricEigen()
      return (vectors * values.squared().expanded(at: -2)).matmul(vectors, transposesRight: true)
    },
    Case(testDescription: "singularValues, values", shapes: [[2, 3, 4]]) { try spread($0[0]).singularValues().values },
    Case(testDescription: "singularValues, a polar factor", shapes: [[2, 4, 3]]) {
      let (u, values, vt) = try spread($0[0]).singularValues()
      return u.matmul(vt) + (u * values.squared().expanded(at: -2)).matmul(vt)
    },
    Case(testDescription: "orthogonalFactors, q", shapes: [[2, 5, 3]]) { try spread($0[0]).orthogonalFactors().q },
    Case(testDescription: "orthogonalFactors, r", shapes: [[2, 4, 4]]) { try spread($0[0]).orthogonalFactors().r },
    Case(testDescription: "orthogonalFactors, both", shapes: [[5, 3]]) {
      let (q, r) = try spread($0[0]).orthogonalFactors()
      return q.matmul(r.squared())
    },
    Case(testDescription: "householderProduct", shapes: [[3, 2, 4]]) { $0[0].householderProduct() },
  ]

  static func draw(_ shape: [Int], _ random: inout SplitMix) -> Values {
    Values((0..<shape.reduce(1, *)).map { _ in random.roughlyNormal() }, shape: shape)
  }

  @Test("gradients agree with central differences", arguments: cases)
  func gradients(item: Case) {
    var random = SplitMix(seed: 21)
    let inputs = item.shapes.map { Self.draw($0, &random) }
    // Step 1e-5: rounding of factorizations over it, and the third derivative.
    let error = GradientCheck.largestError(at: inputs) { try! item.run($0) }
    #expect(error < 1e-6)
  }

  @Test("factors multiply to the matrices, in single precision too")
  func products() throws {
    var random = SplitMix(seed: 5)
    for seed in 0..<50 {
      let n = Int.random(in: 1...9, using: &random)
      let m = n + Int.random(in: 0...4, using: &random)
      let a: Tensor<Float> = Self.draw([3, 2, m, n], &random).converted()
      let (q, r) = try a.orthogonalFactors()
      let (u, s, vt) = try a.singularValues()
      let gram = a.matmul(a, transposesLeft: true) + .identity(n)
      let factor = try gram.choleskyFactor()
      let (values, vectors) = try gram.symmetricEigen()
      let inverse = try gram.inverted()
      let products: [(Tensor<Float>, Tensor<Float>)] = [
        (q.matmul(r), a), ((u * s.expanded(at: -2)).matmul(vt), a),
        (q.matmul(q, transposesLeft: true), Tensor<Float>.identity(n).broadcast(to: [3, 2, n, n])),
        (factor.matmul(factor, transposesRight: true), gram),
        ((vectors * values.expanded(at: -2)).matmul(vectors, transposesRight: true), gram),
        (inverse.matmul(gram), Tensor<Float>.identity(n).broadcast(to: [3, 2, n, n])),
      ]
      for (index, (got, expected)) in products.enumerated() {
        // Single precision of sums of at most 13 products, times conditions up to a hundred.
        #expect(got.isClose(to: expected, relative: 1e-4, absolute: 2e-4), "product \(index), draw \(seed)")
      }
    }
  }

  @Test("a product of reflections is orthogonal; rows of zeros reflect nothing")
  func reflections() {
    var random = SplitMix(seed: 9)
    let q = Self.draw([4, 3, 5], &random).householderProduct()
    let one = Values.identity(5).broadcast(to: [4, 5, 5])
    #expect(q.matmul(q, transposesRight: true).isClose(to: one, relative: 0, absolute: 1e-11))
    #expect(Values.zeros([2, 3]).householderProduct() == Values.identity(3))
  }

  @Test("a matrix that cannot be factored is refused with its reason")
  func refusals() {
    let bad = Values([1, 0, 0, 1, 1, 2, 2, 1], shape: [2, 2, 2])
    let error = #expect(throws: SolverError.self) { try bad.choleskyFactor() }
    #expect(
      error?.description
        == "Cholesky: the matrix is not positive definite (at order 2); add to its diagonal or use another factorization"
    )
    #expect(throws: SolverError.singular(function: "LinearSystem", row: 0)) { try Values.zeros([1, 2, 2]).inverted() }
    #expect(throws: SolverError.singular(function: "QRFactors", row: 0)) {
      try Values.zeros([2, 2]).orthogonalFactors()
    }
    #expect(throws: SolverError.notFiniteEntry(function: "SymmetricEigen", row: 0, column: 1)) {
      try Values([1, .nan, 0, 1], shape: [2, 2]).symmetricEigen()
    }
  }

  @Test("batches without matrices and matrices without entries pass through")
  func emptiness() throws {
    #expect(try Values.zeros([0, 3, 3]).inverted().shape == [0, 3, 3])
    #expect(try Values.zeros([2, 0, 0]).logDeterminant() == Values.zeros([2]))
  }
}
