public import Tensors

/// A function applied to each value, by name.
public enum Activation: Sendable, Equatable {
  /// The values themselves.
  case identity
  /// max(x, 0), and its square.
  case relu, squaredReLU
  /// x / (1 + e^-x).
  case silu
  /// x Φ(x), exactly and by tanh.
  case gelu, geluTanh
  /// Smooth steps.
  case sigmoid, tanh
  /// log(1 + e^x).
  case softplus
  /// x, or scale · (e^x - 1) where negative.
  case elu(scale: Float)
  /// x, or slope · x where negative.
  case leakyReLU(slope: Float)

  /// The function's values.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    switch self {
    case .identity: x
    case .relu: x.relu()
    case .squaredReLU: x.squaredReLU()
    case .silu: x.silu()
    case .gelu: x.gelu()
    case .geluTanh: x.geluTanh()
    case .sigmoid: x.sigmoid()
    case .tanh: x.tanh()
    case .softplus: x.softplus()
    case .elu(let scale): x.elu(scale: scale)
    case .leakyReLU(let slope): x.leakyReLU(slope: slope)
    }
  }
}

/// x where positive, weight · x elsewhere, with a learned weight for all channels or one for each.
public struct PReLU: Module {
  /// The slope, `[1]` or `[channels]`.
  public var weight: Tensor<Float>

  /// Makes the function with a slope of 1/4.
  public init(channels: Int = 1) { weight = Tensor(repeating: 0.25, shape: [channels]) }

  /// The function's values; channels are axis 1.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { Self.apply(x, weight) }

  static func apply(_ x: Tensor<Float>, _ slope: Tensor<Float>?) -> Tensor<Float> {
    guard let slope else { return x }
    precondition(
      slope.count == 1 || x.rank >= 2 && x.shape[1] == slope.count,
      "PReLU(channels: \(slope.count)): input has shape \(x.shape); axis 1 must be \(slope.count)"
    )
    let wide = slope.count == 1 ? slope : slope.reshaped([slope.count] + [Int](repeating: 1, count: x.rank - 2))
    return x.relu() - (-x).relu() * wide
  }

  /// Shows `weight`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("weight", &weight) }
}

/// x + sin²(α x) / α with a learned α for each channel.
///
/// Source: L. Ziyin, T. Hartwig, M. Ueda, 2020.
public struct Snake: Module {
  /// α, `[channels]`.
  public var alpha: Tensor<Float>

  /// Makes the function with α = 1.
  public init(channels: Int) { alpha = .ones([channels]) }

  /// The function's values; channels are axis 1.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let wide = alpha.reshaped([alpha.count] + [Int](repeating: 1, count: x.rank - 2))
    return x + (x * wide).sin().squared() / (wide + 1e-9)
  }

  /// Shows `alpha`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("alpha", &alpha) }
}

extension Tensor where Scalar: TensorScalar {
  /// The first half of an axis times the sigmoid of the second (GLU).
  public func gated(axis: Int = 1) -> Tensor {
    let length = shape[normalizedAxis(axis, "gated")]
    precondition(length % 2 == 0, "gated: axis \(axis) of shape \(shape) does not fall into two halves")
    let parts = split(into: 2, axis: axis)
    return parts[0] * parts[1].sigmoid()
  }
}
