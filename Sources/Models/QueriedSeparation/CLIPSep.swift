public import Layers
internal import Signals
public import Tensors

/// CLIPSep: the sound that a query asks for, by a mask on the mixture's spectrum.
///
/// The network sees the sound, the head the query; image and text queries come from one embedding space.
///
/// Source: H.-W. Dong, N. Takahashi, Y. Mitsufuji, J. McAuley, T. Berg-Kirkpatrick, "CLIPSep: learning text-queried sound
/// separation with noisy unlabeled videos", 2023; behaviour and names of sony/CLIPSep at 22b6f91.
public struct CLIPSep: Module {
  /// Sizes.
  public let configuration: CLIPSepConfiguration
  /// The change of rows.
  public let warp: FrequencyWarp
  private var network: SoundUNet
  /// Masks from feature maps and queries.
  public private(set) var head: QueryHead
  let transform: STFT<Float>

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
    warp = FrequencyWarp(bins: c.frameLength / 2 + 1, rows: c.rows)
    transform = STFT(frameLength: c.frameLength, hop: c.hop)
    network = SoundUNet(widths: c.widths, features: c.features, random: &random)
    head = QueryHead(querySize: c.querySize, features: c.features, hasNoiseHeads: c.hasNoiseHeads, random: &random)
  }

  /// Feature maps of warped log magnitudes.
  ///
  /// - Parameters:
  ///   - input: `[batch, 1, rows, frames]`; frames are padded with the smallest value and cut again.
  ///   - mode: in training the norms take a batch's moments.
  /// - Returns: `[batch, features, rows, frames]`.
  public mutating func features(_ input: Tensor<Float>, mode: Mode) -> Tensor<Float> {
    let frames = input.shape[3]
    let missing = (configuration.frameMultiple - frames % configuration.frameMultiple) % configuration.frameMultiple
    guard missing > 0 else { return network(input, mode: mode) }
    return network(input.padded(after: missing, axis: 3, mode: .replicated), mode: mode).sliced(0..<frames, axis: 3)
  }

  /// Magnitudes of signals, `[batch, samples]` to `[batch, 1, bins, frames]`.
  ///
  /// - Throws: `QueriedSeparationError.tooFewFrames`, or `SignalError.tooShort`.
  public func magnitudes(_ signals: Tensor<Float>) throws -> Tensor<Float> { try Self.magnitudes(spectra(signals)) }

  /// The loss of a batch in training.
  ///
  /// - Parameters:
  ///   - batch: mixtures, sources and queries.
  ///   - rule: settings of the noise invariant loss, which is used where the model has noise heads and a rule is given.
  /// - Returns: the loss, and the mean activation of the noise masks where they took part.
  /// - Throws: `QueriedSeparationError`, or `SignalError.tooShort`.
  public mutating func loss(_ batch: QueriedBatch, _ rule: MaskLoss?) throws -> (
    loss: Tensor<Float>, activation: Float?
  ) {
    for query in batch.queries { try check(query, items: batch.mixtures.shape[0]) }
    let targets = try MaskTargets(
      mixture: magnitudes(batch.mixtures),
      sources: batch.sources.map { try magnitudes($0) },
      warp: warp
    )
    let maps = features(targets.input, mode: .training)
    let projected = batch.queries.map { head.projected($0) }
    let logits = projected.map { head.maskLogits($0, maps) }
    guard let rule, head.hasNoiseHeads else { return (MaskLoss.plain(logits, targets), nil) }
    let result = rule.noiseInvariant(logits, noise: head.noiseLogits(projected, maps), targets)
    return (result.loss, result.activation.value)
  }

  func spectra(_ signals: Tensor<Float>) throws -> Tensor<Float> {
    let needed = configuration.frameMultiple
    let frames = transform.frameCount(samples: signals.shape[signals.rank - 1])
    // A signal that fills less than half of the network's innermost frame is nothing but padding there.
    guard 2 * frames >= needed else {
      throw QueriedSeparationError.tooFewFrames(needed: needed / 2, got: frames)
    }
    return try transform.forward(signals)
  }

  /// Magnitudes `[batch, 1, bins, frames]` of spectra `[batch, 2, frames, bins]`.
  static func magnitudes(_ spectra: Tensor<Float>) -> Tensor<Float> {
    spectra.squared().sum(1, keepsAxes: true).sqrt().transposed()
  }

  func check(_ query: Tensor<Float>, items: Int) throws(QueriedSeparationError) {
    guard query.rank == 2, query.shape[1] == configuration.querySize else {
      throw .wrongQueryWidth(expected: configuration.querySize, got: query.shape.last ?? 0)
    }
    guard query.shape[0] == items else { throw .wrongCount(what: "queries", expected: items, got: query.shape[0]) }
  }

  /// Shows all tensors under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("sound_net", &network)
    head.visitParameters(&visitor)
  }
}

/// Mixtures with what they are made of and what asks for it.
public struct QueriedBatch: Sendable {
  /// `[batch, samples]`.
  public var mixtures: Tensor<Float>
  /// The sound of each source, `[batch, samples]`.
  public var sources: [Tensor<Float>]
  /// The embedding that asks for each source, `[batch, querySize]`.
  public var queries: [Tensor<Float>]

  /// Joins the parts.
  public init(mixtures: Tensor<Float>, sources: [Tensor<Float>], queries: [Tensor<Float>]) {
    (self.mixtures, self.sources, self.queries) = (mixtures, sources, queries)
  }
}
