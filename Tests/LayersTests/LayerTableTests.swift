import Foundation
import Layers
import TestSupport
import Tensors
import Testing

/// What every layer must do.
@Suite("Layers")
struct LayerTableTests {
  /// Weights of the sum that is differentiated, as the fixtures have them.
  static func weights(_ shape: [Int]) -> Tensor<Float> {
    Tensor((0..<shape.reduce(1, *)).map { cos(Float($0)) }, shape: shape)
  }

  @Test("names, outputs and gradients are PyTorch's", arguments: AnyLayerCase.all.filter { $0.fixture != nil })
  func parity(layer: AnyLayerCase) throws { try layer.run(ParityCheck(fixture: layer.fixture ?? "")) }

  @Test("every stored tensor is shown to visitors", arguments: AnyLayerCase.all)
  func visiting(layer: AnyLayerCase) throws { try layer.run(VisitCheck()) }

  @Test("what is saved is loaded by name, and a wrong shape is refused", arguments: AnyLayerCase.all)
  func files(layer: AnyLayerCase) throws { try layer.run(FileCheck()) }

  @Test("a step along the gradient changes the output as the gradient says", arguments: AnyLayerCase.all)
  func slopes(layer: AnyLayerCase) throws { try layer.run(SlopeCheck()) }
}

private struct ParityCheck: LayerCheck {
  let fixture: String
  /// Sums of tens of single-precision products in another order.
  let tolerance = 2e-5

  func check<Layer: Module>(_ layer: LayerCase<Layer>) throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/layers/\(fixture).safetensors").path
    let file = try SafetensorsFile(path: path)
    var random = RandomStream(seed: 1)
    var model = layer.make(&random)
    // The fixture holds running moments from after the batch; their start is the layer's own.
    let start = model.namedTensors.filter { !$0.isLearned }
    try model.load(file, prefix: "model.")
    let moved = model.namedTensors.filter { !$0.isLearned }
    model.updateParameters(includingState: true) { name, tensor in start.first { $0.name == name }?.tensor ?? tensor }
    let x = try file.floats("input")
    #expect(x.shape == layer.shape)
    var output = Tensor<Float>(0)
    let slopeOfInput = gradient(at: x) { x in
      var copy = model
      return layer.call(&copy, x) * LayerTableTests.weights(try! file.floats("output").shape)
    }
    let (_, slopes) = valueWithGradient(at: &model) { model in
      output = layer.call(&model, x)
      let weighted = output * LayerTableTests.weights(output.shape)
      return weighted.sum()
    }
    compare("output", output, try file.floats("output"))
    compare("input", slopeOfInput, try file.floats("gradient.input"))
    for (parameter, slope) in zip(model.namedTensors.filter(\.isLearned), slopes.tensors) {
      compare(parameter.name, try #require(slope), try file.floats("gradient." + parameter.name))
    }
    for (expected, got) in zip(moved, model.namedTensors.filter { !$0.isLearned }) {
      compare(got.name, got.tensor, expected.tensor)
    }
  }

  private func compare(_ name: String, _ got: Tensor<Float>, _ expected: Tensor<Float>) {
    #expect(got.shape == expected.shape, "\(name)")
    let problem = mismatch(
      got.values.map(Double.init),
      expected.values.map(Double.init),
      relative: tolerance,
      absolute: tolerance
    )
    #expect(problem == nil, "\(name): \(problem ?? "")")
  }
}

private struct VisitCheck: LayerCheck {
  func check<Layer: Module>(_ layer: LayerCase<Layer>) throws {
    var random = RandomStream(seed: 1)
    let model = layer.make(&random)
    let named = model.namedTensors
    #expect(named.count == storedTensors(model))
    #expect(Set(named.map(\.name)).count == named.count)
    #expect(model.summary.hasSuffix("total  \(model.parameterCount)"))
  }

  private func storedTensors(_ value: Any) -> Int {
    if value is Tensor<Float> { return 1 }
    return Mirror(reflecting: value).children.reduce(0) { $0 + storedTensors($1.value) }
  }
}

private struct FileCheck: LayerCheck {
  func check<Layer: Module>(_ layer: LayerCase<Layer>) throws {
    var random = RandomStream(seed: 1)
    let model = layer.make(&random)
    var other = layer.make(&random)
    other.updateParameters(includingState: true) { $1 + 1 }
    let file = try SafetensorsFile(model.safetensors().encoded())
    try other.load(file)
    #expect(other.namedTensors == model.namedTensors)
    guard let first = file.entries.first else { return }
    var wrong = SafetensorsFile()
    wrong.append(first.name, Tensor<Float>(repeating: 0, shape: first.shape + [2]))
    let error = #expect(throws: WeightError.self) { try other.load(wrong, isPartial: true) }
    #expect(
      error?.description == "weights: '\(first.name)' must have shape \(first.shape), the file has \(first.shape + [2])"
    )
    #expect(throws: SafetensorsError.self) { try other.load(SafetensorsFile()) }
    #expect(other.namedTensors == model.namedTensors)
  }
}

private struct SlopeCheck: LayerCheck {
  func check<Layer: Module>(_ layer: LayerCase<Layer>) throws {
    var random = RandomStream(seed: 6)
    var model = layer.make(&random)
    let x = random.normal(layer.shape)
    func value(_ model: inout Layer) -> Tensor<Float> {
      let y = layer.call(&model, x)
      return (y * LayerTableTests.weights(y.shape)).sum()
    }
    let (_, slopes) = valueWithGradient(at: &model, in: value)
    let norm = slopes.norm
    // Central difference along the gradient itself: the change is the squared norm.
    let step: Float = 1e-2 / max(norm, 1e-3)
    func moved(_ sign: Float) -> Float {
      var copy = model
      var rest = slopes.tensors[...]
      copy.updateParameters { _, tensor in tensor + (rest.removeFirst() ?? .zeros(tensor.shape)) * (sign * step) }
      return value(&copy).value
    }
    let difference = (moved(1) - moved(-1)) / (2 * step)
    // Single precision of the two values over a step of 1e-2, and the third derivative.
    #expect(abs(difference - norm * norm) <= 5e-3 * max(norm * norm, norm, 1))
  }
}
