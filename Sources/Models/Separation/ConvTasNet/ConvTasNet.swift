public import Layers
public import Tensors

/// Conv-TasNet: a learned encoder, masks from a stack of dilated convolutions, a learned decoder.
///
/// Source: Y. Luo, N. Mesgarani, "Conv-TasNet: surpassing ideal time-frequency magnitude masking for speech separation",
/// 2019; behaviour and names of torchaudio 2.11, or of kaituoxu/Conv-TasNet in the residual form.
public struct ConvTasNet: Separator {
  /// Sizes and choices.
  public let configuration: ConvTasNetConfiguration
  /// Encoder filters, `[N, channels, L]`.
  public private(set) var encoder: Tensor<Float>
  /// Decoder filters, `[N, 1, L]`, or `[channels · L, N]` in the residual form.
  public private(set) var decoder: Tensor<Float>
  private var inputNorm: SequenceNorm
  private var inputConvolution: Convolution
  private var blocks: [[TemporalBlock]]
  private var outputSlope: PReLU?
  private var outputConvolution: Convolution

  /// Makes a model with the initial values of its reference: PyTorch's in the form with skip paths, else Xavier's.
  ///
  /// - Parameters:
  ///   - configuration: sizes and choices.
  ///   - random: supplies the values.
  /// - Throws: `SeparationError.setting` for sizes that make no model, `.notStreaming` for a causal one with global norms.
  public init(_ configuration: ConvTasNetConfiguration = .base, random: inout RandomStream) throws(SeparationError) {
    try configuration.check()
    let c = configuration
    self.configuration = c
    let isWide = c.form == .residual
    encoder = Initial.uniform([c.filters, c.channels, c.filterLength], fanIn: c.channels * c.filterLength, &random)
    decoder =
      isWide
      ? Initial.uniform([c.channels * c.filterLength, c.filters], fanIn: c.filters, &random)
      : Initial.uniform([c.filters, 1, c.filterLength], fanIn: c.filterLength, &random)
    inputNorm = SequenceNorm(
      isWide && c.norm == .global ? .channel : c.norm,
      channels: c.filters,
      isWide: isWide
    )
    func pointwise(_ inputs: Int, _ outputs: Int) -> Convolution {
      Convolution(inputChannels: inputs, outputChannels: outputs, kernel: [1], hasBias: !isWide, random: &random)
    }
    inputConvolution = pointwise(c.filters, c.bottleneck)
    outputSlope = isWide ? nil : PReLU()
    outputConvolution = pointwise(isWide ? c.bottleneck : c.skip, c.sources * c.filters)
    blocks = (0..<c.repeats).map { row in
      (0..<c.blocks).map { column in
        let isLast = row == c.repeats - 1 && column == c.blocks - 1
        return TemporalBlock(c, dilation: 1 << column, isLast: isLast, &random)
      }
    }
    guard isWide else { return }
    // The reference draws everything with two axes or more anew, its gains of three axes included.
    updateParameters { _, tensor in tensor.rank > 1 ? Initial.xavierNormal(tensor.shape, &random) : tensor }
  }

  /// Samples a second, in Hz.
  public var sampleRate: Double { configuration.sampleRate }
  /// Channels of the mixture.
  public var channelCount: Int { configuration.channels }
  /// Number of estimates.
  public var sourceCount: Int { configuration.sources }

  /// One window at least.
  public func validLength(_ samples: Int) -> Int { max(samples, configuration.filterLength) }

  /// The estimates of a mixture.
  ///
  /// - Parameter mixture: `[batch, channels, samples]`, at least one window of samples.
  /// - Returns: `[batch, sources, channels, samples]`.
  public func callAsFunction(_ mixture: Tensor<Float>) -> Tensor<Float> {
    let (encoded, masks, _) = parts(mixture)
    return decoded(encoded, masks, samples: mixture.shape[2])
  }

  /// The encoder's values and the masks.
  ///
  /// - Parameter mixture: `[batch, channels, samples]`.
  /// - Returns: `[batch, N, frames]` and `[batch, sources, N, frames]`; and how many zeros were put behind the mixture.
  public func parts(_ mixture: Tensor<Float>) -> (encoded: Tensor<Float>, masks: Tensor<Float>, added: Int) {
    let c = configuration
    precondition(
      mixture.rank == 3 && mixture.shape[1] == c.channels && mixture.shape[2] >= c.filterLength,
      "ConvTasNet: mixture has shape \(mixture.shape), expected [batch, \(c.channels), \(c.filterLength) or more]"
    )
    let added = paddingBehind(mixture.shape[2])
    let encoded = self.encoded(mixture.padded(before: lead, after: lead + added, axis: 2))
    var states: [TemporalBlock.State?] = Array(repeating: nil, count: c.blocks * c.repeats)
    var moments: CumulativeNorm.Moments?
    return (encoded, masks(encoded, &moments, &states), added)
  }

