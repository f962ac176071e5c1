public import Layers
public import Tensors

/// Demucs: music apart in the waveform domain by a convolutional encoder and decoder with an LSTM between.
///
/// Source: A. Défossez, N. Usunier, L. Bottou, F. Bach, "Music source separation in the waveform domain", 2019 and 2021;
/// behaviour and names of facebookresearch/demucs at d6abb13.
public struct Demucs: Separator {
  /// Sizes and choices.
  public let configuration: DemucsConfiguration
  private var encoder: [EncoderLayer]
  private var decoder: [DecoderLayer]
  private var middle: SequenceMiddle?
  private let up = SincResampling(from: 1, to: 2)
  private let down = SincResampling(from: 2, to: 1)

  /// Makes a model with PyTorch's initial values, weights of convolutions rescaled once where asked for.
  ///
  /// - Parameters:
  ///   - configuration: sizes and choices.
  ///   - random: supplies the values.
  /// - Throws: `SeparationError.setting` for sizes that make no model.
  public init(_ configuration: DemucsConfiguration = .base, random: inout RandomStream) throws(SeparationError) {
    try configuration.check()
    let c = configuration
    self.configuration = c
    let inputs = [c.audioChannels] + c.widths
    (encoder, decoder) = ([], [])
    for layer in 0..<c.depth {
      encoder.append(EncoderLayer(c, inputs: inputs[layer], outputs: inputs[layer + 1], &random))
      let outputs = layer == 0 ? c.audioChannels * c.sources.count : inputs[layer]
      decoder.insert(DecoderLayer(c, inputs: inputs[layer + 1], outputs: outputs, isLast: layer == 0, &random), at: 0)
    }
    middle = c.lstmLayers > 0 ? SequenceMiddle(width: inputs[c.depth], layers: c.lstmLayers, &random) : nil
    if let reference = c.rescale { rescale(to: reference) }
  }

  /// Samples a second, in Hz.
  public var sampleRate: Double { configuration.sampleRate }
  /// Channels of the mixture.
  public var channelCount: Int { configuration.audioChannels }
  /// Number of estimates.
  public var sourceCount: Int { configuration.sources.count }
  /// True: drums are always first.
  public var keepsOrder: Bool { true }
  /// True: the network has no norm.
  public var normalizesInput: Bool { true }

  /// The shortest mixture whose estimates have at least the given length, and that leaves no samples over in any layer.
  public func validLength(_ samples: Int) -> Int {
    let (kernel, stride) = (DemucsConfiguration.kernel, DemucsConfiguration.stride)
    var length = configuration.resamples ? 2 * samples : samples
    for _ in 0..<configuration.depth {
      let frames = Int((Double(length - kernel) / Double(stride)).rounded(.up)) + 1
      length = max(1, frames) + (configuration.hasRewrite ? configuration.context - 1 : 0)
    }
    for _ in 0..<configuration.depth { length = (length - 1) * stride + kernel }
    return configuration.resamples ? (length + 1) / 2 : length
  }

  /// Whether a length leaves no samples over in any layer of the encoder.
  private func isWhole(_ samples: Int) -> Bool {
    var length = configuration.resamples ? 2 * samples : samples
    for _ in 0..<configuration.depth {
      guard length >= DemucsConfiguration.kernel, length % DemucsConfiguration.stride == 0 else { return false }
      length = (length - DemucsConfiguration.kernel) / DemucsConfiguration.stride + 1
    }
    return true
  }

  /// The estimates of a mixture.
  ///
  /// - Parameter mixture: `[batch, channels, samples]` of a valid length.
  /// - Returns: `[batch, sources, channels, fewer samples]`: the middle, shorter by what the context takes.
  public func callAsFunction(_ mixture: Tensor<Float>) -> Tensor<Float> {
    let c = configuration
    precondition(
      mixture.rank == 3 && mixture.shape[1] == c.audioChannels && isWhole(mixture.shape[2]),
      "Demucs: mixture has shape \(mixture.shape), expected [batch, \(c.audioChannels), a length that validLength gives]"
    )
    var x = c.resamples ? up(mixture) : mixture
    var kept: [Tensor<Float>] = []
    for layer in encoder {
      x = layer(x)
      kept.append(x)
    }
    if let middle { x = middle(x) }
    for layer in decoder { x = layer(x + kept.removeLast().centered(x.shape[2])) }
    if c.resamples { x = down(x) }
    return x.reshaped([x.shape[0], c.sources.count, c.audioChannels, x.shape[2]])
  }

  /// Divides weights and bias of every convolution by √(deviation / reference).
  ///
  /// The deviation is that of all its weights, divided by one less than their number. Once, for new weights only.
  ///
  /// - Parameter reference: the deviation that weights are moved towards.
  public mutating func rescale(to reference: Float) {
    for index in encoder.indices {
      encoder[index].rescale(to: reference)
      decoder[index].rescale(to: reference)
    }
  }

  /// Shows all tensors under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("encoder", &encoder)
    visitor.visit("decoder", &decoder)
    visitor.visit("lstm", &middle)
  }
}

extension Tensor where Scalar == Float {
  /// The middle of the last axis, an odd sample more cut at the end.
  ///
  /// - Parameter length: how long it shall be, at most as long as it is.
  /// - Returns: the same shape but for the last axis.
  public func centered(_ length: Int) -> Tensor<Float> {
    let surplus = shape[rank - 1] - length
    precondition(surplus >= 0, "centered: length \(length) is beyond the last axis of shape \(shape)")
    return sliced(surplus / 2..<surplus / 2 + length, axis: rank - 1)
  }
}
