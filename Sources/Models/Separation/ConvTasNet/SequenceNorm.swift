package import Layers
internal import Tensors

/// One of Conv-TasNet's norms over `[batch, channels, frames]`, with the PReLU before it.
package struct SequenceNorm: Module {
  private let norm: ConvTasNetConfiguration.Norm
  private let isWide: Bool
  private var weight: Tensor<Float>
  private var bias: Tensor<Float>
  private let epsilon = 1e-8

  /// Makes a norm; wide gains have names and shape `[1, channels, 1]` of the residual form's reference.
  init(_ norm: ConvTasNetConfiguration.Norm, channels: Int, isWide: Bool) {
    (self.norm, self.isWide) = (norm, isWide)
    let shape = isWide ? [1, channels, 1] : [channels]
    (weight, bias) = (.ones(shape), .zeros(shape))
  }

  /// The norm of a PReLU's values, or of the values themselves.
  ///
  /// - Parameters:
  ///   - x: `[batch, channels, frames]`.
  ///   - slope: slope of the PReLU; none where nil.
  ///   - moments: sums over earlier frames, which a cumulative norm continues; nothing came before where nil.
  /// - Returns: the shape of x.
  func callAsFunction(
    _ x: Tensor<Float>,
    slope: Tensor<Float>? = nil,
    moments: inout CumulativeNorm.Moments?
  ) -> Tensor<Float> {
    let (channels, frames) = (x.shape[1], x.shape[2])
    switch norm {
    case .global:
      let rule = Normalization(length: channels * frames, period: frames, epsilon: epsilon)
      return x.normalized(rule, weight: weight, bias: bias, inputSlope: slope)
    case .channel:
      let rule = Normalization(length: channels, epsilon: epsilon)
      return x.transposed().normalized(rule, weight: weight, bias: bias, inputSlope: slope).transposed()
    case .cumulative:
      var layer = CumulativeNorm(channels: channels, epsilon: Float(epsilon))
      (layer.weight, layer.bias) = (weight, bias)
      return layer(slope.map { PReLU.apply(x, $0) } ?? x, after: &moments)
    }
  }

  /// Shows the gains and the summands.
  package mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit(isWide ? "gamma" : "weight", &weight)
    visitor.visit(isWide ? "beta" : "bias", &bias)
  }
}
