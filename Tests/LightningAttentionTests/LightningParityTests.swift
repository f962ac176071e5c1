import Layers
import LightningAttention
import Tensors
import TestSupport
import Testing

private let paper = "lightning-attention"

/// Whether values are a tensor's, relative to the largest expected one.
private func differ(_ got: Tensor<some TensorScalar>, _ expected: [Double], within tolerance: Double) -> String? {
  mismatch(got.values.map(\.asDouble), expected, ofLargest: tolerance)
}

@Suite("Parity of lightning attention")
struct LightningParityTests {
  /// The fixtures' README: rounding of double and of float sums of a few hundred terms.
  static let doubleTolerance = 1e-12
  static let floatTolerance = 2e-5
  static let attentions = Parity.cases(paper, prefix: "la_")
  static let layers = Parity.cases(paper, prefix: "tnl_")
  /// One row, tiles, a block that does not divide the rows, and all rows.
  static let blocks = [1, 16, 64, 100, 1000]

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let names = Parity.committedNames(paper)
    #expect(names.count == 6)
    for name in names { #expect(name.hasPrefix("la_") || name.hasPrefix("tnl_"), "\(name)") }
  }

  private func check<Scalar: TensorScalar>(
    _ file: SafetensorsFile,
    _ algorithm: Lightning.Algorithm,
    _ type: Scalar.Type,
    within tolerance: Double
  ) throws {
    func tensor(_ name: String) throws -> Tensor<Scalar> {
      Tensor(try file.doubles(name).map { Scalar($0) }, shape: try #require(file[name]).shape)
    }
    let slopes = try file.doubles("slope")
    let upstream = try tensor("dout")
    let inputs = [try tensor("q"), try tensor("k"), try tensor("v")]
    let out = try Lightning.attend(inputs[0], inputs[1], inputs[2], slopes: slopes, by: algorithm)
    let gradients = try valueWithGradient(at: inputs) {
      try Lightning.attend($0[0], $0[1], $0[2], slopes: slopes, by: algorithm) * upstream
    }.gradients
    #expect(differ(out, try file.doubles("out"), within: tolerance) == nil)
    for (gradient, name) in zip(gradients, ["dq", "dk", "dv"]) {
      #expect(differ(gradient, try file.doubles(name), within: tolerance) == nil, "\(name)")
    }
  }

  @Test("outputs and gradients equal PyTorch's in double precision", arguments: attentions, blocks)
  func doubles(_ fixture: ParityCase, _ block: Int) throws {
    try check(fixture.load().file, .tiled(block: block), Double.self, within: Self.doubleTolerance)
  }

  @Test("outputs and gradients equal PyTorch's in single precision", arguments: attentions, blocks)
  func floats(_ fixture: ParityCase, _ block: Int) throws {
    try check(fixture.load().file, .tiled(block: block), Float.self, within: Self.floatTolerance)
  }

  @Test("the oracle equals PyTorch's", arguments: attentions)
  func oracle(_ fixture: ParityCase) throws {
    try check(fixture.load().file, .naive, Double.self, within: Self.doubleTolerance)
  }

  @Test("step by step, outputs and the last state equal PyTorch's", arguments: attentions)
  func decoding(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    func tensor(_ name: String) throws -> Tensor<Double> {
      Tensor(try file.doubles(name), shape: try #require(file[name]).shape)
    }
    let (q, k, v) = (try tensor("q"), try tensor("k"), try tensor("v"))
    let slopes = try file.doubles("slope")
    var state = Tensor<Double>.zeros(try #require(file["state"]).shape)
    let outputs = try (0..<q.shape[2]).map { t in
      try Lightning.attend(
        q.sliced(t..<t + 1, axis: 2),
        k.sliced(t..<t + 1, axis: 2),
        v.sliced(t..<t + 1, axis: 2),
        slopes: slopes,
        state: &state
      )
    }
    #expect(differ(.concatenated(outputs, axis: 2), try file.doubles("out"), within: Self.doubleTolerance) == nil)
    #expect(differ(state, try file.doubles("state"), within: Self.doubleTolerance) == nil)
  }

  @Test("a layer's output and all its gradients equal PyTorch's", arguments: layers)
  func layer(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let x = try file.floats("x")
    let slopes = try file.doubles("slope")
    let shape = try TransNormerConfiguration(
      layers: 1,
      width: x.shape[2],
      heads: slopes.count,
      gatedWidth: try file.floats("w.l1").shape[0],
      vocabulary: 1
    )
    var random = RandomStream(seed: 1)
    var layer = try TransNormerLayer(
      shape,
      slopes: slopes,
      turnsPositions: file["w.theta"] != nil,
      by: .tiled(block: 16),
      random: &random
    )
    func fixtureName(_ name: String) -> String {
      let parts = name.split(separator: ".")
      return String(parts.last == "weight" ? parts[parts.count - 2] : parts[parts.count - 1])
    }
    let names = layer.namedTensors.map { fixtureName($0.name) }
    let weights = try names.map { try file.floats("w." + $0) }
    let upstream = try file.floats("dy")
    let (y, gradients) = try withGradient(of: Float.self) { tape in
      let watched = ([x] + weights).map(tape.watch)
      var index = 0
      layer.updateParameters { _, _ in
        index += 1
        return watched[index]
      }
      let y = try layer(watched[0])
      return (y.withoutGradient(), tape.gradients(of: y * upstream, at: watched))
    }
    #expect(differ(y, try file.doubles("y"), within: Self.floatTolerance) == nil)
    for (gradient, name) in zip(gradients, ["dx"] + names.map { "dw." + $0 }) {
      #expect(differ(gradient, try file.doubles(name), within: Self.floatTolerance) == nil, "\(name)")
    }
  }
}
