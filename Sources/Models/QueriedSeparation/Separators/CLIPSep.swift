public import Layers
public import Tensors

/// CLIPSep: the sound that a query asks for, by a mask on the mixture's spectrum.
///
/// The network sees the sound, the head the query (late fusion); image and text queries come from one embedding space.
///
/// Source: H.-W. Dong, N. Takahashi, Y. Mitsufuji, J. McAuley, T. Berg-Kirkpatrick, "CLIPSep: learning text-queried sound
/// separation with noisy unlabeled videos", 2023; behaviour and names of sony/CLIPSep at 22b6f91.
public struct CLIPSep: QueriedSeparator {
  /// Sizes.
  public let configuration: CLIPSepConfiguration
  /// The way from sound to what the network sees, and back.
  public let spectrum: MaskSpectrum
  /// Settings of the noise invariant loss; the plain loss is used where nil, as in a warm-up.
  public var noiseRule: MaskLoss?
  private var network: SoundUNet
  private var head: QueryHead

  /// Makes a model with PyTorch's initial values.
  ///
  /// The paper begins with deviations of 0.001, which needs many more steps.
  ///
  /// - Parameters:
  ///   - configuration: sizes.
  ///   - random: supplies the values.
  /// - Throws: `QueriedSeparationError.badSetting`.
  public init(_ configuration: CLIPSepConfiguration, random: inout RandomStream) throws(QueriedSeparationError) {
    try configuration.check()
    let c = configuration
    self.configuration = c
    spectrum = MaskSpectrum(c)
    network = SoundUNet(widths: c.widths, features: c.features, random: &random)
    head = QueryHead(querySize: c.querySize, features: c.features, hasNoiseHeads: c.hasNoiseHeads, random: &random)
    noiseRule = c.hasNoiseHeads ? MaskLoss() : nil
  }

  /// Values of an embedding.
  public var queryWidth: Int { configuration.querySize }

  /// Logits of one mask for each query; the network runs once.
  public mutating func maskLogits(
    _ input: Tensor<Float>,
    queries: [Tensor<Float>],
    mode: Mode
  ) -> [Tensor<Float>] {
    let maps = network(input, mode: mode)
    return queries.map { head.maskLogits(head.projected($0), maps) }
  }

  /// Masks of both noise heads for pairs of queries, in 0…1, which are left out when the model is asked.
  ///
  /// - Parameters:
  ///   - mixtures: `[mixtures, samples]`.
  ///   - queries: two for each mixture, `[mixtures, querySize]`.
  /// - Returns: two masks, `[mixtures, 1, rows, frames]`; none without noise heads.
  /// - Throws: `QueriedSeparationError`, or `SignalError.tooShort`.
  public func noiseMasks(_ mixtures: Tensor<Float>, queries: [Tensor<Float>]) throws -> [Tensor<Float>] {
    for query in queries { try check(query, items: mixtures.shape[0]) }
    return try noGradient {
      let targets = try spectrum.targets(QueriedBatch(mixtures: mixtures, sources: [], queries: queries))
      var network = network
      let maps = network(targets.input, mode: .evaluation)
      return head.noiseLogits(queries.map { head.projected($0) }, maps).map { $0.sigmoid() }
    }
  }

  /// The noise invariant loss where there are noise heads and a rule, else the plain one.
  public mutating func loss(
    queries: [Tensor<Float>],
    targets: MaskTargets
  ) -> (loss: Tensor<Float>, activation: Float?) {
    let maps = network(targets.input, mode: .training)
    let projected = queries.map { head.projected($0) }
    let logits = projected.map { head.maskLogits($0, maps) }
    guard let noiseRule, head.hasNoiseHeads else { return (MaskLoss.plain(logits, targets), nil) }
    let result = noiseRule.noiseInvariant(logits, noise: head.noiseLogits(projected, maps), targets)
    return (result.loss, result.activation.value)
  }

  /// Shows all tensors under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("sound_net", &network)
    head.visitParameters(&visitor)
  }
}
