import MomentProbing
import Tensors
import Testing

/// A call that must fail, and what it must say.
struct RefusedInput: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }

  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) {
    self.message = message
    self.call = call
  }
}

@Suite("Errors of moment probing")
struct MomentErrorTests {
  private static func scores(_ tokens: Tensor<Float>, pooled: [Int] = [2, 48]) throws {
    var random = RandomStream(seed: 1)
    _ = try MomentHead(.small(), random: &random).scores(pooled: .zeros(pooled), tokens: tokens)
  }
  private static func examples(_ count: Int) throws -> FeatureSet {
    try FeatureSet(tokens: .zeros([count, 2, 3]), labels: (0..<count).map { $0 % 2 }, classes: 2)
  }

  static let inputs: [RefusedInput] = [
    RefusedInput("510 hidden channels do not fall into 4 heads; choose a multiple of 4") {
      _ = try MomentHeadConfiguration(width: 768, hiddenWidth: 510, classes: 10)
    },
    RefusedInput(
      "4 heads of 6 channels leave nothing after two convolutions of stride 2; at least 7 channels a head are needed: use 28 hidden channels or more, or fewer heads"
    ) { _ = try MomentHeadConfiguration(width: 48, hiddenWidth: 24, classes: 10) },
    RefusedInput(
      "pairing 'near' of 8 heads gives 7 pairs, the convolutions have 3 channels; these must be equal"
    ) { _ = try MomentHeadConfiguration(width: 768, hiddenWidth: 512, heads: 8, classes: 10, convolutionChannels: 3) },
    RefusedInput("number of heads must be at least 2, got 1") {
      _ = try MomentHeadConfiguration(width: 768, hiddenWidth: 512, heads: 1, classes: 10)
    },
    RefusedInput("number of classes must be at least 1, got 0") { _ = try MomentHeadConfiguration.vitBase(classes: 0) },
    RefusedInput("tokens must have shape [batch, at least 1, 48], got [2, 0, 48]") { try scores(.zeros([2, 0, 48])) },
    RefusedInput("tokens must have shape [batch, at least 1, 48], got [2, 5, 47]") { try scores(.zeros([2, 5, 47])) },
    RefusedInput("pooled features must have shape [2, 48], got [3, 48]") {
      try scores(.zeros([2, 5, 48]), pooled: [3, 48])
    },
    RefusedInput(
      "token 3 of item 1 has a feature that is infinite or not a number; check the backbone's output"
    ) {
      var tokens = Tensor<Float>.zeros([2, 5, 48])
      tokens[1, 3, 20] = .nan
      try scores(tokens)
    },
    RefusedInput("feature map must have shape [batch, 48, height, columns], got [2, 47, 3, 3]") {
      var random = RandomStream(seed: 1)
      _ = try MomentHead(.small(), random: &random).scores(map: .zeros([2, 47, 3, 3]))
    },
    RefusedInput("pooled features must have shape [batch, 48], got [2, 47]") {
      var random = RandomStream(seed: 1)
      let probe = LinearProbe(width: 48, classes: 5, random: &random)
      _ = try probe.scores(pooled: .zeros([2, 47]), tokens: .zeros([2, 1, 47]))
    },
    RefusedInput("label 5 of item 1 is not in 0..<5") {
      _ = try FeatureSet(tokens: .zeros([2, 1, 3]), labels: [4, 5], classes: 5)
    },
    RefusedInput("tokens must have shape [3, N, width], got [2, 1, 3]") {
      _ = try FeatureSet(tokens: .zeros([2, 1, 3]), labels: [0, 0, 0], classes: 5)
    },
    RefusedInput("class 0 has 3 examples, 4 wanted; take fewer shots or more data") {
      var random = RandomStream(seed: 1)
      _ = try examples(6).shots(4, random: &random)
    },
    RefusedInput("number of shots must be at least 1, got 0") {
      var random = RandomStream(seed: 1)
      _ = try examples(6).shots(0, random: &random)
    },
    RefusedInput("side must be a multiple of patch 3, got 8") { _ = try TransformerShape(patch: 3) },
    RefusedInput("width must be a multiple of 5 heads, got 48") { _ = try TransformerShape(heads: 5) },
    RefusedInput("width must be at least 2, got 1") {
      var random = RandomStream(seed: 1)
      _ = try CovarianceClasses(5, width: 1, random: &random)
    },
  ]

  @Test("each mistake is named with its cure", arguments: inputs)
  func refused(_ input: RefusedInput) {
    let error = #expect(throws: MomentProbingError.self) { try input.call() }
    #expect(error?.description == input.message)
  }
}
