public import Layers
internal import Tensors

/// Two convolutions with norms, the time's features added between them, and a shortcut.
public struct TimedResidualBlock: Module {
  private var inputNorm: GroupNorm
  private var inputConvolution: Convolution
  private var time: Linear
  private var outputNorm: GroupNorm
  private var outputConvolution: Convolution
  private var shortcut: Convolution?

  init(inputChannels: Int, outputChannels: Int, timeWidth: Int, random: inout RandomStream) {
    inputNorm = GroupNorm(groups: 32, channels: inputChannels)
    inputConvolution = Convolution(square: inputChannels, outputChannels, &random)
    time = Linear(inputSize: timeWidth, outputSize: outputChannels, random: &random)
    outputNorm = GroupNorm(groups: 32, channels: outputChannels)
    outputConvolution = Convolution(square: outputChannels, outputChannels, &random)
    outputConvolution.clear()
    if inputChannels != outputChannels {
      shortcut = Convolution(
        inputChannels: inputChannels,
        outputChannels: outputChannels,
        kernel: [1, 1],
        random: &random
      )
    }
  }

  /// `[batch, inputChannels, rows, columns]` and `[batch, timeWidth]` to `[batch, outputChannels, rows, columns]`.
  func callAsFunction(_ x: Tensor<Float>, time features: Tensor<Float>) -> Tensor<Float> {
    let shift = time(features.silu()).expanded(at: 2).expanded(at: 3)
    let inner = inputConvolution(inputNorm(x).silu()) + shift
    return (shortcut.map { $0(x) } ?? x) + outputConvolution(outputNorm(inner).silu())
  }

  /// Shows `in_layers`, `emb_layers`, `out_layers` and `skip_connection`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("in_layers")
    visitor.visit("0", &inputNorm)
    visitor.visit("2", &inputConvolution)
    visitor.leave()
    visitor.enter("emb_layers")
    visitor.visit("1", &time)
    visitor.leave()
    visitor.enter("out_layers")
    visitor.visit("0", &outputNorm)
    visitor.visit("3", &outputConvolution)
    visitor.leave()
    visitor.visit("skip_connection", &shortcut)
  }
}

extension Convolution {
  /// A convolution of 3×3 taps that keeps the sides at stride 1.
  init(square inputChannels: Int, _ outputChannels: Int, stride: Int = 1, _ random: inout RandomStream) {
    self.init(
      inputChannels: inputChannels,
      outputChannels: outputChannels,
      kernel: [3, 3],
      stride: stride,
      padding: .zeros(1),
      random: &random
    )
  }

  /// Makes all values zero, so that a part is silent at first.
  mutating func clear() {
    weight = .zeros(weight.shape)
    bias = bias.map { .zeros($0.shape) }
  }
}
