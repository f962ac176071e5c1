/// All lengths of one convolution over 1 to 3 axes: `[batch, channels, axes…]` with `[out, in / groups, axes…]`.
struct ConvolutionPlan: Hashable {
  var batch: Int
  var inputChannels: Int
  var outputChannels: Int
  var groups: Int
  var input: [Int]
  var output: [Int]
  var kernel: [Int]
  var options: ConvolutionOptions

  var axes: Int { kernel.count }
  var inputShape: [Int] { [batch, inputChannels] + input }
  var outputShape: [Int] { [batch, outputChannels] + output }
  var weightShape: [Int] { [outputChannels, inputChannels / groups] + kernel }
  var inputLength: Int { input.reduce(1, *) }
  var outputLength: Int { output.reduce(1, *) }
  var taps: Int { kernel.reduce(1, *) }

  /// Whether the convolution is a matrix product of channels at each place.
  var isPointwise: Bool {
    groups == 1 && taps == 1 && options.stride.allSatisfy { $0 == 1 }
      && options.padding.allSatisfy { $0 == .none }
  }

  /// Whether the kernels of few channels over time serve best.
  var isDepthwiseOverTime: Bool {
    axes == 1 && options.stride[0] == 1 && groups > 1 && inputChannels / groups <= 4
      && outputChannels / groups <= 4
  }

  /// Multiplications of one pass.
  var cost: Int { outputLength * batch * outputChannels * inputChannels / groups * taps }
}

/// How a kernel walks over its input.
public struct ConvolutionOptions: Sendable, Hashable {
  /// Zeros added before and after an axis.
  public struct Ends: Sendable, Hashable {
    /// Zeros in front.
    public var before: Int
    /// Zeros behind.
    public var after: Int

    /// Makes two ends.
    public init(before: Int, after: Int) { (self.before, self.after) = (before, after) }

    /// No zeros.
    public static let none = Ends(before: 0, after: 0)
  }

  /// Distance of neighbouring outputs, for each axis.
  public var stride: [Int]
  /// Zeros at the ends of each axis.
  public var padding: [Ends]
  /// Distance of neighbouring taps, for each axis.
  public var dilation: [Int]
  /// Into how many parts the channels fall that do not see each other.
  public var groups: Int

  /// Makes options that are equal on all axes.
  ///
  /// - Parameters:
  ///   - axes: how many axes the kernel has.
  ///   - stride: distance of neighbouring outputs.
  ///   - padding: zeros at both ends.
  ///   - dilation: distance of neighbouring taps.
  ///   - groups: parts of the channels that do not see each other.
  public init(axes: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
    self.stride = Array(repeating: stride, count: axes)
    self.padding = Array(repeating: Ends(before: padding, after: padding), count: axes)
    self.dilation = Array(repeating: dilation, count: axes)
    self.groups = groups
  }

  /// Zeros with which a stride of 1 keeps the length, or, where causal, all of them in front.
  ///
  /// - Parameters:
  ///   - kernel: lengths of the kernel.
  ///   - causal: whether an output may see nothing that comes after it.
  public mutating func keepLength(kernel: [Int], causal: Bool = false) {
    for axis in kernel.indices {
      let reach = dilation[axis] * (kernel[axis] - 1)
      padding[axis] = causal ? Ends(before: reach, after: 0) : Ends(before: reach / 2, after: reach - reach / 2)
    }
  }
}

extension ConvolutionPlan {
  init(input x: [Int], weights w: [Int], _ options: ConvolutionOptions, _ name: StaticString) {
    let axes = options.stride.count
    precondition(
      (1...3).contains(axes) && options.padding.count == axes && options.dilation.count == axes,
      "\(name): options for \(axes) axes; there must be 1 to 3 of stride, padding and dilation alike"
    )
    precondition(
      x.count == axes + 2 && w.count == axes + 2,
      "\(name): input \(x) and weights \(w) must have \(axes + 2) axes"
    )
    precondition(
      options.groups > 0 && x[1] % options.groups == 0 && w[0] % options.groups == 0 && w[1] * options.groups == x[1],
      "\(name): input \(x) has \(x[1]) channels; weights \(w) in \(options.groups) groups need \(w[1] * options.groups)"
    )
    batch = x[0]
    inputChannels = x[1]
    outputChannels = w[0]
    groups = options.groups
    input = Array(x[2...])
    kernel = Array(w[2...])
    self.options = options
    output = []
    for axis in 0..<axes {
      precondition(
        options.stride[axis] > 0 && options.dilation[axis] > 0 && kernel[axis] > 0,
        "\(name): stride \(options.stride), dilation \(options.dilation) and kernel \(kernel) must be positive"
      )
      let ends = options.padding[axis]
      let room = input[axis] + ends.before + ends.after - options.dilation[axis] * (kernel[axis] - 1) - 1
      precondition(
        room >= 0,
        "\(name): axis \(axis + 2) of input \(x) with padding \(ends.before) + \(ends.after) is shorter than the kernel \(w)"
      )
      output.append(room / options.stride[axis] + 1)
    }
  }
}
