#if canImport(Glibc)
  internal import Glibc
#endif
public import Layers
public import Tensors

/// MossFormer2: masks from a stack of joint attention and of memories without recurrence.
///
/// Source: S. Zhao and others, "MossFormer2: combining transformer and RNN-free recurrent network for enhanced time-domain
/// monaural speech separation", 2024; behaviour and names of modelscope/ClearerVoice-Studio, without its dropout.
public struct MossFormer2: Separator {
  /// Sizes and choices.
  public let configuration: MossFormer2Configuration
  private var encoder: Tensor<Float>
  private var decoder: Tensor<Float>
  private var inputNorm: GroupNorm
  private var inputConvolution: Convolution
  private var positionScale: Tensor<Float> = .ones([1])
  private var attention: [JointAttention]
  private var recurrence: [RecurrentBlock]
  private var stackNorm: LayerNorm
  private var outputNorm: GroupNorm
  private var slope = PReLU()
  private var sourceConvolution: Convolution
  private var content: Convolution
  private var gate: Convolution
  private var maskConvolution: Convolution

  /// Makes a model with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - configuration: sizes and choices.
  ///   - random: supplies the values.
  /// - Throws: `SeparationError.setting` for sizes that make no model.
  public init(_ configuration: MossFormer2Configuration = .base, random: inout RandomStream) throws(SeparationError) {
    try configuration.check()
    let c = configuration
    self.configuration = c
    func pointwise(_ inputs: Int, _ outputs: Int, hasBias: Bool) -> Convolution {
      Convolution(inputChannels: inputs, outputChannels: outputs, kernel: [1], hasBias: hasBias, random: &random)
    }
    encoder = Initial.uniform([c.filters, 1, c.filterLength], fanIn: c.filterLength, &random)
    decoder = Initial.uniform([c.filters, 1, c.filterLength], fanIn: c.filterLength, &random)
    inputNorm = .global(channels: c.filters)
    inputConvolution = pointwise(c.filters, c.width, hasBias: false)
    stackNorm = LayerNorm(size: c.width, epsilon: 1e-6)
    outputNorm = .global(channels: c.width)
    sourceConvolution = pointwise(c.width, c.sources * c.width, hasBias: true)
    content = pointwise(c.width, c.width, hasBias: true)
    gate = pointwise(c.width, c.width, hasBias: true)
    maskConvolution = pointwise(c.width, c.filters, hasBias: false)
    attention = (0..<c.blocks).map { JointAttention(c, isFirst: $0 == 0, random: &random) }
    recurrence = c.hasRecurrence ? (0..<c.blocks).map { _ in RecurrentBlock(c, random: &random) } : []
  }

  /// Samples a second, in Hz.
  public var sampleRate: Double { configuration.sampleRate }
  /// One channel.
  public var channelCount: Int { 1 }
  /// Number of estimates.
  public var sourceCount: Int { configuration.sources }

  /// One window at least.
  public func validLength(_ samples: Int) -> Int { max(samples, configuration.filterLength) }

  /// The estimates of a mixture.
  ///
  /// - Parameter mixture: `[batch, 1, samples]`, at least one window of samples.
  /// - Returns: `[batch, sources, 1, samples]`; samples after the last whole window are zero.
  public func callAsFunction(_ mixture: Tensor<Float>) -> Tensor<Float> {
    let c = configuration
    let (encoded, masks) = parts(mixture)
    let (batch, frames, samples) = (encoded.shape[0], encoded.shape[2], mixture.shape[2])
    let masked = (masks * encoded.expanded(at: 1)).reshaped([batch * c.sources, c.filters, frames])
    let sound = masked.convolvedTransposed(decoder, ConvolutionOptions(axes: 1, stride: c.filterLength / 2))
    return sound.padded(after: samples - sound.shape[2], axis: 2).reshaped([batch, c.sources, 1, samples])
  }

  /// The encoder's values, `[batch, N, frames]`, and the masks, `[batch, sources, N, frames]`.
  ///
  /// - Parameter mixture: `[batch, 1, samples]`.
  /// - Returns: both.
  public func parts(_ mixture: Tensor<Float>) -> (encoded: Tensor<Float>, masks: Tensor<Float>) {
    let c = configuration
    precondition(
      mixture.rank == 3 && mixture.shape[1] == 1 && mixture.shape[2] >= c.filterLength,
      "MossFormer2: mixture has shape \(mixture.shape), expected [batch, 1, \(c.filterLength) or more]"
    )
    let encoded = mixture.convolved(encoder, ConvolutionOptions(axes: 1, stride: c.filterLength / 2)).relu()
    let frames = encoded.shape[2]
    let start = inputConvolution(inputNorm(encoded)).transposed() + Self.positions(frames, c.width) * positionScale
    var sequence = start
    for index in attention.indices {
      sequence = attention[index](sequence)
      if c.hasRecurrence { sequence = recurrence[index](sequence) }
    }
    let stacked = outputNorm(stackNorm(sequence).transposed()) + start.transposed()
    let split = sourceConvolution(PReLU.apply(stacked, slope.weight))
      .reshaped([encoded.shape[0] * c.sources, c.width, frames])
    let gated = content(split).tanh() * gate(split).sigmoid()
    let masks = maskConvolution(gated).relu().reshaped([encoded.shape[0], c.sources, c.filters, frames])
    return (encoded, masks)
  }

  /// Sines, then cosines of the frame at frequencies 10000^(-2i/width), `[frames, width]`.
  private static func positions(_ frames: Int, _ width: Int) -> Tensor<Float> {
    let half = width / 2
    let steps = (0..<half).map { pow(10000, -2 * Double($0) / Double(width)) }
    var values = [Float](repeating: 0, count: frames * width)
    for frame in 0..<frames {
      for (index, step) in steps.enumerated() {
        values[frame * width + index] = Float(sin(Double(frame) * step))
        values[frame * width + half + index] = Float(cos(Double(frame) * step))
      }
    }
    return Tensor(values, shape: [frames, width])
  }

  /// Shows all tensors under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("enc")
    visitor.enter("conv1d")
    visitor.visit("weight", &encoder)
    visitor.leave()
    visitor.leave()
    visitor.enter("mask_net")
    visitor.visit("norm", &inputNorm)
    visitor.visit("conv1d_encoder", &inputConvolution)
    visitor.enter("pos_enc")
    visitor.visit("scale", &positionScale)
    visitor.leave()
    visitor.enter("mdl")
    visitor.enter("intra_mdl")
    visitor.enter("mossformerM")
    visitor.visit("layers", &attention)
    visitor.visit("fsmn", &recurrence)
    visitor.leave()
    visitor.visit("norm", &stackNorm)
    visitor.leave()
    visitor.visit("intra_norm", &outputNorm)
    visitor.leave()
    visitor.visit("prelu", &slope)
    visitor.visit("conv1d_out", &sourceConvolution)
    visitor.enter("output")
    visitor.visit("0", &content)
    visitor.leave()
    visitor.enter("output_gate")
    visitor.visit("0", &gate)
    visitor.leave()
    visitor.visit("conv1_decoder", &maskConvolution)
    visitor.leave()
    visitor.enter("dec")
    visitor.visit("weight", &decoder)
    visitor.leave()
  }
}
