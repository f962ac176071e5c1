import Layers
import Tensors

/// A norm and the PReLU after it, in one pass.
struct NormedPReLU: Module {
  var norm: GroupNorm
  var prelu: PReLU
  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { norm(x, slope: prelu.weight) }
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("norm", &norm)
    visitor.visit("prelu", &prelu)
  }
}

/// A tensor alone.
struct Values: Module {
  var weight: Tensor<Float>
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("weight", &weight) }
}

/// 64 → 64 → 64 → 10.
struct MLP: Module {
  var layers: [Linear]
  init(random: inout RandomStream) {
    layers = [64, 64, 10].map { Linear(inputSize: 64, outputSize: $0, random: &random) }
  }
  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { layers[2](layers[1](layers[0](x).relu()).relu()) }
  mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("layers", &layers) }
}

/// One block of Conv-TasNet at its published size: B = 128, H = 512, Sc = 128, P = 3.
struct TasNetBlock: Module {
  var input: Convolution
  var first: NormedPReLU
  var depthwise: Convolution
  var second: NormedPReLU
  var residual: Convolution
  var skip: Convolution

  init(random: inout RandomStream) {
    input = Convolution(inputChannels: 128, outputChannels: 512, kernel: [1], random: &random)
    first = NormedPReLU(norm: .global(channels: 512), prelu: PReLU())
    depthwise = Convolution(
      inputChannels: 512,
      outputChannels: 512,
      kernel: [3],
      padding: .same,
      dilation: 8,
      groups: 512,
      random: &random
    )
    second = NormedPReLU(norm: .global(channels: 512), prelu: PReLU())
    residual = Convolution(inputChannels: 512, outputChannels: 128, kernel: [1], random: &random)
    skip = Convolution(inputChannels: 512, outputChannels: 128, kernel: [1], random: &random)
  }

  func callAsFunction(_ x: Tensor<Float>) -> (Tensor<Float>, Tensor<Float>) {
    let hidden = second(depthwise(first(input(x))))
    return (x + residual(hidden), skip(hidden))
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("input", &input)
    visitor.visit("first", &first)
    visitor.visit("depthwise", &depthwise)
    visitor.visit("second", &second)
    visitor.visit("residual", &residual)
    visitor.visit("skip", &skip)
  }
}
