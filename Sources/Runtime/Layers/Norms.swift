public import Tensors

/// Zero mean and unit variance over the last axis.
///
/// Source: J. Ba, J. Kiros, G. Hinton, "Layer normalization", 2016; names as in PyTorch.
public struct LayerNorm: Module {
  /// Factors, `[size]`.
  public var weight: Tensor<Float>?
  /// Summands, `[size]`.
  public var bias: Tensor<Float>?
  private let size: Int
  private let epsilon: Double

  /// Makes a norm; without the affine map it has no parameters.
  public init(size: Int, epsilon: Double = 1e-5, hasAffine: Bool = true, hasBias: Bool = true) {
    (self.size, self.epsilon) = (size, epsilon)
    weight = hasAffine ? .ones([size]) : nil
    bias = hasAffine && hasBias ? .zeros([size]) : nil
  }

  /// The normalised values, `[…, size]`.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    precondition(
      x.shape.last == size,
      "LayerNorm(size: \(size)): input has shape \(x.shape); its last dimension must be \(size)"
    )
    return x.normalized(Normalization(length: size, epsilon: epsilon), weight: weight, bias: bias)
  }

  /// Shows `weight` and `bias`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }
}

/// Unit mean square over the last axis: x / √(mean x² + ε) · weight.
///
/// Source: B. Zhang, R. Sennrich, 2019.
public struct RMSNorm: Module {
  /// Factors, `[size]`; none for the simple norm.
  public var weight: Tensor<Float>?
  private let size: Int
  private let epsilon: Double

  /// Makes a norm; without the affine map it has no parameters.
  public init(size: Int, epsilon: Double = 1e-6, hasAffine: Bool = true) {
    (self.size, self.epsilon) = (size, epsilon)
    weight = hasAffine ? .ones([size]) : nil
  }

  /// The normalised values, `[…, size]`.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    precondition(
      x.shape.last == size,
      "RMSNorm(size: \(size)): input has shape \(x.shape); its last dimension must be \(size)"
    )
    return x.normalized(Normalization(length: size, epsilon: epsilon, centers: false), weight: weight)
  }

  /// Shows `weight`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("weight", &weight) }
}

/// x over its Euclidean length along the last axis, times √size⁻¹ and one learned factor.
///
/// Source: T. Nguyen, J. Salazar, 2019; the form of MossFormer.
public struct ScaleNorm: Module {
  /// The factor, `[1]`.
  public var g: Tensor<Float>
  private let size: Int
  private let epsilon: Float

  /// Makes a norm.
  public init(size: Int, epsilon: Float = 1e-5) {
    (self.size, self.epsilon) = (size, epsilon)
    g = .ones([1])
  }

  /// x / max(|x| / √size, ε) · g.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    precondition(
      x.shape.last == size,
      "ScaleNorm(size: \(size)): input has shape \(x.shape); its last dimension must be \(size)"
    )
    let length = x.norm([-1], keepsAxes: true) * (1 / Float(size).squareRoot())
    return x / length.clamped(to: epsilon...Float.greatestFiniteMagnitude) * g
  }

  /// Shows `g`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("g", &g) }
}

/// Zero mean and unit variance over groups of channels and all places, `[batch, channels, …]`.
///
/// One group is the global norm of separation networks (gLN); as many groups as channels is an instance norm.
public struct GroupNorm: Module {
  /// Factors, `[channels]`.
  public var weight: Tensor<Float>?
  /// Summands, `[channels]`.
  public var bias: Tensor<Float>?
  private let groups: Int
  private let channels: Int
  private let epsilon: Double

  /// Makes a norm; without the affine map it has no parameters.
  public init(groups: Int, channels: Int, epsilon: Double = 1e-5, hasAffine: Bool = true) {
    precondition(
      groups > 0 && channels % groups == 0,
      "GroupNorm: \(channels) channels do not fall into \(groups) groups"
    )
    (self.groups, self.channels, self.epsilon) = (groups, channels, epsilon)
    weight = hasAffine ? .ones([channels]) : nil
    bias = hasAffine ? .zeros([channels]) : nil
  }

  /// The global norm over channels and time (gLN).
  public static func global(channels: Int, epsilon: Double = 1e-8) -> GroupNorm {
    GroupNorm(groups: 1, channels: channels, epsilon: epsilon)
  }

  /// The instance norm, each channel of each item for itself; without an affine map, as is PyTorch's default.
  public static func instance(channels: Int, epsilon: Double = 1e-5, hasAffine: Bool = false) -> GroupNorm {
    GroupNorm(groups: channels, channels: channels, epsilon: epsilon, hasAffine: hasAffine)
  }

