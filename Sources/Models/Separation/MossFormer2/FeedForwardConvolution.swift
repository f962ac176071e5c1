internal import Layers
internal import Tensors

/// Norm, linear map, SiLU, and a depthwise convolution of 17 taps over time beside the values themselves.
struct FeedForwardConvolution: Module {
  private var scaleNorm: ScaleNorm?
  private var layerNorm: LayerNorm?
  private var linear: Linear
  private var depthwise: Convolution

  enum Norm { case scale, layer }

  init(_ norm: Norm, inputs: Int, outputs: Int, _ random: inout RandomStream) {
    scaleNorm = norm == .scale ? ScaleNorm(size: inputs) : nil
    layerNorm = norm == .layer ? LayerNorm(size: inputs) : nil
    linear = Linear(inputSize: inputs, outputSize: outputs, random: &random)
    depthwise = Convolution(
      inputChannels: outputs,
      outputChannels: outputs,
      kernel: [17],
      padding: .same,
      groups: outputs,
      hasBias: false,
      random: &random
    )
  }

  /// `[batch, frames, inputs]` to `[batch, frames, outputs]`.
  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let normed = scaleNorm.map { $0(x) } ?? layerNorm.map { $0(x) } ?? x
    // The product with the transposed sequence comes out channel first, as the convolution wants it: no copy.
    let weight = linear.weight.reshaped([1] + linear.weight.shape)
    let product = weight.matmul(normed, transposesRight: true)
    let hidden = (linear.bias.map { product + $0.reshaped([$0.count, 1]) } ?? product).silu()
    return (hidden + depthwise(hidden)).transposed()
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("mdl")
    visitor.visit("0", &scaleNorm)
    visitor.visit("0", &layerNorm)
    visitor.visit("1", &linear)
    // Places 2 and 4 are the activation and the dropout; the convolution lies in two shells of the reference.
    for name in ["3", "sequential", "1"] { visitor.enter(name) }
    visitor.visit("conv", &depthwise)
    for _ in 0..<4 { visitor.leave() }
  }
}
