package import Layers
internal import Tensors

/// One block of the separator: 1×1 up, depthwise over time, 1×1 down to the residual and the skip path.
package struct TemporalBlock: Module {
  private var input: Convolution
  private var firstSlope = PReLU()
  private var firstNorm: SequenceNorm
  private var depthwise: Convolution
  private var secondSlope = PReLU()
  private var secondNorm: SequenceNorm
  private var residual: Convolution?
  private var skip: Convolution?
  private let form: ConvTasNetConfiguration.Form
  private let isCausal: Bool

  /// What a block remembers of the frames before a stretch.
  struct State: Sendable {
    var tail: Tensor<Float>?
    var first: CumulativeNorm.Moments?
    var second: CumulativeNorm.Moments?
  }

  init(_ c: ConvTasNetConfiguration, dilation: Int, isLast: Bool, _ random: inout RandomStream) {
    (form, isCausal) = (c.form, c.isCausal)
    let hasBias = c.form == .skip
    func pointwise(_ inputs: Int, _ outputs: Int) -> Convolution {
      Convolution(inputChannels: inputs, outputChannels: outputs, kernel: [1], hasBias: hasBias, random: &random)
    }
    input = pointwise(c.bottleneck, c.hidden)
    depthwise = Convolution(
      inputChannels: c.hidden,
      outputChannels: c.hidden,
      kernel: [c.kernel],
      padding: c.isCausal ? .causal : .same,
      dilation: dilation,
      groups: c.hidden,
      hasBias: hasBias,
      random: &random
    )
    firstNorm = SequenceNorm(c.norm, channels: c.hidden, isWide: c.form == .residual)
    secondNorm = SequenceNorm(c.norm, channels: c.hidden, isWide: c.form == .residual)
    // Nobody reads the residual path of the last block.
    residual = c.form == .skip && isLast ? nil : pointwise(c.hidden, c.bottleneck)
    skip = c.form == .skip ? pointwise(c.hidden, c.skip) : nil
  }

  /// The residual path after this block, and what it gives to the skip path.
  ///
  /// - Parameters:
  ///   - x: `[batch, B, frames]`.
  ///   - state: what is remembered of earlier frames; nil where x is all there is.
  /// - Returns: `[batch, B, frames]` and `[batch, Sc, frames]`.
  func callAsFunction(_ x: Tensor<Float>, state: inout State?) -> (residual: Tensor<Float>, skip: Tensor<Float>?) {
    var moments = (state?.first, state?.second)
    var hidden = firstNorm(input(x), slope: firstSlope.weight, moments: &moments.0)
    if state == nil {
      hidden = depthwise(hidden)
    } else {
      let reach = depthwise.options.dilation[0] * (depthwise.weight.shape[2] - 1)
      let before = state?.tail ?? .zeros([hidden.shape[0], hidden.shape[1], reach])
      let joined = Tensor<Float>.concatenated([before, hidden], axis: 2)
      var options = depthwise.options
      options.padding = [.none]
      hidden = joined.convolved(depthwise.weight, bias: depthwise.bias, options)
      state?.tail = joined.sliced(joined.shape[2] - reach..<joined.shape[2], axis: 2)
    }
    hidden = secondNorm(hidden, slope: secondSlope.weight, moments: &moments.1)
    if state != nil {
      state?.first = moments.0
      state?.second = moments.1
    }
    return (residual.map { x + $0(hidden) } ?? x, skip.map { $0(hidden) })
  }

  /// Shows the parts under the names of the form's reference.
  package mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    switch form {
    case .skip:
      visitor.enter("conv_layers")
      visitor.visit("0", &input)
      visitor.visit("1", &firstSlope)
      visitor.visit("2", &firstNorm)
      visitor.visit("3", &depthwise)
      visitor.visit("4", &secondSlope)
      visitor.visit("5", &secondNorm)
      visitor.leave()
      visitor.visit("res_out", &residual)
      visitor.visit("skip_out", &skip)
    case .residual:
      visitor.enter("net")
      visitor.visit("0", &input)
      visitor.visit("1", &firstSlope)
      visitor.visit("2", &firstNorm)
      visitor.enter("3")
      visitor.enter("net")
      visitor.visit("0", &depthwise)
      // The reference has a layer that cuts the padding's tail in the causal case.
      let offset = isCausal ? 2 : 1
      visitor.visit("\(offset)", &secondSlope)
      visitor.visit("\(offset + 1)", &secondNorm)
      visitor.visit("\(offset + 2)", &residual)
      for _ in 0..<3 { visitor.leave() }
    }
  }
}