  /// The normalised values, with PReLUs after and before in the same pass.
  ///
  /// - Parameters:
  ///   - x: `[batch, channels, …]`.
  ///   - slope: slope of the PReLU after, `[1]` or `[channels]`; none is applied where nil.
  ///   - inputSlope: slope of the PReLU before, `[1]`; none is applied where nil.
  /// - Returns: the shape of x.
  public func callAsFunction(
    _ x: Tensor<Float>,
    slope: Tensor<Float>? = nil,
    inputSlope: Tensor<Float>? = nil
  ) -> Tensor<Float> {
    precondition(
      x.rank >= 2 && x.shape[1] == channels,
      "GroupNorm(groups: \(groups), channels: \(channels)): input has shape \(x.shape); axis 1 must be \(channels)"
    )
    let places = x.shape.dropFirst(2).reduce(1, *)
    let rule = Normalization(length: channels / groups * places, period: places, epsilon: epsilon)
    if weight == nil, slope != nil { return PReLU.apply(x.normalized(rule, inputSlope: inputSlope), slope) }
    return x.normalized(rule, weight: weight, bias: bias, slope: slope, inputSlope: inputSlope)
  }

  /// Shows `weight` and `bias`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }
}

/// Zero mean and unit variance over all channels and the time up to each frame (cLN), `[batch, channels, time]`.
///
/// Source: Y. Luo, N. Mesgarani, Conv-TasNet, 2019.
public struct CumulativeNorm: Module {
  /// Factors, `[channels]`.
  public var weight: Tensor<Float>
  /// Summands, `[channels]`.
  public var bias: Tensor<Float>
  private let epsilon: Float

  /// Makes a norm.
  public init(channels: Int, epsilon: Float = 1e-8) {
    self.epsilon = epsilon
    weight = .ones([channels])
    bias = .zeros([channels])
  }

  /// Sums over the frames so far, one for each item.
  public struct Moments: Sendable, Equatable {
    /// Sum of all values, `[batch, 1, 1]`.
    package var sum: Tensor<Float>
    /// Sum of their squares, `[batch, 1, 1]`.
    package var squares: Tensor<Float>
    /// Frames so far.
    package var frames: Int
  }

  /// The normalised values; frame k uses frames 0…k only.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    var moments: Moments?
    return callAsFunction(x, after: &moments)
  }

  /// The normalised values of a stretch of frames.
  ///
  /// - Parameters:
  ///   - x: `[batch, channels, time]`.
  ///   - moments: sums over the frames before, nil at the beginning; those with x included afterwards.
  /// - Returns: the shape of x.
  public func callAsFunction(_ x: Tensor<Float>, after moments: inout Moments?) -> Tensor<Float> {
    let channels = weight.count
    precondition(
      x.rank == 3 && x.shape[1] == channels,
      "CumulativeNorm(channels: \(channels)): input has shape \(x.shape), expected [batch, \(channels), time]"
    )
    let (first, frames) = (moments?.frames ?? 0, x.shape[2])
    var sum = x.sum(1, keepsAxes: true).cumulativeSum()
    var squares = x.squared().sum(1, keepsAxes: true).cumulativeSum()
    if let before = moments { (sum, squares) = (sum + before.sum, squares + before.squares) }
    if frames > 0 {
      moments = Moments(
        sum: sum.sliced(frames - 1..<frames, axis: 2).withoutGradient(),
        squares: squares.sliced(frames - 1..<frames, axis: 2).withoutGradient(),
        frames: first + frames
      )
    }
    let counts = Tensor<Float>((0..<frames).map { Float(channels * (first + $0 + 1)) })
    let mean = sum / counts
    let variance = (squares / counts - mean.squared()).relu()
    let scale = (variance + epsilon).reciprocalSqrt()
    return (x - mean) * scale * weight.reshaped([channels, 1]) + bias.reshaped([channels, 1])
  }

  /// Shows `weight` and `bias`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }
}

/// Zero mean and unit variance for each channel over batch and places, with running moments for evaluation.
///
/// Source: S. Ioffe, C. Szegedy, 2015; moments and names as in PyTorch.
public struct BatchNorm: Module {
  /// Factors, `[channels]`.
  public var weight: Tensor<Float>?
  /// Summands, `[channels]`.
  public var bias: Tensor<Float>?
  /// Running mean, `[channels]`.
  public var runningMean: Tensor<Float>
  /// Running variance, `[channels]`.
  public var runningVariance: Tensor<Float>
  private let momentum: Float
  private let epsilon: Double
  private let axis: Int

