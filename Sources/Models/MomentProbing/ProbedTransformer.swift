public import Layers
public import Tensors

/// The shape of a small vision transformer.
public struct TransformerShape: Sendable, Equatable {
  /// Side of a square picture in pixels.
  public var side: Int
  /// Side of a patch.
  public var patch: Int
  /// Features of a token.
  public var width: Int
  /// Number of blocks.
  public var blocks: Int
  /// Heads of attention.
  public var heads: Int

  /// Number of patches.
  public var tokens: Int { (side / patch) * (side / patch) }

  /// Describes a transformer; by default one for pictures of 8×8 pixels.
  ///
  /// - Throws: `.size`.
  public init(
    side: Int = 8,
    patch: Int = 2,
    width: Int = 48,
    blocks: Int = 3,
    heads: Int = 4
  ) throws(MomentProbingError) {
    for (size, what) in [(side, "side"), (patch, "patch"), (width, "width"), (blocks, "number of blocks")] {
      try MomentProbingError.positive(size, what)
    }
    guard side % patch == 0 else { throw .size(what: "side", expected: "a multiple of patch \(patch)", got: side) }
    guard heads > 0, width % heads == 0 else {
      throw .size(what: "width", expected: "a multiple of \(heads) heads", got: width)
    }
    (self.side, self.patch, self.width, self.blocks, self.heads) = (side, patch, width, blocks, heads)
  }
}

/// A block of a vision transformer, whose feed-forward part may be recalibrated (PSRP).
public struct ProbedBlock: Module {
  private var firstNorm: LayerNorm
  private var attention: MultiHeadAttention
  private var secondNorm: LayerNorm
  private var wide: Linear
  private var narrow: Linear
  /// The recalibration; nil in a plain block.
  public var recalibration: RecalibratingParameters?

  init(_ shape: TransformerShape, _ random: inout RandomStream) {
    firstNorm = LayerNorm(size: shape.width, epsilon: 1e-6)
    attention = MultiHeadAttention(size: shape.width, heads: shape.heads, random: &random)
    secondNorm = LayerNorm(size: shape.width, epsilon: 1e-6)
    wide = Linear(inputSize: shape.width, outputSize: 4 * shape.width, random: &random)
    narrow = Linear(inputSize: 4 * shape.width, outputSize: shape.width, random: &random)
  }

  /// `[batch, positions, width]` to the same shape.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let y = x + attention(firstNorm(x))
    let inner = narrow(wide(secondNorm(y)).gelu())
    guard let recalibration else { return y + inner }
    // From the stream before the norm, as the official code does.
    let (weight, bias) = recalibration(y)
    return y + bias + (weight + 1) * inner
  }

  /// Shows `norm1`, `attn`, `norm2`, `mlp` and `psrp`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("norm1", &firstNorm)
    visitor.visit("attn", &attention)
    visitor.visit("norm2", &secondNorm)
    visitor.enter("mlp")
    visitor.visit("fc1", &wide)
    visitor.visit("fc2", &narrow)
    visitor.leave()
    visitor.visit("psrp", &recalibration)
  }
}

/// A small vision transformer with a probe on its last tokens.
///
/// Parameters of the backbone are named `backbone.…`, those of PSRP contain `.psrp.`, those of the probe `probe.…`: training selects by
/// these names what learns.
public struct ProbedTransformer<Probe: FeatureProbe>: Module {
  /// Sizes.
  public let shape: TransformerShape
  private var patches: Linear
  private var classToken: Tensor<Float>
  private var positions: Tensor<Float>
  /// The blocks.
  public var blocks: [ProbedBlock]
  private var norm: LayerNorm
  /// The probe.
  public var probe: Probe

  /// Makes a transformer without recalibration.
  public init(_ shape: TransformerShape, probe: Probe, random: inout RandomStream) {
    self.shape = shape
    patches = Linear(inputSize: shape.patch * shape.patch, outputSize: shape.width, random: &random)
    classToken = random.normal([1, 1, shape.width], deviation: 0.02)
    positions = random.normal([shape.tokens + 1, shape.width], deviation: 0.02)
    blocks = (0..<shape.blocks).map { _ in ProbedBlock(shape, &random) }
    norm = LayerNorm(size: shape.width, epsilon: 1e-6)
    self.probe = probe
  }

  /// Another probe on the backbone of a transformer, whose recalibrations are dropped.
  public init(_ other: ProbedTransformer<some FeatureProbe>, probe: Probe) {
    (shape, patches, classToken) = (other.shape, other.patches, other.classToken)
    (positions, blocks, norm) = (other.positions, other.blocks, other.norm)
    for index in blocks.indices { blocks[index].recalibration = nil }
    self.probe = probe
  }

  /// Gives each block recalibrating parameters.
  public mutating func addRecalibration(
    rank: Int = 16,
    startsAtIdentity: Bool = false,
    random: inout RandomStream
  ) {
    for index in blocks.indices {
      blocks[index].recalibration = RecalibratingParameters(
        width: shape.width,
        rank: rank,
        startsAtIdentity: startsAtIdentity,
        random: &random
      )
    }
  }

  /// The last tokens, class token and others apart.
  ///
  /// - Parameter pictures: `[batch, 1, side, side]`.
  /// - Returns: `[batch, width]` and `[batch, patches, width]`.
  /// - Throws: `.shape`.
  public func features(
    _ pictures: Tensor<Float>
  ) throws(MomentProbingError) -> (pooled: Tensor<Float>, tokens: Tensor<Float>) {
    let (side, patch, batch) = (shape.side, shape.patch, pictures.shape.first ?? 0)
    guard pictures.shape == [batch, 1, side, side] else {
      throw .shape(what: "pictures", expected: "[batch, 1, \(side), \(side)]", got: pictures.shape)
    }
    let count = side / patch
    let cut = pictures.reshaped([batch, count, patch, count, patch]).permuted([0, 1, 3, 2, 4])
    let embedded = patches(cut.reshaped([batch, count * count, patch * patch]))
    var x: Tensor<Float> = .concatenated([classToken.broadcast(to: [batch, 1, shape.width]), embedded], axis: 1)
    x = x + positions
    for block in blocks { x = block(x) }
    x = norm(x)
    return (x.selected(0, axis: 1), x.sliced(1..<count * count + 1, axis: 1))
  }

  /// Scores of the classes, `[batch, 1, side, side]` to `[batch, classes]`.
  ///
  /// - Throws: `.shape` or `.notFinite`.
  public func scores(_ pictures: Tensor<Float>) throws(MomentProbingError) -> Tensor<Float> {
    let found = try features(pictures)
    return try probe.scores(pooled: found.pooled, tokens: found.tokens)
  }

  /// Shows `backbone` and `probe`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("backbone")
    visitor.visit("patches", &patches)
    visitor.visit("cls", &classToken)
    visitor.visit("positions", &positions)
    visitor.visit("blocks", &blocks)
    visitor.visit("norm", &norm)
    visitor.leave()
    visitor.visit("probe", &probe)
  }
}
