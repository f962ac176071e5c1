public import Tensors

/// What a convolution adds at the ends of its input.
public enum ConvolutionPadding: Sendable, Equatable {
  /// As many zeros at both ends of each axis.
  case zeros(Int)
  /// Zeros that keep the length at stride 1.
  case same
  /// The zeros of `same`, all in front: an output sees nothing that comes after it.
  case causal
  /// The end values repeated, as many at both ends of each axis.
  case replicated(Int)
}

/// A convolution over 1 to 3 axes, `[batch, channels, axes…]`.
public struct Convolution: Module {
  /// Kernels, `[outputChannels, inputChannels / groups, axes…]`.
  public var weight: Tensor<Float>
  /// One value an output channel.
  public var bias: Tensor<Float>?
  /// How the kernel walks.
  public let options: ConvolutionOptions
  private let replicated: Int

  /// Makes a convolution with PyTorch's initial values: uniform within ±1/√fanIn.
  ///
  /// - Parameters:
  ///   - inputChannels: channels of the input.
  ///   - outputChannels: channels of the output.
  ///   - kernel: number of taps on each axis.
  ///   - stride: distance of neighbouring outputs.
  ///   - padding: what is added at the ends.
  ///   - dilation: distance of neighbouring taps.
  ///   - groups: parts of the channels that do not see each other; as many as channels for a depthwise convolution.
  ///   - hasBias: whether a bias is added.
  ///   - random: supplies the values.
  public init(
    inputChannels: Int,
    outputChannels: Int,
    kernel: [Int],
    stride: Int = 1,
    padding: ConvolutionPadding = .zeros(0),
    dilation: Int = 1,
    groups: Int = 1,
    hasBias: Bool = true,
    random: inout RandomStream
  ) {
    precondition(
      groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0,
      "Convolution: \(inputChannels) and \(outputChannels) channels do not fall into \(groups) groups"
    )
    var options = ConvolutionOptions(axes: kernel.count, stride: stride, dilation: dilation, groups: groups)
    var replicated = 0
    switch padding {
    case .zeros(let count): options.padding = kernel.map { _ in .init(before: count, after: count) }
    case .same: options.keepLength(kernel: kernel)
    case .causal: options.keepLength(kernel: kernel, causal: true)
    case .replicated(let count): replicated = count
    }
    (self.options, self.replicated) = (options, replicated)
    let fanIn = inputChannels / groups * kernel.reduce(1, *)
    weight = Initial.uniform([outputChannels, inputChannels / groups] + kernel, fanIn: fanIn, &random)
    bias = hasBias ? Initial.uniform([outputChannels], fanIn: fanIn, &random) : nil
  }

  /// The layer's result.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    precondition(
      x.rank == weight.rank && x.shape[1] == weight.shape[1] * options.groups,
      "Convolution(inputChannels: \(weight.shape[1] * options.groups), outputChannels: \(weight.shape[0])): input has shape \(x.shape); it must have \(weight.rank) axes and \(weight.shape[1] * options.groups) channels"
    )
    var x = x
    if replicated > 0 {
      for axis in 2..<x.rank { x = x.padded(before: replicated, after: replicated, axis: axis, mode: .replicated) }
    }
    return x.convolved(weight, bias: bias, options)
  }

  /// Shows `weight` and `bias`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }
}

/// The adjoint of a convolution over 1 to 3 axes, which lengthens its input.
public struct TransposedConvolution: Module {
  /// Kernels, `[inputChannels, outputChannels / groups, axes…]`.
  public var weight: Tensor<Float>
  /// One value an output channel.
  public var bias: Tensor<Float>?
  /// How the kernel walks.
  public let options: ConvolutionOptions
  /// Places added at the far end of each axis.
  public let outputPadding: Int

  /// Makes a layer with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - inputChannels: channels of the input.
  ///   - outputChannels: channels of the output.
  ///   - kernel: number of taps on each axis.
  ///   - stride: how much longer the output is.
  ///   - padding: places cut at both ends.
  ///   - outputPadding: places added at the far end, fewer than the stride.
  ///   - dilation: distance of neighbouring taps.
  ///   - groups: parts of the channels that do not see each other.
  ///   - hasBias: whether a bias is added.
  ///   - random: supplies the values.
  public init(
    inputChannels: Int,
    outputChannels: Int,
    kernel: [Int],
    stride: Int = 1,
    padding: Int = 0,
    outputPadding: Int = 0,
    dilation: Int = 1,
    groups: Int = 1,
    hasBias: Bool = true,
    random: inout RandomStream
  ) {
    precondition(
      groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0,
      "TransposedConvolution: \(inputChannels) and \(outputChannels) channels do not fall into \(groups) groups"
    )
    options = ConvolutionOptions(
      axes: kernel.count,
      stride: stride,
      padding: padding,
      dilation: dilation,
      groups: groups
    )
    self.outputPadding = outputPadding
    let fanIn = outputChannels / groups * kernel.reduce(1, *)
    weight = Initial.uniform([inputChannels, outputChannels / groups] + kernel, fanIn: fanIn, &random)
    bias = hasBias ? Initial.uniform([outputChannels], fanIn: fanIn, &random) : nil
  }

  /// Makes a layer that puts a patch in the place of each value: kernels as long as the strides.
  ///
  /// - Parameters:
  ///   - inputChannels: channels of the input.
  ///   - outputChannels: channels of the output.
  ///   - patch: how much longer each axis becomes.
  ///   - hasBias: whether a bias is added.
  ///   - random: supplies the values.
  public init(
    inputChannels: Int,
    outputChannels: Int,
    patch: [Int],
    hasBias: Bool = true,
    random: inout RandomStream
  ) {
    var options = ConvolutionOptions(axes: patch.count)
    options.stride = patch
    (self.options, outputPadding) = (options, 0)
    let fanIn = outputChannels * patch.reduce(1, *)
    weight = Initial.uniform([inputChannels, outputChannels] + patch, fanIn: fanIn, &random)
    bias = hasBias ? Initial.uniform([outputChannels], fanIn: fanIn, &random) : nil
  }

  /// The layer's result.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    x.convolvedTransposed(
      weight,
      bias: bias,
      options,
      outputPadding: [Int](repeating: outputPadding, count: options.stride.count)
    )
  }

  /// Shows `weight` and `bias`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }
}
