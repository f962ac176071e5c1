import TestSupport
import Tensors
import Testing

@Suite("Attention by blocks")
struct HeadAttentionTests {
  /// Sizes around tiles, chunks of 64 keys and blocks of 48 queries.
  struct Sizes: Sendable, CustomTestStringConvertible {
    let queries: Int
    let keys: Int
    let size: Int
    let valueSize: Int
    var testDescription: String { "\(queries) × \(keys), \(size) and \(valueSize) features" }
  }

  static let sizes = [
    Sizes(queries: 1, keys: 1, size: 1, valueSize: 1), Sizes(queries: 16, keys: 16, size: 16, valueSize: 16),
    Sizes(queries: 17, keys: 65, size: 5, valueSize: 33), Sizes(queries: 49, keys: 64, size: 32, valueSize: 16),
    Sizes(queries: 97, keys: 131, size: 24, valueSize: 40),
  ]

  /// Rounding of sums of a hundred products in double precision.
  static let rounding = 1e-11

  static func inputs(_ s: Sizes, keys: Int? = nil, heads: Int) -> [Tensor<Double>] {
    var g = SplitMix(seed: UInt64(s.queries + 1000 * heads))
    let count = keys ?? s.keys
    return [[2, heads, s.queries, s.size], [2, heads, count, s.size], [2, heads, count, s.valueSize]]
      .map { GradientTests.draw($0, in: -2...2, &g) }
  }

  /// The same, `[batch, positions, heads · size]`.
  static func sideBySide(_ x: Tensor<Double>) -> Tensor<Double> {
    x.permuted([0, 2, 1, 3]).reshaped([x.shape[0], x.shape[2], x.shape[1] * x.shape[3]])
  }

  /// Result and gradients of the sum of squares.
  static func everything(
    _ x: [Tensor<Double>],
    _ body: ([Tensor<Double>]) -> Tensor<Double>
  ) -> [Tensor<Double>] {
    [body(x)] + valueWithGradient(at: x) { body($0).squared().sum() }.gradients
  }

  static func softmax(_ x: [Tensor<Double>], isCausal: Bool) -> Tensor<Double> {
    var scores = x[0].matmul(x[1], transposesRight: true) * (1 / Double(x[0].shape[3]).squareRoot())
    if isCausal {
      let n = x[0].shape[2]
      scores = scores + Tensor((0..<n).flatMap { i in (0..<n).map { $0 <= i ? 0 : -1e300 } }, shape: [n, n])
    }
    return scores.softmax().matmul(x[2])
  }

  static func rectified(_ x: [Tensor<Double>]) -> Tensor<Double> {
    let (q, k) = (x[0].relu() + 1e-3, x[1].relu() + 1e-3)
    let share = 1 / Double(x[0].shape[2])
    let total = q.matmul(k.sum(-2, keepsAxes: true), transposesRight: true) * share + 1e-3
    return q.matmul(k.matmul(x[2], transposesLeft: true)) * share / total
  }

  static func expectEqual(_ found: [Tensor<Double>], _ expected: [Tensor<Double>], within tolerance: Double) {
    for (index, pair) in zip(found, expected).enumerated() {
      let largest = pair.1.abs().max().value
      let difference = (pair.0 - pair.1).abs().max().value
      #expect(difference <= tolerance * max(1, largest), "tensor \(index)")
    }
  }

  @Test("softmax attention by blocks equals products with all scores", arguments: sizes)
  func softmaxAttention(_ s: Sizes) {
    let x = Self.inputs(s, heads: 3)
    let found = Self.everything(x) { .softmaxAttention($0[0], $0[1], $0[2]) }
    Self.expectEqual(found, Self.everything(x) { Self.softmax($0, isCausal: false) }, within: Self.rounding)
  }

  @Test("causal attention by blocks equals products with a mask", arguments: sizes)
  func causalAttention(_ s: Sizes) {
    let x = Self.inputs(s, keys: s.queries, heads: 2)
    let found = Self.everything(x) { .softmaxAttention($0[0], $0[1], $0[2], isCausal: true) }
    Self.expectEqual(found, Self.everything(x) { Self.softmax($0, isCausal: true) }, within: Self.rounding)
  }

  @Test("rectified attention by blocks equals its formula", arguments: sizes)
  func rectifiedAttention(_ s: Sizes) {
    let x = Self.inputs(s, keys: s.queries, heads: 2)
    let found = Self.everything(x) { .rectifiedAttention($0[0], $0[1], $0[2], epsilon: 1e-3) }
    // Gradients are divided by small denominators once more.
    Self.expectEqual(found, Self.everything(x) { Self.rectified($0) }, within: 1e2 * Self.rounding)
  }

  @Test("heads side by side give what heads on their own give", arguments: sizes)
  func sideBySideHeads(_ s: Sizes) {
    let x = Self.inputs(s, keys: s.queries, heads: 3)
    let own = Self.everything(x) { .softmaxAttention($0[0], $0[1], $0[2]) }
    let wide = Self.everything(x.map(Self.sideBySide)) { .softmaxAttention($0[0], $0[1], $0[2], heads: 3) }
    Self.expectEqual(wide, own.map(Self.sideBySide), within: Self.rounding)
    let linear = Self.everything(x) { .rectifiedAttention($0[0], $0[1], $0[2]) }
    let wideLinear = Self.everything(x.map(Self.sideBySide)) { .rectifiedAttention($0[0], $0[1], $0[2], heads: 3) }
    Self.expectEqual(wideLinear, linear.map(Self.sideBySide), within: 1e2 * Self.rounding)
  }

  @Test("floats agree with doubles, also where scores are large")
  func precision() {
    let x = Self.inputs(Self.sizes[4], heads: 2).map { $0 * 8 }
    let exact = Tensor.softmaxAttention(x[0], x[1], x[2])
    let floats: [Tensor<Float>] = x.map { $0.converted() }
    let found = Tensor.softmaxAttention(floats[0], floats[1], floats[2])
    // Scores of up to 300 have errors of 3e-5 in single precision, and values are up to 16.
    #expect(found.converted().isClose(to: exact, relative: 1e-3, absolute: 1e-3))
  }
}
