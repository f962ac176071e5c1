import HigherOrderAttention
import Layers
import TestSupport
import Tensors
import Testing

private let paper = "tensor-attention"

@Suite("Attention over pairs of keys")
struct KroneckerAttentionTests {
  /// Entries uniform within a bound.
  static func entries(_ rows: Int, _ columns: Int, _ bound: Double, _ random: inout RandomStream) -> Tensor<Double> {
    random.uniform([rows, columns], in: -bound..<bound, of: Double.self)
  }

  @Test(
    "streamed by queries equals the definition",
    arguments: [(16, 16, 16, 4, 3), (40, 7, 300, 3, 1), (1, 1, 1, 1, 1)]
  )
  func definition(_ sizes: (Int, Int, Int, Int, Int)) throws {
    var random = RandomStream(seed: 5)
    let (n, m1, m2, d, width) = sizes
    let q = Self.entries(n, d, 2, &random)
    let (k1, k2) = (Self.entries(m1, d, 2, &random), Self.entries(m2, d, 2, &random))
    let (v1, v2) = (Self.entries(m1, width, 1, &random), Self.entries(m2, width, 1, &random))
    let exact = try KroneckerAttention.exact(q, keys: (k1, k2), values: (v1, v2))
    let dense = try KroneckerAttention.dense(q, keys: [k1, k2], values: [v1, v2])
    #expect(mismatch(exact.values, dense.values, absolute: 1e-12) == nil)
  }

  @Test("order two is ordinary attention")
  func ordinary() throws {
    var random = RandomStream(seed: 6)
    let (q, k, v) = (Self.entries(9, 4, 3, &random), Self.entries(7, 4, 3, &random), Self.entries(7, 2, 1, &random))
    let got = try KroneckerAttention.dense(q, keys: [k], values: [v], scale: 0.5)
    let expected = (q.matmul(k, transposesRight: true) * 0.5).softmax().matmul(v)
    #expect(mismatch(got.values, expected.values, absolute: 1e-14) == nil)
  }

  @Test(
    "the polynomial method keeps the promise of its bound",
    arguments: ExponentialPolynomial.Kind.allCases,
    [1, 2, 3]
  )
  func bound(_ kind: ExponentialPolynomial.Kind, _ places: Int) throws {
    var random = RandomStream(seed: 7)
    let q = Self.entries(12, 3, 1, &random)
    let keys = (0..<places).map { _ in Self.entries(10, 3, 1, &random) }
    let values = (0..<places).map { _ in Self.entries(10, 2, 1, &random) }
    let dense = try KroneckerAttention.dense(q, keys: keys, values: values)
    var last = Double.infinity
    for degree in [2, 4, 6] {
      let polynomial = try ExponentialPolynomial(kind, degree: degree, bound: 1)
      let result = try PolynomialAttention(q, keys: keys, values: values, polynomial: polynomial)
      let error = (result.output - dense).abs().max().value
      #expect(error <= result.errorBound)
      #expect(error < last)
      #expect(result.warning == nil)
      #expect(result.monomials == [2: 10, 4: 35, 6: 84][degree])
      last = error
    }
  }

  @Test("a polynomial that loses its sign is told of, not hidden")
  func warning() throws {
    var random = RandomStream(seed: 8)
    let q = Tensor<Double>(repeating: -3, shape: [4, 2])
    let k = Tensor<Double>(repeating: 3, shape: [5, 2])
    let v = Self.entries(5, 1, 1, &random)
    let polynomial = try ExponentialPolynomial(degree: 1, bound: 27)
    let result = try PolynomialAttention(q, keys: [k, k], values: [v, v], polynomial: polynomial)
    #expect(result.smallestDenominator < 0)
    #expect(result.warning?.contains("not positive") == true)
  }

  @Test("gradients agree with differences")
  func gradients() throws {
    var random = RandomStream(seed: 9)
    let inputs = [(3, 2), (4, 2), (5, 2), (4, 3), (5, 3)].map { Self.entries($0.0, $0.1, 1, &random) }
    let weights = Self.entries(3, 3, 1, &random)
    let error = GradientCheck.largestError(at: inputs) { x in
      let result = try? KroneckerAttention.exact(x[0], keys: (x[1], x[2]), values: (x[3], x[4]))
      return (result ?? .zeros([3, 3])) * weights
    }
    #expect(error < 1e-7)
  }

