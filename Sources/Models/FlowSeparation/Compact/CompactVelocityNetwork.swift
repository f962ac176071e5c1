public import Layers
public import Tensors

/// Two convolutions whose second norm is scaled and shifted by the condition, and a shortcut.
struct ConditionedBlock: Module {
  private var firstNorm: GroupNorm
  private var first: Convolution
  private var film: Linear
  private var secondNorm: GroupNorm
  private var second: Convolution
  private var shortcut: Convolution?

  init(_ inputChannels: Int, _ outputChannels: Int, conditionWidth: Int, _ random: inout RandomStream) {
    firstNorm = GroupNorm(groups: 8, channels: inputChannels)
    first = Convolution(square: inputChannels, outputChannels, &random)
    film = Linear(inputSize: conditionWidth, outputSize: 2 * outputChannels, random: &random)
    secondNorm = GroupNorm(groups: 8, channels: outputChannels)
    second = Convolution(square: outputChannels, outputChannels, &random)
    if inputChannels != outputChannels {
      shortcut = Convolution(
        inputChannels: inputChannels,
        outputChannels: outputChannels,
        kernel: [1, 1],
        random: &random
      )
    }
  }

  func callAsFunction(_ x: Tensor<Float>, condition: Tensor<Float>) -> Tensor<Float> {
    let parts = film(condition).expanded(at: 2).expanded(at: 3).split(into: 2, axis: 1)
    let inner = secondNorm(first(firstNorm(x).silu())) * (parts[0] + 1) + parts[1]
    return (shortcut.map { $0(x) } ?? x) + second(inner.silu())
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("first_norm", &firstNorm)
    visitor.visit("first", &first)
    visitor.visit("film", &film)
    visitor.visit("second_norm", &secondNorm)
    visitor.visit("second", &second)
    visitor.visit("shortcut", &shortcut)
  }
}

/// The velocity network of the replication: two levels, scale and shift by time and query.
public struct CompactVelocityNetwork: Module {
  /// Features of a query.
  public let queryWidth: Int
  private var times: [Linear]
  private var query: Linear
  private var inward: Convolution
  private var blocks: [ConditionedBlock]
  private var down: Convolution
  private var up: Convolution
  private var norm = GroupNorm(groups: 8, channels: 32)
  private var outward: Convolution

  /// Makes a network that says zero at first.
  ///
  /// - Parameters:
  ///   - queryWidth: features of a query: classes and one for none, words, or numbers of a sentence vector.
  ///   - random: supplies the values.
  /// - Throws: `.size`.
  public init(queryWidth: Int, random: inout RandomStream) throws(FlowSeparationError) {
    try FlowSeparationError.positive(queryWidth, "number of features of a query")
    self.queryWidth = queryWidth
    times = [
      Linear(inputSize: 32, outputSize: 64, random: &random), Linear(inputSize: 64, outputSize: 64, random: &random),
    ]
    query = Linear(inputSize: queryWidth, outputSize: 64, hasBias: false, random: &random)
    // One vector a word or class: normal numbers, as an embedding has them.
    query.weight = random.normal(query.weight.shape)
    inward = Convolution(square: 8, 32, &random)
    blocks = []
    for (from, to) in [(32, 32), (64, 64), (64, 64), (64, 32)] {
      blocks.append(ConditionedBlock(from, to, conditionWidth: 64, &random))
    }
    down = Convolution(square: 32, 64, stride: 2, &random)
    up = Convolution(square: 64, 32, &random)
    outward = Convolution(square: 32, 4, &random)
    outward.clear()
  }

  /// What the network says about noisy latents beside those of mixtures.
  ///
  /// - Parameters:
  ///   - items: noisy latents, `[batch, 4, rows, columns]`, sides even.
  ///   - mixtures: latents of the mixtures, the same shape.
  ///   - moments: t of each item in 0…1.
  ///   - queries: `[batch, queryWidth]`.
  /// - Returns: the shape of the items.
  /// - Throws: `.shape` or `.multiple`.
  public func callAsFunction(
    _ items: Tensor<Float>,
    mixtures: Tensor<Float>,
    times moments: [Float],
    queries: Tensor<Float>
  ) throws(FlowSeparationError) -> Tensor<Float> {
    let batch = moments.count
    guard items.rank == 4, items.shape[0] == batch, items.shape[1] == 4 else {
      throw .shape(what: "noisy latents", expected: "[\(batch), 4, rows, columns]", got: items.shape)
    }
    guard items.shape[2] % 2 == 0, items.shape[3] % 2 == 0 else {
      throw .multiple(what: "latents", divisor: 2, got: Array(items.shape.suffix(2)))
    }
    guard mixtures.shape == items.shape else {
      throw .shape(what: "latents of the mixtures", expected: "\(items.shape)", got: mixtures.shape)
    }
    guard queries.shape == [batch, queryWidth] else {
      throw .shape(what: "queries", expected: "[\(batch), \(queryWidth)]", got: queries.shape)
    }
    let features = TimeFeatures.make(moments.map { $0 * 1000 }, size: 32)
    let condition = (times[1](times[0](features).silu()) + query(queries)).silu()
    let fine = blocks[0](inward(.concatenated([items, mixtures], axis: 1)), condition: condition)
    let coarse = blocks[2](blocks[1](down(fine), condition: condition), condition: condition)
    let back = up(coarse.upsampledNearest(2, axes: [2, 3]))
    return outward(norm(blocks[3](.concatenated([back, fine], axis: 1), condition: condition)).silu())
  }

  /// Shows all parts.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("times", &times)
    visitor.visit("query", &query)
    visitor.visit("inward", &inward)
    visitor.visit("blocks", &blocks)
    visitor.visit("down", &down)
    visitor.visit("up", &up)
    visitor.visit("norm", &norm)
    visitor.visit("outward", &outward)
  }
}
