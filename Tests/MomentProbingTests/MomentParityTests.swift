import Layers
import MomentProbing
import Tensors
import TestSupport
import Testing

private let paper = "moment-probing"

/// Whether values are the expected ones, relative to the largest of them.
private func differ(_ got: Tensor<some TensorScalar>, _ expected: [Double], within tolerance: Double) -> String? {
  mismatch(got.values.map(\.asDouble), expected, ofLargest: tolerance)
}

@Suite("Parity of moment probing")
struct MomentParityTests {
  /// The fixtures' README.
  static let doubleTolerance = 1e-10
  static let floatTolerance = 5e-5
  static let heads = Parity.cases(paper, prefix: "mp_vit")
  static let recalibrations = Parity.cases(paper, prefix: "psrp")
  static let moments = Parity.cases(paper, prefix: "crosscov")

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let names = Parity.committedNames(paper)
    #expect(names.count == 4)
    for name in names { #expect(["mp_vit", "psrp", "crosscov"].contains { name.hasPrefix($0) }, "\(name)") }
  }

  @Test("cross-covariances equal the official code's and the textbook's", arguments: moments)
  func crossCovariance(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    func tensor(_ name: String) throws -> Tensor<Double> {
      Tensor(try file.doubles(name), shape: try #require(file[name]).shape)
    }
    let (x, y) = (try tensor("x1"), try tensor("x2"))
    let official = CrossMoment.matrix(x, y)
    #expect(differ(official, try file.doubles("official"), within: Self.doubleTolerance) == nil)
    let unit = CrossMoment.unitColumns(official)
    #expect(differ(unit, try file.doubles("official_l2"), within: Self.doubleTolerance) == nil)
    let textbook = CrossMoment.matrix(x, y, centering: .channel)
    #expect(differ(textbook, try file.doubles("per_channel"), within: Self.doubleTolerance) == nil)
  }

  /// Runs a module on watched inputs and weights; compares the result and all gradients with those of a file.
  private func check<Part: Module>(
    _ file: SafetensorsFile,
    _ part: Part,
    inputs names: [String],
    prefix: String,
    _ body: (Part, [Tensor<Float>]) throws -> Tensor<Float>
  ) throws {
    var part = part
    try part.load(file, prefix: prefix)
    let inputs = try names.map { try file.floats("in." + $0) }
    let upstream = Tensor<Float>(
      try file.doubles("dout").map { Float($0) },
      shape: try #require(file["dout"]).shape
    )
    let weights = part.namedTensors
    let (result, gradients) = try withGradient(of: Float.self) { tape in
      let watched = (inputs + weights.map(\.tensor)).map(tape.watch)
      var index = inputs.count - 1
      part.updateParameters { _, _ in
        index += 1
        return watched[index]
      }
      let y = try body(part, watched)
      return (y.withoutGradient(), tape.gradients(of: y * upstream, at: watched))
    }
    #expect(differ(result, try file.doubles("out"), within: Self.floatTolerance) == nil)
    let expected = names.map { "din." + $0 } + weights.map { "d" + prefix + $0.name }
    for (gradient, name) in zip(gradients, expected) {
      #expect(differ(gradient, try file.doubles(name), within: Self.floatTolerance) == nil, "\(name)")
    }
  }

  @Test("the head's scores and all gradients equal the official ones", arguments: heads)
  func head(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let (classes, width) = (try file.floats("w.classifier1.bias").count, try file.floats("in.cls").shape[1])
    let shape = try MomentHeadConfiguration(width: width, hiddenWidth: 512, classes: classes, convolutionChannels: 3)
    var random = RandomStream(seed: 1)
    try check(file, MomentHead(shape, random: &random), inputs: ["cls", "tokens"], prefix: "w.") { head, inputs in
      // The fixture's first token is the class token, which the head does not see among the others.
      let tokens = inputs[1].sliced(1..<inputs[1].shape[1], axis: 1)
      return try head.scores(pooled: inputs[0], tokens: tokens)
    }
  }

  @Test("recalibrating parameters and all gradients equal the official ones", arguments: recalibrations)
  func recalibration(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let shape = try file.floats("w.p.down.weight").shape
    var random = RandomStream(seed: 1)
    let part = RecalibratingParameters(width: shape[1], rank: shape[0], random: &random)
    try check(file, part, inputs: ["x"], prefix: "w.p.") { part, inputs in
      let (weight, bias) = part(inputs[0])
      return .concatenated([weight, bias], axis: -1)
    }
  }
}
