public import Layers
public import Tensors

/// One layer of TransNormerLLM: y = x + Mixer(SRMSNorm(x)), z = y + GLU(SRMSNorm(y)).
///
/// The mixer projects to [q, k, v, u], takes SiLU of q and k, turns them in layer 0, attends, norms the joined heads, multiplies
/// by u and projects back. Source: Z. Qin and others, "TransNormerLLM", 2023, section 3.
public struct TransNormerLayer: Module {
  /// Projections to q, k, v and u, `[4 width, width]`.
  public var input: Linear
  /// Projection back, `[width, width]`.
  public var output: Linear
  private var angles: LearnedAngles?
  /// The gated unit.
  public var unit: GatedUnit
  private let heads: Int
  private let slopes: [Double]
  private let algorithm: Lightning.Algorithm

  /// Makes a layer.
  ///
  /// - Parameters:
  ///   - layer: which layer of the model; only the first one turns queries and keys by position.
  ///   - shape: sizes.
  ///   - algorithm: how attention is computed.
  ///   - random: supplies the weights.
  /// - Throws: `.size` where there is no such layer, or the block is not positive.
  public init(
    _ layer: Int,
    _ shape: TransNormerConfiguration,
    by algorithm: Lightning.Algorithm = .tiled(block: Lightning.standardBlock),
    random: inout RandomStream
  ) throws(LightningAttentionError) {
    try self.init(
      shape,
      slopes: DecaySlopes.layer(layer, of: shape.layers, heads: shape.heads),
      turnsPositions: layer == 0,
      by: algorithm,
      random: &random
    )
  }

  package init(
    _ shape: TransNormerConfiguration,
    slopes: [Double],
    turnsPositions: Bool,
    by algorithm: Lightning.Algorithm,
    random: inout RandomStream
  ) throws(LightningAttentionError) {
    if case .tiled(let block) = algorithm { try LightningAttentionError.positive(block, "block") }
    let deviations = InitialDeviations(layers: shape.layers)
    input = Linear(shape.width, to: 4 * shape.width, deviation: deviations.inner, &random)
    output = Linear(shape.width, to: shape.width, deviation: deviations.residual, &random)
    angles = turnsPositions ? LearnedAngles(shape) : nil
    unit = GatedUnit(shape, hasActivation: false, &random)
    (heads, self.slopes, self.algorithm) = (shape.heads, slopes, algorithm)
  }

  /// The layer over whole sequences, `[batch, positions, width]` to the same shape.
  ///
  /// - Throws: what `Lightning.attend` throws.
  public func callAsFunction(_ x: Tensor<Float>) throws(LightningAttentionError) -> Tensor<Float> {
    let parts = projected(x, first: 0)
    let read = try Lightning.attend(parts.q, parts.k, parts.v, slopes: slopes, by: algorithm)
    return finished(x, read, parts.u)
  }

  /// The layer over the next positions of sequences; no gradient.
  ///
  /// - Parameters:
  ///   - x: `[batch, positions, width]`.
  ///   - first: position of the first row.
  ///   - state: what earlier positions left; zeros are made where nil.
  /// - Returns: the shape of x.
  /// - Throws: what `Lightning.attend` throws.
  func advance(_ x: Tensor<Float>, first: Int, state: inout Tensor<Float>?) throws(LightningAttentionError) -> Tensor<
    Float
  > {
    let parts = projected(x, first: first)
    var carried = state ?? .zeros([x.shape[0], heads, parts.k.shape[3], parts.v.shape[3]])
    // The only reference, so that the state is changed in place.
    state = nil
    let read = try Lightning.attend(parts.q, parts.k, parts.v, slopes: slopes, state: &carried)
    state = carried
    return finished(x, read, parts.u)
  }

  private func projected(_ x: Tensor<Float>, first: Int) -> (
    q: Tensor<Float>, k: Tensor<Float>, v: Tensor<Float>, u: Tensor<Float>
  ) {
    let parts = input(x.rootMeanSquareNormed()).split(into: 4, axis: 2)
    let pair = [parts[0].silu().splitHeads(heads), parts[1].silu().splitHeads(heads)]
    let turned = angles?(pair, first: first) ?? pair
    return (turned[0], turned[1], parts[2].splitHeads(heads), parts[3])
  }

  private func finished(_ x: Tensor<Float>, _ read: Tensor<Float>, _ u: Tensor<Float>) -> Tensor<Float> {
    let y = x + output(read.joinedHeads().rootMeanSquareNormed() * u)
    return y + unit(y.rootMeanSquareNormed())
  }

  /// Shows `qkvu`, `out`, `lrpe` and `glu`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("qkvu", &input)
    visitor.visit("out", &output)
    visitor.visit("lrpe", &angles)
    visitor.visit("glu", &unit)
  }
}