  /// Zeros at both ends of the mixture.
  var lead: Int { configuration.form == .skip ? configuration.hop : 0 }

  /// Zeros behind the mixture that let the last frame be a whole one.
  func paddingBehind(_ samples: Int) -> Int {
    guard configuration.form == .skip else { return 0 }
    let rest = (samples - configuration.filterLength % 2) % configuration.hop
    return rest == 0 ? 0 : configuration.hop - rest
  }

  /// Values of the encoder at each whole frame, without padding.
  func encoded(_ mixture: Tensor<Float>) -> Tensor<Float> {
    let values = mixture.convolved(encoder, ConvolutionOptions(axes: 1, stride: configuration.hop))
    return configuration.form == .residual ? values.relu() : values
  }

  /// Masks of a stretch of frames, `[batch, sources, N, frames]`; states that are nil stand for all there is.
  func masks(
    _ encoded: Tensor<Float>,
    _ moments: inout CumulativeNorm.Moments?,
    _ states: inout [TemporalBlock.State?]
  ) -> Tensor<Float> {
    let c = configuration
    var features = inputConvolution(inputNorm(encoded, moments: &moments))
    var skips: Tensor<Float>?
    for (index, block) in blocks.joined().enumerated() {
      let (residual, skip) = block(features, state: &states[index])
      features = residual
      if let skip { skips = skips.map { $0 + skip } ?? skip }
    }
    let last = skips.map { PReLU.apply($0, outputSlope?.weight) } ?? features
    let scores = outputConvolution(last).reshaped([encoded.shape[0], c.sources, c.filters, encoded.shape[2]])
    switch c.mask {
    case .relu: return scores.relu()
    case .sigmoid: return scores.sigmoid()
    case .softmax: return scores.softmax(axis: 1)
    }
  }

  /// Sound of masked frames before anything is cut: (frames - 1) hop + L samples, `[batch · sources, channels, samples]`.
  func overlapped(_ encoded: Tensor<Float>, _ masks: Tensor<Float>) -> Tensor<Float> {
    let c = configuration
    let (batch, frames) = (encoded.shape[0], encoded.shape[2])
    let masked = (masks * encoded.reshaped([batch, 1, c.filters, frames]))
      .reshaped([batch * c.sources, c.filters, frames])
    let filters = c.form == .skip ? decoder : decoder.transposed().reshaped([c.filters, c.channels, c.filterLength])
    return masked.convolvedTransposed(filters, ConvolutionOptions(axes: 1, stride: c.hop))
  }

  private func decoded(_ encoded: Tensor<Float>, _ masks: Tensor<Float>, samples: Int) -> Tensor<Float> {
    let c = configuration
    let sound = overlapped(encoded, masks)
    let shape = [encoded.shape[0], c.sources, c.channels, samples]
    let rest = lead + samples - sound.shape[2]
    // The residual form leaves samples after the last whole window silent.
    if rest > 0 { return sound.padded(after: rest, axis: 2).reshaped(shape) }
    return sound.sliced(lead..<lead + samples, axis: 2).reshaped(shape)
  }

  /// Shows all tensors under the names of the form's reference.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    switch configuration.form {
    case .skip: visitSkipForm(&visitor)
    case .residual: visitResidualForm(&visitor)
    }
  }

  private mutating func visitSkipForm(_ visitor: inout some ParameterVisitor) {
    visitor.enter("encoder")
    visitor.visit("weight", &encoder)
    visitor.leave()
    visitor.enter("mask_generator")
    visitor.visit("input_norm", &inputNorm)
    visitor.visit("input_conv", &inputConvolution)
    visitor.enter("conv_layers")
    for row in blocks.indices {
      for column in blocks[row].indices {
        visitor.visit("\(row * configuration.blocks + column)", &blocks[row][column])
      }
    }
    visitor.leave()
    visitor.visit("output_prelu", &outputSlope)
    visitor.visit("output_conv", &outputConvolution)
    visitor.leave()
    visitor.enter("decoder")
    visitor.visit("weight", &decoder)
    visitor.leave()
  }

  private mutating func visitResidualForm(_ visitor: inout some ParameterVisitor) {
    visitor.enter("encoder")
    visitor.enter("conv1d_U")
    visitor.visit("weight", &encoder)
    visitor.leave()
    visitor.leave()
    visitor.enter("separator")
    visitor.enter("network")
    visitor.visit("0", &inputNorm)
    visitor.visit("1", &inputConvolution)
    visitor.enter("2")
    for row in blocks.indices { visitor.visit("\(row)", &blocks[row]) }
    visitor.leave()
    visitor.visit("3", &outputConvolution)
    visitor.leave()
    visitor.leave()
    visitor.enter("decoder")
    visitor.enter("basis_signals")
    visitor.visit("weight", &decoder)
    visitor.leave()
    visitor.leave()
  }
}
