public import Layers
public import Tensors

/// The model that softmax attention would have at the same widths: RoPE, causal softmax, SwiGLU, the same norms.
public struct SoftmaxTransformer: LanguageModel {
  /// Sizes.
  public let shape: TransNormerConfiguration
  private var embedding: Embedding
  private var layers: [SoftmaxLayer]
  private var head: Linear

  /// Makes a model with initial weights of the same deviations as the other's.
  ///
  /// - Parameters:
  ///   - shape: sizes.
  ///   - random: supplies the weights.
  public init(_ shape: TransNormerConfiguration, random: inout RandomStream) {
    self.shape = shape
    embedding = Embedding(count: shape.vocabulary, size: shape.width, random: &random)
    embedding.weight = random.normal([shape.vocabulary, shape.width], deviation: 0.02)
    var made: [SoftmaxLayer] = []
    for _ in 0..<shape.layers { made.append(SoftmaxLayer(shape, random: &random)) }
    layers = made
    head = Linear(shape.width, to: shape.vocabulary, deviation: 0.02, &random)
  }

  /// Scores of all tokens after each position, `[batch, positions]` to `[batch · positions, vocabulary]`.
  ///
  /// - Throws: `.size` or `.token`.
  public func scores(_ tokens: Tensor<Int>) throws(LightningAttentionError) -> Tensor<Float> {
    try checkTokens(tokens)
    var x = embedding(tokens)
    for layer in layers { x = layer(x) }
    return head(x.rootMeanSquareNormed()).reshaped([tokens.count, shape.vocabulary])
  }

  /// Shows `embedding`, `layers` and `head`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("layers", &layers)
    visitor.visit("head", &head)
  }
}

/// One layer of the softmax model.
private struct SoftmaxLayer: Module {
  var input: Linear
  var output: Linear
  var unit: GatedUnit
  let heads: Int

  init(_ shape: TransNormerConfiguration, random: inout RandomStream) {
    let deviations = InitialDeviations(layers: shape.layers)
    input = Linear(shape.width, to: 3 * shape.width, deviation: deviations.inner, &random)
    output = Linear(shape.width, to: shape.width, deviation: deviations.residual, &random)
    unit = GatedUnit(shape, hasActivation: true, &random)
    heads = shape.heads
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let parts = input(x.rootMeanSquareNormed()).split(into: 3, axis: 2).map { $0.splitHeads(heads) }
    let (q, k) = (PositionalEncoding.rotary(parts[0]), PositionalEncoding.rotary(parts[1]))
    let y = x + output(Attention.softmax(q, k, parts[2], isCausal: true).joinedHeads())
    return y + unit(y.rootMeanSquareNormed())
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("qkv", &input)
    visitor.visit("out", &output)
    visitor.visit("glu", &unit)
  }
}