  /// Makes a norm.
  ///
  /// - Parameters:
  ///   - channels: number of channels.
  ///   - axis: where the channels are; negative ones count from the end.
  ///   - momentum: weight of a batch in the running moments.
  ///   - epsilon: added to the variance.
  ///   - hasAffine: whether factors and summands are learned.
  public init(
    channels: Int,
    axis: Int = 1,
    momentum: Float = 0.1,
    epsilon: Double = 1e-5,
    hasAffine: Bool = true
  ) {
    (self.axis, self.momentum, self.epsilon) = (axis, momentum, epsilon)
    weight = hasAffine ? .ones([channels]) : nil
    bias = hasAffine ? .zeros([channels]) : nil
    runningMean = .zeros([channels])
    runningVariance = .ones([channels])
  }

  /// The normalised values; in training the running moments move.
  public mutating func callAsFunction(_ x: Tensor<Float>, mode: Mode) -> Tensor<Float> {
    let channels = runningMean.count
    let place = axis < 0 ? axis + x.rank : axis
    precondition(
      x.rank >= 2 && place < x.rank && x.shape[place] == channels,
      "BatchNorm(channels: \(channels)): input has shape \(x.shape); axis \(axis) must be \(channels)"
    )
    if place != 1 {
      return apply(x.transposed(1, place), mode).transposed(1, place)
    }
    return apply(x, mode)
  }

  /// The values normalised, shifted for each item and bent, in as few passes over them as there can be.
  ///
  /// bend(norm(x) + shift), the leaky ReLU of a norm with additive feature-wise modulation.
  ///
  /// - Parameters:
  ///   - x: `[batch, channels, …]`; the norm's axis is 1.
  ///   - shift: summands of each item, `[batch, channels]`, or none.
  ///   - slope: slope of the leaky ReLU for negative values; 0 makes it a ReLU.
  ///   - mode: in training the running moments move.
  /// - Returns: the shape of x.
  public mutating func callAsFunction(
    _ x: Tensor<Float>,
    shift: Tensor<Float>? = nil,
    slope: Float,
    mode: Mode
  ) -> Tensor<Float> {
    let channels = runningMean.count
    precondition(
      axis == 1 && x.rank >= 2 && x.shape[1] == channels,
      "BatchNorm(channels: \(channels)): input has shape \(x.shape); axis 1 must be \(channels)"
    )
    guard mode == .training else {
      let map = evaluationMap
      return x.modulatedByChannel(factor: map.factor, summand: map.summand, shift: shift, slope: slope)
    }
    let (result, mean, variance) = x.modulatedBatchNormalized(
      weight: weight,
      bias: bias,
      shift: shift,
      slope: slope,
      epsilon: epsilon
    )
    move(mean, variance, of: x)
    return result
  }

  private mutating func apply(_ x: Tensor<Float>, _ mode: Mode) -> Tensor<Float> {
    if mode == .training {
      let (result, mean, variance) = x.batchNormalized(weight: weight, bias: bias, epsilon: epsilon)
      move(mean, variance, of: x)
      return result
    }
    let (factor, shift) = evaluationMap
    let wide = [factor.count] + [Int](repeating: 1, count: x.rank - 2)
    return x * factor.reshaped(wide) + shift.reshaped(wide)
  }

  /// Factor and summand of each channel by the running moments.
  private var evaluationMap: (factor: Tensor<Float>, summand: Tensor<Float>) {
    let scale = (runningVariance + Float(epsilon)).reciprocalSqrt()
    let factor = weight.map { $0 * scale } ?? scale
    return (factor, (bias ?? .zeros(factor.shape)) - runningMean * factor)
  }

  private mutating func move(_ mean: Tensor<Float>, _ variance: Tensor<Float>, of x: Tensor<Float>) {
    let count = Float(x.count / runningMean.count)
    precondition(count > 1, "BatchNorm: a batch of shape \(x.shape) has one value a channel, and so no variance")
    runningMean = runningMean * (1 - momentum) + mean * momentum
    runningVariance = runningVariance * (1 - momentum) + variance * (momentum * count / (count - 1))
  }

  /// Shows `weight`, `bias` and the state `running_mean`, `running_var`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
    visitor.visitState("running_mean", &runningMean)
    visitor.visitState("running_var", &runningVariance)
  }
}