  @Test("every committed fixture is read")
  func fixtures() { #expect(Parity.committedNames(paper).allSatisfy { $0.hasPrefix("ta_") }) }

  @Test("outputs, gradients and Taylor approximations of fixtures", arguments: Parity.cases(paper, prefix: "ta_"))
  func parity(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    func matrix(_ name: String) throws -> Tensor<Double> {
      Tensor(try data[name], shape: try #require(data.file[name]).shape)
    }
    let inputs = try ["q", "k1", "k2", "v1", "v2"].map(matrix)
    func scaled(_ got: Tensor<Double>, _ name: String, _ tolerance: Double) throws -> String? {
      let expected = try data[name]
      return mismatch(got.values, expected, absolute: tolerance * (expected.map(abs).max() ?? 1))
    }
    let out = try KroneckerAttention.exact(inputs[0], keys: (inputs[1], inputs[2]), values: (inputs[3], inputs[4]))
    #expect(try scaled(out, "out", 1e-11) == nil)
    let upstream = try matrix("dout")
    let gradients = try valueWithGradient(at: inputs) { x in
      try KroneckerAttention.exact(x[0], keys: (x[1], x[2]), values: (x[3], x[4])) * upstream
    }.gradients
    for (name, gradient) in zip(["dq", "dk1", "dk2", "dv1", "dv2"], gradients) {
      #expect(try scaled(gradient, name, 1e-11) == nil, "\(name)")
    }
    let floats = inputs.map { $0.converted(to: Float.self) }
    let single = try KroneckerAttention.exact(floats[0], keys: (floats[1], floats[2]), values: (floats[3], floats[4]))
    #expect(try scaled(single.converted(to: Double.self), "out", 1e-5) == nil)
    for name in data.names where name.hasPrefix("taylor") {
      let degree = try #require(Int(name.dropFirst("taylor".count)))
      let polynomial = try ExponentialPolynomial(degree: degree, bound: 1)
      let result = try PolynomialAttention(
        inputs[0],
        keys: [inputs[1], inputs[2]],
        values: [inputs[3], inputs[4]],
        polynomial: polynomial,
        checksBound: false
      )
      #expect(try scaled(result.output, name, 1e-11) == nil, "\(name)")
    }
  }
}

@Suite("Triples that sum to zero")
struct TripleDetectionTests {
  @Test("labels follow the definition")
  func labels() {
    let task = TripleDetection(modulus: 11, frequencies: 3)
    let tokens = [1, 4, 6, 9, 0]
    let expected = tokens.map { a in tokens.contains { b in tokens.contains { (a + b + $0) % 11 == 0 } } }
    #expect(task.labels(tokens) == expected)
  }

  @Test("explicit weights find every one of them once they are sharp")
  func weights() throws {
    let task = TripleDetection(modulus: 101, frequencies: 16)
    var random = RandomStream(seed: 3)
    for _ in 0..<20 {
      let tokens = (0..<12).map { _ in random.integer(in: 0..<101) }
      #expect(try task.detect(tokens, sharpness: 4) == task.labels(tokens))
    }
  }

  @Test("the ordinary network has the calibrated number of parameters")
  func parameters() {
    var random = RandomStream(seed: 1)
    let model = OrdinaryDetector(inputSize: 32, random: &random)
    #expect(model.parameterCount == 18_085)
    let scores = model(Tensor(repeating: 0.5, shape: [2, 12, 32]))
    #expect(scores.shape == [2, 12])
  }
}

@Suite("What attention over pairs refuses")
struct KroneckerErrorTests {
  private static let a = Tensor<Double>(repeating: 1, shape: [3, 2])
  private static let b = Tensor<Double>(repeating: 1, shape: [4, 2])

  @Test("shapes, values, degrees and bounds, each by its words")
  func refusals() throws {
    let (a, b) = (Self.a, Self.b)
    func text(_ body: () throws -> some Any) -> String {
      do {
        _ = try body()
        return "nothing was refused"
      } catch { return "\(error)" }
    }
    #expect(
      text { try KroneckerAttention.exact(a, keys: (a, b), values: (a, a)) }
        == "v2 must have 4 rows like its keys, got 3"
    )
    let wide = Tensor<Double>(repeating: 1, shape: [3, 5])
    #expect(
      text { try KroneckerAttention.exact(a, keys: (a, wide), values: (a, a)) } == "k2 must have 2 columns, got 5"
    )
    let none = Tensor<Double>([], shape: [0, 2])
    #expect(
      text { try KroneckerAttention.exact(a, keys: (none, a), values: (none, a)) }
        == "k1 must be a matrix with rows and columns, got shape [0, 2]"
    )
    let bad = Tensor<Double>([1, 1, 1, .nan, 1, 1], shape: [3, 2])
    #expect(
      text { try KroneckerAttention.exact(bad, keys: (a, a), values: (a, a)) }
        == "q is not finite at row 1, column 1; remove or mend the value"
    )
    #expect(
      text { try KroneckerAttention.dense(a, keys: [], values: []) }
        == "attention needs at least one key matrix and as many value matrices, got 0 and 0"
    )
    #expect(
      text { try ExponentialPolynomial(degree: -1, bound: 1) }
        == "the degree of a polynomial must not be negative, got -1"
    )
    #expect(
      text { try ExponentialPolynomial(degree: 2, bound: 0) }
        == "the bound of the logits must be positive and finite, got 0.0"
    )
    let small = try ExponentialPolynomial(degree: 2, bound: 0.5)
    #expect(
      text { try PolynomialAttention(a, keys: [a, a], values: [a, a], polynomial: small) }
        == "logits can reach 1.0, but the polynomial was made for 0.5; make it for the larger bound"
    )
    let tall = Tensor<Double>(repeating: 0.1, shape: [3, 16])
    let six = try ExponentialPolynomial(degree: 6, bound: 1)
    #expect(
      text { try PolynomialAttention(tall, keys: [tall, tall], values: [a, a], polynomial: six) }
        == "16 coordinates and degree 6 need 74613 monomials, more than 32768; lower the degree"
    )
  }
}
