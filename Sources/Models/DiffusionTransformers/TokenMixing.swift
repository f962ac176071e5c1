/// How tokens read from each other.
public enum TokenMixing: Sendable, Equatable {
  /// softmax(q kᵀ / √d_h) v, quadratic in the number of tokens: DiT.
  case softmax
  /// ReLU attention, linear in the number of tokens; with a depthwise convolution of the values where one is given: LiT.
  case linear(DepthwiseKernel?)

  /// Linear attention with the published convolution, 5×5 and shared by heads.
  public static let lit = TokenMixing.linear(DepthwiseKernel(size: 5))

  var kernel: DepthwiseKernel? {
    if case .linear(let kernel) = self { kernel } else { nil }
  }
}

/// The convolution of the values in linear attention.
public struct DepthwiseKernel: Sendable, Equatable {
  /// Taps a side, an odd number.
  public var size: Int
  /// Whether all heads share one kernel a channel; else each of the model's channels has its own.
  public var isShared: Bool

  /// Describes a convolution.
  public init(size: Int, isShared: Bool = true) { (self.size, self.isShared) = (size, isShared) }
}
