internal import Layers
internal import Tensors

/// A layer of the encoder: a convolution that lowers the rate, then a mixture of channels with gates.
struct EncoderLayer: Module {
  var convolution: Convolution
  var rewrite: Convolution?
  let hasGates: Bool

  init(_ c: DemucsConfiguration, inputs: Int, outputs: Int, _ random: inout RandomStream) {
    hasGates = c.hasGates
    convolution = Convolution(
      inputChannels: inputs,
      outputChannels: outputs,
      kernel: [DemucsConfiguration.kernel],
      stride: DemucsConfiguration.stride,
      random: &random
    )
    rewrite =
      c.hasRewrite
      ? Convolution(
        inputChannels: outputs,
        outputChannels: c.hasGates ? 2 * outputs : outputs,
        kernel: [1],
        random: &random
      )
      : nil
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let lowered = convolution(x).relu()
    guard let rewrite else { return lowered }
    return hasGates ? rewrite(lowered).gated() : rewrite(lowered).relu()
  }

  mutating func rescale(to reference: Float) {
    Rescaling.apply(reference, &convolution.weight, &convolution.bias)
    guard var mixing = rewrite else { return }
    Rescaling.apply(reference, &mixing.weight, &mixing.bias)
    rewrite = mixing
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("0", &convolution)
    visitor.visit("2", &rewrite)
  }
}

/// A layer of the decoder: a convolution over neighbours with gates, then one that raises the rate.
struct DecoderLayer: Module {
  var context: Convolution?
  var transposed: TransposedConvolution
  let hasGates: Bool
  let isLast: Bool

  init(_ c: DemucsConfiguration, inputs: Int, outputs: Int, isLast: Bool, _ random: inout RandomStream) {
    (hasGates, self.isLast) = (c.hasGates, isLast)
    // Without the rewriting convolutions the decoder has none over neighbours either.
    context =
      c.hasRewrite
      ? Convolution(
        inputChannels: inputs,
        outputChannels: c.hasGates ? 2 * inputs : inputs,
        kernel: [c.context],
        random: &random
      ) : nil
    transposed = TransposedConvolution(
      inputChannels: inputs,
      outputChannels: outputs,
      kernel: [DemucsConfiguration.kernel],
      stride: DemucsConfiguration.stride,
      random: &random
    )
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    var hidden = x
    if let context { hidden = hasGates ? context(x).gated() : context(x).relu() }
    let raised = transposed(hidden)
    return isLast ? raised : raised.relu()
  }

  mutating func rescale(to reference: Float) {
    Rescaling.apply(reference, &transposed.weight, &transposed.bias)
    guard var neighbors = context else { return }
    Rescaling.apply(reference, &neighbors.weight, &neighbors.bias)
    context = neighbors
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("0", &context)
    visitor.visit(context == nil ? "0" : "2", &transposed)
  }
}

/// A bidirectional LSTM over time and a linear map back to the width, `[batch, channels, frames]`.
struct SequenceMiddle: Module {
  var lstm: LSTM
  var linear: Linear

  init(width: Int, layers: Int, _ random: inout RandomStream) {
    lstm = LSTM(inputSize: width, hiddenSize: width, layers: layers, isBidirectional: true, random: &random)
    linear = Linear(inputSize: 2 * width, outputSize: width, random: &random)
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    linear(lstm(x.permuted([2, 0, 1])).output).permuted([1, 2, 0])
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("lstm", &lstm)
    visitor.visit("linear", &linear)
  }
}

/// Weights brought nearer to a deviation: w / √(deviation / reference), and the bias with them.
enum Rescaling {
  static func apply(_ reference: Float, _ weight: inout Tensor<Float>, _ bias: inout Tensor<Float>?) {
    let deviation = weight.variance(correction: 1).value.squareRoot()
    let factor = (reference / deviation).squareRoot()
    weight = weight * factor
    bias = bias.map { $0 * factor }
  }
}
