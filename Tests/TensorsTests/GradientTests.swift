import Tensors
import TestSupport
import Testing

@Suite("Gradients")
struct GradientTests {
  /// Central differences with a step of 1e-5 lose about 1e-10 to rounding and 1e-10 to the third derivative.
  static let tolerance = 1e-7

  static func draw(_ shape: [Int], in range: ClosedRange<Double>, _ generator: inout SplitMix) -> Tensor<Double> {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { _ in range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform() }
    return Tensor(values, shape: shape)
  }

  @Test("every operation's gradient agrees with central differences", arguments: OperationCase.all)
  func table(operation: OperationCase) {
    var generator = SplitMix(seed: 7)
    let inputs = operation.shapes.map { Self.draw($0, in: operation.range, &generator) }
    let error = GradientCheck.largestError(at: inputs, in: operation.run)
    #expect(error < Self.tolerance)
  }

  @Test("a value that depends on an input in several ways gathers all of them")
  func sharing() {
    let slope = gradient(at: Tensor<Double>([1, 2, 3])) { x in
      let y = x * x
      let cube = y * x
      return y + cube + stopGradient(y) * x
    }
    #expect(slope.values == [6, 20, 42])
  }

  @Test("an input that the value does not depend on has a gradient of zeros")
  func independence() {
    let (_, slopes) = valueWithGradient(at: [Tensor<Float>([1, 2]), Tensor<Float>([3])]) { $0[0].sum() }
    #expect(slopes[0].values == [1, 1])
    #expect(slopes[1].values == [0])
  }

  @Test("without recording nothing is followed")
  func pausing() {
    let slope = gradient(at: Tensor<Float>([2])) { x in x * noGradient { x * x } }
    #expect(slope.values == [4])
  }

  @Test("a checkpointed segment gives the same gradients, captured tensors included")
  func checkpoint() {
    var generator = SplitMix(seed: 3)
    let x = Self.draw([4, 3], in: -1...1, &generator)
    let w = Self.draw([3, 3], in: -1...1, &generator)
    func run(_ wraps: Bool) -> [Tensor<Double>] {
      valueWithGradient(at: [x, w]) { inputs in
        let w = inputs[1]
        let body: ([Tensor<Double>]) -> Tensor<Double> = { $0[0].matmul(w).tanh().matmul(w) }
        let first = wraps ? checkpointed([inputs[0]], body) : body([inputs[0]])
        return (wraps ? checkpointed([first], body) : body([first])).squared().sum()
      }.gradients
    }
    #expect(run(true) == run(false))
  }

  @Test("the first value that is not finite is named with its operation and step")
  func localisation() throws {
    let forward = try #require(throws: NonFiniteValue.self) {
      try checkingFinite(step: 12) { gradient(at: Tensor<Float>([0, 1])) { ($0 * 2).log().exp() } }
    }
    #expect(forward.operation == "log")
    #expect(forward.step == 12)
    #expect(
      "\(forward)" == "step 12: log (operation 1 of the tape): the result, shape [2], is not finite"
    )
    let backward = try #require(throws: NonFiniteValue.self) {
      try checkingFinite { gradient(at: Tensor<Float>([0, 1])) { ($0 * 3).sqrt() * 2 } }
    }
    #expect(backward.phase == .backward)
    #expect(backward.operation == "*")
  }

  @Test("gradients of gradients are refused in words")
  func nesting() async {
    await #expect(processExitsWith: .failure) {
      _ = gradient(at: Tensor<Float>([1])) { x in gradient(at: x) { $0 * x } }
    }
  }

  @Test("ten thousand steps keep memory flat")
  func flatMemory() async {
    // Alone: other tests hold tensors too.
    await #expect(processExitsWith: .success) {
      func step() {
        _ = gradient(at: Tensor<Float>(repeating: 0.5, shape: [32, 8])) {
          ($0.tanh() * $0).matmul($0, transposesRight: true)
        }
      }
      for _ in 0..<10 { step() }
      let before = TensorMemory.statistics.used
      for _ in 0..<10_000 { step() }
      precondition(TensorMemory.statistics.used <= before + 1 << 16)
    }
  }
}
