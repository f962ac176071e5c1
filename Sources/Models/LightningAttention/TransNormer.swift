public import Layers
public import Tensors

/// A small TransNormerLLM: embedding, layers, SRMSNorm, head.
public struct TransNormer: LanguageModel {
  /// What a text that is read piece by piece has left: one matrix a head and layer, whatever its length.
  public struct Memory: Sendable {
    fileprivate var states: [Tensor<Float>?]
    /// Positions read so far.
    public fileprivate(set) var position = 0

    /// Numbers that are kept.
    public var count: Int { states.reduce(0) { $0 + ($1?.count ?? 0) } }
  }

  /// Sizes.
  public let shape: TransNormerConfiguration
  /// Vectors of the tokens, `[vocabulary, width]`.
  public var embedding: Embedding
  /// The layers.
  public var layers: [TransNormerLayer]
  /// Scores of the tokens, `[vocabulary, width]`.
  public var head: Linear

  /// Makes a model: all weights normal with deviation 0.02, those that end in the residual stream 0.02/√(2L).
  ///
  /// - Parameters:
  ///   - shape: sizes.
  ///   - algorithm: how attention is computed.
  ///   - random: supplies the weights.
  /// - Throws: `.size` where the block is not positive.
  public init(
    _ shape: TransNormerConfiguration,
    by algorithm: Lightning.Algorithm = .tiled(block: Lightning.standardBlock),
    random: inout RandomStream
  ) throws(LightningAttentionError) {
    self.shape = shape
    embedding = Embedding(count: shape.vocabulary, size: shape.width, random: &random)
    embedding.weight = random.normal([shape.vocabulary, shape.width], deviation: 0.02)
    var made: [TransNormerLayer] = []
    for layer in 0..<shape.layers { made.append(try TransNormerLayer(layer, shape, by: algorithm, random: &random)) }
    layers = made
    head = Linear(shape.width, to: shape.vocabulary, deviation: 0.02, &random)
  }

  /// Scores of all tokens after each position, `[batch, positions]` to `[batch · positions, vocabulary]`.
  ///
  /// - Throws: `.size` or `.token`.
  public func scores(_ tokens: Tensor<Int>) throws(LightningAttentionError) -> Tensor<Float> {
    try checkTokens(tokens)
    var x = embedding(tokens)
    for layer in layers { x = try layer(x) }
    return head(x.rootMeanSquareNormed()).reshaped([tokens.count, shape.vocabulary])
  }

  /// A memory that has read nothing.
  public var emptyMemory: Memory { Memory(states: .init(repeating: nil, count: shape.layers)) }

  /// Scores after each of the next positions of a text: equal to those of the whole text at once.
  ///
  /// - Parameters:
  ///   - tokens: the next tokens, `[batch, positions]`.
  ///   - memory: what earlier tokens left; takes in these.
  /// - Returns: `[batch · positions, vocabulary]`.
  /// - Throws: `.size`, `.token`, or `.stateShape` where the batch is not that of earlier tokens.
  public func advance(_ tokens: Tensor<Int>, _ memory: inout Memory) throws(LightningAttentionError) -> Tensor<Float> {
    try checkTokens(tokens)
    var x = embedding(tokens)
    for index in layers.indices {
      x = try layers[index].advance(x, first: memory.position, state: &memory.states[index])
    }
    memory.position += tokens.shape[1]
    return head(x.rootMeanSquareNormed()).reshaped([tokens.count, shape.vocabulary])
  }

  /// Tokens that the model makes up after a prompt.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - prompt: tokens before, at least one.
  ///   - temperature: below 1 the likely ones are drawn more often.
  ///   - random: draws them.
  /// - Returns: the new tokens.
  /// - Throws: `.size` for an empty prompt, `.token`.
  public func generate(
    _ count: Int,
    after prompt: [Int],
    temperature: Float = 0.8,
    random: inout RandomStream
  ) throws(LightningAttentionError) -> [Int] {
    try LightningAttentionError.positive(prompt.count, "length of the prompt")
    var memory = emptyMemory
    var made: [Int] = []
    var next = prompt
    while made.count < count {
      let scores = try advance(Tensor(next, shape: [1, next.count]), &memory).selected(next.count - 1)
      let chances = (scores / temperature).softmax().values.map(Double.init)
      next = random.categorical(1, weights: chances)
      made += next
    }
    return made
  }

  /// Shows `embedding`, `layers` and `head`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("embedding", &embedding)
    visitor.visit("layers", &layers)
    visitor.visit("head", &head)
  }
}
