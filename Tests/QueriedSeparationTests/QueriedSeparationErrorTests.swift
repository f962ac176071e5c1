import QueriedSeparation
import Tensors
import Testing

/// A call that must throw, and the text of its error.
struct BadInput: Sendable, CustomTestStringConvertible {
  let text: String
  let call: @Sendable () throws -> Void
  var testDescription: String { text }
}

@Suite("What CLIPSep refuses")
struct QueriedSeparationErrorTests {
  private static func model(_ change: (inout CLIPSepConfiguration) -> Void = { _ in }) throws -> CLIPSep {
    var configuration = CLIPSepConfiguration.scaled
    change(&configuration)
    var random = RandomStream(seed: 1)
    return try CLIPSep(configuration, random: &random)
  }

  private static func targets(_ shape: [Int], value: Float) throws {
    var magnitudes = Tensor<Float>.ones(shape)
    magnitudes[0, 0, 2, 1] = value
    _ = try MaskTargets(mixture: magnitudes, sources: [], warp: FrequencyWarp(bins: 9, rows: 8))
  }

  static let all: [BadInput] = [
    BadInput(text: "rows must be a multiple of 32, got 60") { _ = try model { $0.rows = 60 } },
    BadInput(text: "the number of levels must be 2 or more, got 0") { _ = try model { $0.widths = [] } },
    BadInput(text: "spectra have 8 rows, the model takes 9; use its own transform") {
      try targets([1, 1, 8, 4], value: 1)
    },
    BadInput(
      text: "magnitude of item 0, row 2, frame 1 is not finite or is negative; mend the mixture"
    ) { try targets([1, 1, 9, 4], value: .nan) },
    BadInput(
      text: "the mixture has 5 frames, the levels of the network need 32; give a longer mixture"
    ) { _ = try model().separate([[Float](repeating: 0.1, count: 600)], queries: [.ones([1, 32])]) },
    BadInput(text: "the query has 7 numbers, the model takes 32; use the encoder that it was trained with") {
      _ = try model().separate([[Float](repeating: 0.1, count: 8000)], queries: [.ones([1, 7])])
    },
    BadInput(
      text: "magnitudes of a source have shape [1, 1, 9, 3], those of the mixture [1, 1, 9, 4]; transform both alike"
    ) {
      let warp = FrequencyWarp(bins: 9, rows: 8)
      _ = try MaskTargets(mixture: .ones([1, 1, 9, 4]), sources: [.ones([1, 1, 9, 3])], warp: warp)
    },
    BadInput(text: "the number of classes must be 2 or more, got 1") {
      var random = RandomStream(seed: 1)
      var training = SceneTraining(steps: 1)
      training.classes = [3]
      _ = try training.run(LabelSep(labels: 8, .scaled, random: &random), query: .labels, seed: 1)
    },
    BadInput(text: "value 3 of query 0 is not finite; mend the encoder that made it") {
      var query = Tensor<Float>.ones([1, 32])
      query[0, 3] = .nan
      _ = try model().separate([[Float](repeating: 0.1, count: 8000)], queries: [query])
    },
    BadInput(text: "labels must be 1 or more, got 0") {
      var random = RandomStream(seed: 1)
      _ = try LabelSep(labels: 0, .scaled, random: &random)
    },
    BadInput(text: "mixtures of 8000 and of 7999 samples; cut or pad them to one length") {
      let mixtures = [8000, 7999].map { [Float](repeating: 0.1, count: $0) }
      _ = try model().separate(mixtures, queries: [.ones([2, 32])])
    },
    BadInput(text: "0 estimates, expected 8: one for each mixture") {
      _ = try SceneTest(perClass: 1, offScreen: false, seed: 1).score([])
    },
    BadInput(text: "2 queries, expected 1: one for each mixture") {
      _ = try model().separate([[Float](repeating: 0.1, count: 8000)], queries: [.ones([2, 32])])
    },
    BadInput(text: "none of the words 'xylophone', 'solo' is among the 45 known; use a known one") {
      var random = RandomStream(seed: 1)
      _ = try MiniCLIP(random: &random).embed(captions: ["Xylophone solo"])
    },
  ]

  @Test("bad input has one clear error", arguments: all)
  func refuses(_ input: BadInput) {
    do {
      try input.call()
      Issue.record("nothing was thrown")
    } catch { #expect("\(error)" == input.text) }
  }
}
