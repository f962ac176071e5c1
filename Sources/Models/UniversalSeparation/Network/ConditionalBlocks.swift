package import Layers
package import Tensors

/// Batch norm, shift by the condition, leaky ReLU, convolution of 3×3; twice, added to the input.
///
/// Source: bytedance/uss, `ConvBlockRes`; the condition adds to channels and does not scale them.
package struct ConditionalResidualBlock: Module {
  private var norms: [BatchNorm]
  private var convolutions: [Convolution]
  private var shortcut: Convolution?

  package init(_ inputChannels: Int, _ outputChannels: Int, momentum: Float, random: inout RandomStream) {
    norms = [inputChannels, outputChannels].map { BatchNorm(channels: $0, momentum: momentum) }
    convolutions = []
    for channels in [inputChannels, outputChannels] {
      convolutions.append(Convolution(glorot: channels, outputChannels, kernel: 3, hasBias: false, random: &random))
    }
    if inputChannels != outputChannels {
      shortcut = Convolution(glorot: inputChannels, outputChannels, kernel: 1, random: &random)
    }
  }

  /// `[batch, inputChannels, time, frequency]` to as many places with the output's channels; two shifts `[batch, channels]`.
  package mutating func callAsFunction(
    _ x: Tensor<Float>,
    shifts: ArraySlice<Tensor<Float>>?,
    mode: Mode
  ) -> Tensor<Float> {
    var inner = x
    for index in norms.indices {
      let shift = shifts.map { $0[$0.startIndex + index] }
      inner = convolutions[index](norms[index](inner, shift: shift, slope: leak, mode: mode))
    }
    return (shortcut.map { $0(x) } ?? x) + inner
  }

  package mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    for index in norms.indices { visitor.visit("bn\(index + 1)", &norms[index]) }
    for index in convolutions.indices { visitor.visit("conv\(index + 1)", &convolutions[index]) }
    visitor.visit("shortcut", &shortcut)
  }
}

/// A residual block, and its output with each patch of places brought to its mean.
package struct ConditionalEncoderBlock: Module {
  private var block: ConditionalResidualBlock
  private let patch: [Int]

  package init(
    _ inputChannels: Int,
    _ outputChannels: Int,
    patch: [Int],
    momentum: Float,
    random: inout RandomStream
  ) {
    block = ConditionalResidualBlock(inputChannels, outputChannels, momentum: momentum, random: &random)
    self.patch = patch
  }

  /// The output with all its places, for the decoder, and the smaller one.
  package mutating func callAsFunction(
    _ x: Tensor<Float>,
    shifts: ArraySlice<Tensor<Float>>?,
    mode: Mode
  ) -> (full: Tensor<Float>, pooled: Tensor<Float>) {
    let full = block(x, shifts: shifts, mode: mode)
    var pooled = full
    for (axis, factor) in patch.enumerated() where factor > 1 {
      pooled = pooled.averagePooled(factor, axes: [axis + 2])
    }
    return (full, pooled)
  }

  package mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("conv_block1", &block)
  }
}

/// A block of the way back: each place becomes a patch, the encoder's output is put beside it, and a residual block follows.
package struct ConditionalDecoderBlock: Module {
  private var norm: BatchNorm
  /// Learned values that the official network holds and never reads; they count as parameters.
  private var idleNorm: BatchNorm?
  private var upward: TransposedConvolution
  private var block: ConditionalResidualBlock

  package init(
    _ inputChannels: Int,
    _ outputChannels: Int,
    patch: [Int],
    hasIdleNorm: Bool,
    momentum: Float,
    random: inout RandomStream
  ) {
    norm = BatchNorm(channels: inputChannels, momentum: momentum)
    idleNorm = hasIdleNorm ? BatchNorm(channels: inputChannels, momentum: momentum) : nil
    upward = TransposedConvolution(
      inputChannels: inputChannels,
      outputChannels: outputChannels,
      patch: patch,
      hasBias: false,
      random: &random
    )
    upward.weight = Initial.xavierUniform(upward.weight.shape, &random)
    block = ConditionalResidualBlock(2 * outputChannels, outputChannels, momentum: momentum, random: &random)
  }

  /// Shifts: that of the norm before the way up, that of the idle norm where there is one, and the two of the residual block.
  package mutating func callAsFunction(
    _ x: Tensor<Float>,
    skip: Tensor<Float>,
    shifts: ArraySlice<Tensor<Float>>?,
    mode: Mode
  ) -> Tensor<Float> {
    let up = upward(norm(x, shift: shifts?.first, slope: leak, mode: mode))
    return block(.concatenated([up, skip], axis: 1), shifts: shifts?.suffix(2), mode: mode)
  }

  package mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("bn1", &norm)
    visitor.visit("bn2", &idleNorm)
    visitor.visit("conv1", &upward)
    visitor.visit("conv_block2", &block)
  }
}

/// Slope of the leaky ReLU for negative values.
private let leak: Float = 0.01

extension Convolution {
  /// A convolution of kernel×kernel taps that keeps the sides, with Glorot's uniform weights and zero biases.
  init(glorot inputChannels: Int, _ outputChannels: Int, kernel: Int, hasBias: Bool = true, random: inout RandomStream)
  {
    self.init(
      inputChannels: inputChannels,
      outputChannels: outputChannels,
      kernel: [kernel, kernel],
      padding: .zeros(kernel / 2),
      hasBias: hasBias,
      random: &random
    )
    weight = Initial.xavierUniform(weight.shape, &random)
    bias = bias.map { .zeros($0.shape) }
  }
}
