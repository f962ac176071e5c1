import LightningAttention
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

@Suite("Errors of lightning attention")
struct LightningErrorTests {
  private static let x = Tensor<Float>.zeros([1, 2, 5, 4])
  private static func quick() throws -> TransNormer {
    var random = RandomStream(seed: 1)
    return try TransNormer(.quick(), random: &random)
  }

  static let inputs: [RefusedInput] = [
    RefusedInput(
      "q [1, 2, 5, 4], k [1, 2, 6, 4], v [1, 2, 5, 4]: expected [batch, heads, positions, size] for q and k, and v equal up to its size"
    ) { _ = try Lightning.attend(x, .zeros([1, 2, 6, 4]), x, slopes: [0, 0]) },
    RefusedInput("1 slopes for 2 heads; give one a head, such as DecaySlopes.standard(heads: 2)") {
      _ = try Lightning.attend(x, x, x, slopes: [0])
    },
    RefusedInput("slope of head 1 must be zero or positive and finite, got -0.5") {
      _ = try Lightning.attend(x, x, x, slopes: [0, -0.5])
    },
    RefusedInput("slope of head 0 must be zero or positive and finite, got nan") {
      _ = try Lightning.attend(x, x, x, slopes: [.nan, 0])
    },
    RefusedInput("block must be at least 1, got 0") {
      _ = try Lightning.attend(x, x, x, slopes: [0, 0], by: .tiled(block: 0))
    },
    RefusedInput("state has shape [1, 2, 4, 3], expected [1, 2, 4, 4]; begin with zeros") {
      var state = Tensor<Float>.zeros([1, 2, 4, 3])
      _ = try Lightning.attend(x, x, x, slopes: [0, 0], state: &state)
    },
    RefusedInput("number of heads must be at least 1, got 0") { _ = try DecaySlopes.standard(heads: 0) },
    RefusedInput("layer must be in 0..<2, got 2") { _ = try DecaySlopes.layer(2, of: 2, heads: 4) },
    RefusedInput("width must be an even multiple of 3 heads, got 64") {
      _ = try TransNormerConfiguration(layers: 1, width: 64, heads: 3, gatedWidth: 8, vocabulary: 2)
    },
    RefusedInput("number of layers must be at least 1, got 0") {
      _ = try TransNormerConfiguration(layers: 0, width: 64, heads: 2, gatedWidth: 8, vocabulary: 2)
    },
    RefusedInput("width must be a multiple of 3 heads, got 10") {
      var random = RandomStream(seed: 1)
      _ = try TnlAttention(width: 10, heads: 3, random: &random)
    },
    RefusedInput("token 1 is 65, the vocabulary is 0..<65") {
      _ = try quick().scores(Tensor([3, 65], shape: [1, 2]))
    },
    RefusedInput("axes of the tokens must be 2: [batch, positions], got 1") { _ = try quick().scores(Tensor([3, 4])) },
    RefusedInput("length of the prompt must be at least 1, got 0") {
      var random = RandomStream(seed: 1)
      _ = try quick().generate(3, after: [], random: &random)
    },
    RefusedInput("the text has 5 characters, 9 needed; give more text or a shorter window") {
      var random = RandomStream(seed: 1)
      _ = try TokenBatch([1, 2, 3, 4, 5], count: 1, window: 8, random: &random)
    },
    RefusedInput("the text has 4 characters, 6 needed; give more text or a shorter window") {
      _ = try quick().validationLoss([1, 2, 3, 4], window: 5, characters: 100)
    },
    RefusedInput("window must be at least 1, got 0") { _ = try TokenBatch([1, 2], starts: [0], window: 0) },
    RefusedInput("character 'ß' at 2 is not in the vocabulary; make the vocabulary from all of the text") {
      _ = try CharacterText("in the beginning").tokens("heß")
    },
  ]

  @Test("each mistake is named with its cure", arguments: inputs)
  func refused(_ input: RefusedInput) {
    let error = #expect(throws: LightningAttentionError.self) { try input.call() }
    #expect(error?.description == input.message)
  }
}
