import FlowSeparation
import Foundation
import Layers
import Tensors
import TestSupport
import Testing

/// The folder that OFFPRINT_MINILM names, with `model.safetensors` and `vocab.txt` of all-MiniLM-L6-v2.
private let folder = ProcessInfo.processInfo.environment["OFFPRINT_MINILM"]
/// The fixtures' README.
private let tolerance = 1e-4

@Suite("Sentence encoder")
struct SentenceEncoderTests {
  @Test(
    "tokens, hidden values and sentence vectors equal the reference's",
    .enabled(if: folder != nil, "needs the weights, in the folder that OFFPRINT_MINILM names"),
    arguments: Parity.cases("flowsep", prefix: "minilm_text")
  )
  func parity(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let folder = try #require(folder)
    let vocabulary = try String(contentsOfFile: folder + "/vocab.txt", encoding: .utf8)
    let cutter = try WordPiece(vocabulary: vocabulary)
    var random = RandomStream(seed: 1)
    var encoder = SentenceEncoder(random: &random)
    try encoder.load(folder + "/model.safetensors")
    let list = try #require(file.metadata["sentences"])
    let sentences = try JSONDecoder().decode([String].self, from: Data(list.utf8))
    #expect(sentences.count == 6)
    for (index, sentence) in sentences.enumerated() {
      let tokens = cutter.tokens(sentence)
      #expect(tokens == (try file.integers("ids\(index)").values), "\(sentence)")
      let vector = encoder.sentence(tokens).values.map(Double.init)
      #expect(mismatch(vector, try file.doubles("embedding\(index)"), absolute: tolerance) == nil, "\(sentence)")
    }
    let first = cutter.tokens(sentences[0])
    for (got, name) in [(encoder.embedded(first), "hidden_in0"), (encoder.hidden(first), "hidden_out0")] {
      #expect(mismatch(got.values.map(Double.init), try file.doubles(name), absolute: tolerance) == nil, "\(name)")
    }
  }

  @Test("the encoder has the weights of the reference, without the unused pooler")
  func count() {
    var random = RandomStream(seed: 1)
    // 22,713,216 in the file, of which the pooler has 384 · 384 + 384.
    #expect(SentenceEncoder(random: &random).parameterCount == 22_713_216 - 147_840)
  }

  @Test("words are cut at marks, joined from pieces, and freed from accents")
  func pieces() throws {
    let cutter = try WordPiece(vocabulary: "[UNK]\n[CLS]\n[SEP]\nbird\nsong\n##bird\n##s\n,\ncafe")
    #expect(cutter.tokens("Songbirds, bird") == [1, 4, 5, 6, 7, 3, 2])
    #expect(cutter.tokens("Café whale") == [1, 8, 0, 2])
    #expect(cutter.tokens(String(repeating: "bird ", count: 300), limit: 8).count == 8)
    #expect(cutter.tokens("") == [1, 2])
    #expect(cutter.tokens(String(repeating: "b", count: 101)) == [1, 0, 2])
  }
}
