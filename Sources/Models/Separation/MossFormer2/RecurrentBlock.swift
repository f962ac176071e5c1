public import Layers
public import Tensors

/// A memory over time without recurrence: dilated convolutions with dense connections, gated.
///
/// Source: S. Zhao and others, MossFormer2, 2024.
public struct RecurrentBlock: Module {
  private var down: Convolution
  private var slope = PReLU()
  private var firstNorm: LayerNorm
  private var value: FeedForwardConvolution
  private var gate: FeedForwardConvolution
  private var linear: Linear
  private var project: Linear
  private var memory: DilatedDenseNet
  private var secondNorm: LayerNorm
  private var up: Convolution

  /// Makes a block with PyTorch's initial values.
  public init(_ c: MossFormer2Configuration, random: inout RandomStream) {
    down = Convolution(inputChannels: c.width, outputChannels: c.inner, kernel: [1], random: &random)
    firstNorm = LayerNorm(size: c.inner)
    value = FeedForwardConvolution(.layer, inputs: c.inner, outputs: c.inner, &random)
    gate = FeedForwardConvolution(.layer, inputs: c.inner, outputs: c.inner, &random)
    linear = Linear(inputSize: c.inner, outputSize: c.inner, random: &random)
    project = Linear(inputSize: c.inner, outputSize: c.inner, hasBias: false, random: &random)
    memory = DilatedDenseNet(channels: c.inner, order: c.order, random: &random)
    secondNorm = LayerNorm(size: c.inner)
    up = Convolution(inputChannels: c.inner, outputChannels: c.width, kernel: [1], random: &random)
  }

  /// `[batch, frames, width]` to the same shape.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let rule = Normalization(length: firstNorm.weight?.count ?? 1, epsilon: 1e-5)
    let bent = Self.mapped(x, down)
    let p = bent.normalized(rule, weight: firstNorm.weight, bias: firstNorm.bias, inputSlope: slope.weight)
    let u = value(p)
    let remembered = memory(project(linear(u).relu()).transposed()).transposed()
    let q = gate(p) * (u + remembered) + p
    return x + Self.mapped(secondNorm(q), up)
  }

  /// A convolution of one tap on sequences with features last.
  private static func mapped(_ x: Tensor<Float>, _ layer: Convolution) -> Tensor<Float> {
    let product = x.matmul(layer.weight.squeezed(2), transposesRight: true)
    return layer.bias.map { product + $0 } ?? product
  }

  /// Shows the parts under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("conv1")
    visitor.visit("0", &down)
    visitor.visit("1", &slope)
    visitor.leave()
    visitor.visit("norm1", &firstNorm)
    visitor.enter("gated_fsmn")
    visitor.visit("to_u", &value)
    visitor.visit("to_v", &gate)
    visitor.enter("fsmn")
    visitor.visit("linear", &linear)
    visitor.visit("project", &project)
    visitor.visit("conv", &memory)
    visitor.leave()
    visitor.leave()
    visitor.visit("norm2", &secondNorm)
    visitor.visit("conv2", &up)
  }
}

/// Two layers of grouped convolutions over time, the second dilated and fed with the input too.
public struct DilatedDenseNet: Module {
  private var weights: [Tensor<Float>]
  private var gains: [Tensor<Float>]
  private var shifts: [Tensor<Float>]
  private var slopes: [Tensor<Float>]
  private let channels: Int
  private let order: Int

  /// Makes a net of depth 2 with 2 · order - 1 taps and PyTorch's initial values.
  public init(channels: Int, order: Int, random: inout RandomStream) {
    (self.channels, self.order) = (channels, order)
    weights = (1...2).map { inputs in
      Initial.uniform([channels, inputs, 2 * order - 1, 1], fanIn: inputs * (2 * order - 1), &random)
    }
    gains = (0..<2).map { _ in .ones([channels]) }
    shifts = (0..<2).map { _ in .zeros([channels]) }
    slopes = (0..<2).map { _ in Tensor(repeating: 0.25, shape: [channels]) }
  }

  /// `[batch, channels, frames]` to the same shape.
  ///
  /// Group c of the second layer reads the neighbours 2c and 2c + 1 of (output of the first layer, input), as the
  /// reference does: the lower half of its channels sees the first layer only, the upper half the input only.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let first = layer(0, x)
    return layer(1, .concatenated([first, x], axis: 1))
  }

  private func layer(_ index: Int, _ x: Tensor<Float>) -> Tensor<Float> {
    let dilation = 1 << index
    let options = ConvolutionOptions(
      axes: 1,
      padding: (order - 1) * dilation,
      dilation: dilation,
      groups: channels
    )
    let values = x.convolved(weights[index].squeezed(3), options)
    let frames = x.shape[2]
    let rule = Normalization(length: frames, period: frames, epsilon: 1e-5)
    return values.normalized(rule, weight: gains[index], bias: shifts[index], slope: slopes[index])
  }

  /// Shows `conv1`, `norm1`, `prelu1` and so on.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    for index in weights.indices {
      visitor.enter("conv\(index + 1)")
      visitor.visit("weight", &weights[index])
      visitor.leave()
      visitor.enter("norm\(index + 1)")
      visitor.visit("weight", &gains[index])
      visitor.visit("bias", &shifts[index])
      visitor.leave()
      visitor.enter("prelu\(index + 1)")
      visitor.visit("weight", &slopes[index])
      visitor.leave()
    }
  }
}
