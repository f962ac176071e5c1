public import Layers
public import Tensors

/// Attention and a feed-forward part, each followed by a norm of the sum.
private struct EncoderLayer: Module {
  var maps: [Linear]
  var attentionOutput: Linear
  var norms: [LayerNorm]
  var wide: Linear
  var narrow: Linear

  init(_ random: inout RandomStream) {
    let width = SentenceEncoder.width
    maps = []
    for _ in 0..<3 { maps.append(Linear(inputSize: width, outputSize: width, random: &random)) }
    attentionOutput = Linear(inputSize: width, outputSize: width, random: &random)
    norms = (0..<2).map { _ in LayerNorm(size: width, epsilon: 1e-12) }
    wide = Linear(inputSize: width, outputSize: 4 * width, random: &random)
    narrow = Linear(inputSize: 4 * width, outputSize: width, random: &random)
  }

  /// `[tokens, width]` to the same.
  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let parts = maps.map { map in
      map(x).reshaped([x.shape[0], SentenceEncoder.heads, SentenceEncoder.headWidth]).transposed(0, 1)
    }
    let read = Attention.softmax(parts[0], parts[1], parts[2]).transposed(0, 1).reshaped(x.shape)
    let y = norms[0](x + attentionOutput(read))
    return norms[1](y + narrow(wide(y).gelu()))
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("attention")
    visitor.enter("self")
    for (index, name) in ["query", "key", "value"].enumerated() { visitor.visit(name, &maps[index]) }
    visitor.leave()
    visitor.enter("output")
    visitor.visit("dense", &attentionOutput)
    visitor.visit("LayerNorm", &norms[0])
    visitor.leave()
    visitor.leave()
    visitor.enter("intermediate")
    visitor.visit("dense", &wide)
    visitor.leave()
    visitor.enter("output")
    visitor.visit("dense", &narrow)
    visitor.visit("LayerNorm", &norms[1])
    visitor.leave()
  }
}

/// The transformer all-MiniLM-L6-v2, which makes unit vectors of sentences.
///
/// Its weights are no part of this library; `load` reads a `.safetensors` file with the names of Hugging Face's `BertModel`.
/// Source: W. Wang and others, "MiniLM", 2020; N. Reimers, I. Gurevych, "Sentence-BERT", 2019.
public struct SentenceEncoder: Module {
  /// Features of a token and of a sentence.
  public static let width = 384
  static let heads = 12
  static let headWidth = 32
  private var words: Embedding
  private var positions: Embedding
  private var types: Embedding
  private var norm = LayerNorm(size: SentenceEncoder.width, epsilon: 1e-12)
  private var layers: [EncoderLayer] = []

  /// Makes an encoder with random weights.
  public init(random: inout RandomStream) {
    words = Embedding(count: 30_522, size: Self.width, random: &random)
    positions = Embedding(count: 512, size: Self.width, random: &random)
    types = Embedding(count: 2, size: Self.width, random: &random)
    for _ in 0..<6 { layers.append(EncoderLayer(&random)) }
  }

  /// What enters the first layer, `[tokens, width]`.
  public func embedded(_ tokens: [Int]) -> Tensor<Float> {
    norm(words(Tensor<Int>(tokens)) + positions(.range(tokens.count)) + types(Tensor<Int>([0])))
  }

  /// What leaves the last layer, `[tokens, width]`.
  public func hidden(_ tokens: [Int]) -> Tensor<Float> { layers.reduce(embedded(tokens)) { $1($0) } }

  /// The mean of a text's tokens as a unit vector, `[width]`.
  public func sentence(_ tokens: [Int]) -> Tensor<Float> { hidden(tokens).mean([0]).normalized([0]) }

  /// Shows `embeddings` and `encoder`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("embeddings")
    visitor.visit("word_embeddings", &words)
    visitor.visit("position_embeddings", &positions)
    visitor.visit("token_type_embeddings", &types)
    visitor.visit("LayerNorm", &norm)
    visitor.leave()
    visitor.enter("encoder")
    visitor.visit("layer", &layers)
    visitor.leave()
  }
}
