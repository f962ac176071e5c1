import TestSupport
import Tensors
import Testing

@Suite("Properties of linear operations")
struct LinearPropertyTests {
  /// 200 random shapes; the seed of a failing draw is in the message.
  static func draws(_ body: (inout SplitMix, _ seed: UInt64) -> Void) {
    for seed in 0..<UInt64(200) {
      var generator = SplitMix(seed: seed)
      body(&generator, seed)
    }
  }

  static func convolution(_ g: inout SplitMix) -> (x: Tensor<Double>, w: Tensor<Double>, options: ConvolutionOptions) {
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &g) }
    let axes = pick(1...3)
    let groups = pick(1...3)
    let options = ConvolutionOptions(
      axes: axes,
      stride: pick(1...3),
      padding: pick(0...2),
      dilation: pick(1...2),
      groups: groups
    )
    let kernel = (0..<axes).map { _ in pick(1...3) }
    let shape = [pick(1...2), groups * pick(1...4)]
    let lengths = (0..<axes).map { _ in pick(5...9) }
    let outputs = groups * pick(1...4)
    let x = GradientTests.draw(shape + lengths, in: -1...1, &g)
    return (x, GradientTests.draw([outputs, shape[1] / groups] + kernel, in: -1...1, &g), options)
  }

  @Test("convolutions of floats agree with those of doubles, gradients too")
  func precision() {
    Self.draws { generator, seed in
      let (x, w, options) = Self.convolution(&generator)
      let exact = valueWithGradient(at: [x, w]) { $0[0].convolved($0[1], options).squared() }
      let inputs: [Tensor<Float>] = [x.converted(), w.converted()]
      let single = valueWithGradient(at: inputs) { $0[0].convolved($0[1], options).squared() }
      // A hundred products of numbers below 1 in single precision.
      #expect(single.value.converted().isClose(to: exact.value, relative: 1e-4, absolute: 1e-4), "seed \(seed)")
      for (a, b) in zip(single.gradients, exact.gradients) {
        #expect(a.converted().isClose(to: b, relative: 1e-4, absolute: 1e-3), "seed \(seed)")
      }
    }
  }

  @Test("a linear operation and its gradient are adjoint: ⟨Ax, y⟩ = ⟨x, Aᵀy⟩")
  func adjoints() {
    Self.draws { generator, seed in
      let (x, w, options) = Self.convolution(&generator)
      let operations: [(Tensor<Double>) -> Tensor<Double>] = [
        { $0.convolved(w, options) },
        { $0.permuted(Array((0..<$0.rank).reversed())) },
        { $0.padded(before: 2, after: 1, axis: -1, mode: .circular) },
        { $0.cumulativeSum(axis: 1) },
        { $0.sliced(1..<4, axis: 2, step: 2) },
        { $0.indexSelected(Tensor([0, 4, 0, 2]), axis: 2) },
        { $0.flattened().reshaped([1, -1]).matmul($0.flattened().reshaped([-1, 1]).withoutGradient()) },
      ]
      for (place, operation) in operations.enumerated() {
        let image = operation(x)
        let y = GradientTests.draw(image.shape, in: -1...1, &generator)
        let back = gradient(at: x) { operation($0) * y }
        let (left, right) = (image.dotProduct(y), x.dotProduct(back))
        #expect(abs(left - right) <= 1e-10 * (1 + abs(left)), "operation \(place), seed \(seed)")
      }
    }
  }
}
