public import Layers
public import Tensors

/// Attention of one set of positions to another with heads; no bias before, one after.
struct CrossAttention: Module {
  private var queries: Linear
  private var keys: Linear
  private var values: Linear
  private var output: Linear
  private let heads: Int

  init(width: Int, contextWidth: Int, heads: Int, random: inout RandomStream) {
    queries = Linear(inputSize: width, outputSize: width, hasBias: false, random: &random)
    keys = Linear(inputSize: contextWidth, outputSize: width, hasBias: false, random: &random)
    values = Linear(inputSize: contextWidth, outputSize: width, hasBias: false, random: &random)
    output = Linear(inputSize: width, outputSize: width, random: &random)
    self.heads = heads
  }

  /// What positions `[batch, positions, width]` read from a source, under a mask that extends to `[batch, heads, positions, sources]`.
  func callAsFunction(_ x: Tensor<Float>, source: Tensor<Float>, mask: Tensor<Float>?) -> Tensor<Float> {
    let parts = [queries(x), keys(source), values(source)]
    guard let mask else { return output(.softmaxAttention(parts[0], parts[1], parts[2], heads: heads)) }
    let cut = parts.map { self.cut($0) }
    let read = Attention.softmax(cut[0], cut[1], cut[2], mask: mask).permuted([0, 2, 1, 3])
    return output(read.reshaped(x.shape))
  }

  private func cut(_ x: Tensor<Float>) -> Tensor<Float> {
    x.reshaped([x.shape[0], x.shape[1], heads, x.shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("to_q", &queries)
    visitor.visit("to_k", &keys)
    visitor.visit("to_v", &values)
    visitor.enter("to_out")
    visitor.visit("0", &output)
    visitor.leave()
  }
}

/// Self-attention, attention to a context (or to itself again), and a gated feed-forward part, each added to its normalised input.
struct TransformerBlock: Module {
  private var norms: [LayerNorm]
  private var own: CrossAttention
  private var context: CrossAttention
  private var wide: Linear
  private var narrow: Linear

  init(width: Int, contextWidth: Int, heads: Int, random: inout RandomStream) {
    norms = (0..<3).map { _ in LayerNorm(size: width) }
    own = CrossAttention(width: width, contextWidth: width, heads: heads, random: &random)
    context = CrossAttention(width: width, contextWidth: contextWidth, heads: heads, random: &random)
    wide = Linear(inputSize: width, outputSize: 8 * width, random: &random)
    narrow = Linear(inputSize: 4 * width, outputSize: width, random: &random)
  }

  func callAsFunction(_ x: Tensor<Float>, context text: TextContext?) -> Tensor<Float> {
    var y = norms[0](x)
    var x = x + own(y, source: y, mask: nil)
    y = norms[1](x)
    x = x + context(y, source: text?.tokens ?? y, mask: text?.scores)
    let parts = wide(norms[2](x)).split(into: 2, axis: 2)
    return x + narrow(parts[0] * parts[1].gelu())
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    for index in norms.indices { visitor.visit("norm\(index + 1)", &norms[index]) }
    visitor.visit("attn1", &own)
    visitor.visit("attn2", &context)
    visitor.enter("ff")
    visitor.enter("net")
    visitor.enter("0")
    visitor.visit("proj", &wide)
    visitor.leave()
    visitor.visit("2", &narrow)
    visitor.leave()
    visitor.leave()
  }
}

/// A transformer block over the places of a picture, added to the picture.
public struct SpatialTransformer: Module {
  private var norm: GroupNorm
  private var inward: Convolution
  private var block: TransformerBlock
  private var outward: Convolution
  private let readsText: Bool

  /// Makes a block that reads a text context, or only the picture where the context's width is nil.
  init(channels: Int, headWidth: Int, contextWidth: Int?, random: inout RandomStream) {
    norm = GroupNorm(groups: 32, channels: channels, epsilon: 1e-6)
    inward = Convolution(inputChannels: channels, outputChannels: channels, kernel: [1, 1], random: &random)
    block = TransformerBlock(
      width: channels,
      contextWidth: contextWidth ?? channels,
      heads: channels / headWidth,
      random: &random
    )
    outward = Convolution(inputChannels: channels, outputChannels: channels, kernel: [1, 1], random: &random)
    readsText = contextWidth != nil
  }

  /// `[batch, channels, rows, columns]` to the same.
  func callAsFunction(_ x: Tensor<Float>, context: TextContext?) -> Tensor<Float> {
    let places = inward(norm(x)).flattened(from: 2).transposed(1, 2)
    let y = block(places, context: readsText ? context : nil)
    return x + outward(y.transposed(1, 2).reshaped(x.shape))
  }

  /// Shows `norm`, `proj_in`, `transformer_blocks` and `proj_out`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("norm", &norm)
    visitor.visit("proj_in", &inward)
    visitor.enter("transformer_blocks")
    visitor.visit("0", &block)
    visitor.leave()
    visitor.visit("proj_out", &outward)
  }
}

/// Token vectors of a query, and which of them count.
public struct TextContext: Sendable {
  /// `[batch, tokens, width]`.
  public let tokens: Tensor<Float>
  /// 0 for tokens that count and a number below any score for others, `[batch, 1, 1, tokens]`; all count where nil.
  let scores: Tensor<Float>?

  /// Puts tokens and their mask together.
  ///
  /// - Parameters:
  ///   - tokens: `[batch, tokens, width]`.
  ///   - mask: 1 for tokens that count, 0 for others, `[batch, tokens]`.
  /// - Throws: `.shape`.
  public init(tokens: Tensor<Float>, mask: Tensor<Float>? = nil) throws(FlowSeparationError) {
    guard tokens.rank == 3 else {
      throw .shape(what: "text context", expected: "[batch, tokens, width]", got: tokens.shape)
    }
    if let mask, mask.shape != Array(tokens.shape.prefix(2)) {
      throw .shape(what: "mask of the text context", expected: "\(tokens.shape.prefix(2))", got: mask.shape)
    }
    self.tokens = tokens
    // A finite number: where no token counts, all share alike, as in the reference.
    scores = mask.map { ((1 - $0) * -1e30).expanded(at: 1).expanded(at: 1) }
  }
}
