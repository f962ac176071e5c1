import Foundation
import Layers
import Tensors
import Testing

/// Functions without parameters against PyTorch.
@Suite("Functions of layers")
struct FunctionParityTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let run: @Sendable (Tensor<Float>) -> Tensor<Float>
    var testDescription: String { name }

    init(_ name: String, _ run: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>) {
      (self.name, self.run) = (name, run)
    }
  }

  static let cases: [Case] = [
    Case("maxpool") { $0.maxPooled(2, axes: [2, 3]) },
    Case("maxpool-stride") { $0.maxPooled(3, stride: 2, axes: [-2, -1]) },
    Case("avgpool") { $0.averagePooled(2, axes: [2, 3]) },
    Case("avgpool-stride") { $0.averagePooled(3, stride: 2, axes: [2, 3]) },
    Case("avgpool-1d") { $0.averagePooled(4, stride: 3, axes: [2]) },
    Case("nearest") { $0.upsampledNearest(3, axes: [2, 3]) },
    Case("bilinear") { $0.resizedBilinear(height: 9, width: 4) },
    Case("bilinear-corners") { $0.resizedBilinear(height: 10, width: 14, alignsCorners: true) },
    Case("rotary") { PositionalEncoding.rotary($0, first: 3) },
    Case("attention-causal") {
      let parts = $0.split(into: 3, axis: -1)
      return Attention.softmax(parts[0], parts[1], parts[2], isCausal: true)
    },
    Case("attention-linear") {
      let parts = ($0.relu() + 0.1).split(into: 3, axis: -1)
      return Attention.linear(parts[0], parts[1], parts[2], isNormalized: true)
    },
    Case("attention-decaying") {
      let parts = $0.split(into: 3, axis: -1)
      return Attention.decaying(parts[0], parts[1], parts[2], decay: [0.9, 0.5], block: 4).output
    },
  ]

  @Test("values and gradients are PyTorch's", arguments: cases)
  func parity(item: Case) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let path = folder.appendingPathComponent("Fixtures/layers/function-\(item.name).safetensors").path
    let file = try SafetensorsFile(path: path)
    let x = try file.floats("input")
    let output = item.run(x)
    let weights = LayerTableTests.weights(output.shape)
    let slope = gradient(at: x) { item.run($0) * weights }
    // Sums of tens of single-precision products in another order.
    #expect(output.isClose(to: try file.floats("output"), relative: 2e-5, absolute: 2e-5))
    #expect(slope.isClose(to: try file.floats("gradient.input"), relative: 2e-5, absolute: 2e-5))
  }

  @Test("decaying attention in blocks, in parts, and step by step carries one state")
  func carrying() {
    var random = RandomStream(seed: 4)
    let (q, k, v) = (random.normal([2, 3, 21, 5]), random.normal([2, 3, 21, 5]), random.normal([2, 3, 21, 4]))
    let decay: [Float] = [1, 0.9, 0.6]
    let whole = Attention.decaying(q, k, v, decay: decay, block: 64)
    for length in [1, 4, 7] {
      var state: Tensor<Float>?
      var parts: [Tensor<Float>] = []
      for start in stride(from: 0, to: 21, by: length) {
        let range = start..<min(21, start + length)
        let step = Attention.decaying(
          q.sliced(range, axis: 2),
          k.sliced(range, axis: 2),
          v.sliced(range, axis: 2),
          decay: decay,
          block: 3,
          state: state
        )
        state = step.state
        parts.append(step.output)
      }
      #expect(Tensor.concatenated(parts, axis: 2).isClose(to: whole.output, relative: 1e-4, absolute: 1e-4))
      #expect(state?.isClose(to: whole.state, relative: 1e-4, absolute: 1e-4) == true)
    }
  }
}
