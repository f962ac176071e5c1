internal import Glibc
public import Layers
public import Tensors

/// The code of the time: sinusoids, then two linear maps with SiLU between.
public struct TimeCode: Module {
  private var first: Linear
  private var second: Linear
  private let length: Int

  init(_ shape: DiffusionTransformerConfiguration, _ random: inout RandomStream) {
    length = shape.timeCode
    first = Linear(xavier: length, shape.width, &random)
    second = Linear(xavier: shape.width, shape.width, &random)
    first.weight = random.normal(first.weight.shape, deviation: 0.02)
    second.weight = random.normal(second.weight.shape, deviation: 0.02)
  }

  /// `[batch, width]` for timesteps of the items.
  public func callAsFunction(_ timesteps: [Int]) -> Tensor<Float> {
    second(first(Self.sinusoids(timesteps, length: length)).silu())
  }

  /// [cos(t ω), sin(t ω)] with ω_i = 10^(-4 i / (length/2)), `[batch, length]`.
  public static func sinusoids(_ timesteps: [Int], length: Int) -> Tensor<Float> {
    let half = length / 2
    let rates = (0..<half).map { exp(-log(10000) * Double($0) / Double(half)) }
    let values = timesteps.flatMap { time in
      rates.map { Float(cos(Double(time) * $0)) } + rates.map { Float(sin(Double(time) * $0)) }
    }
    return Tensor(values, shape: [timesteps.count, 2 * half])
  }

  /// Shows `mlp.0` and `mlp.2`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("mlp")
    visitor.visit("0", &first)
    visitor.visit("2", &second)
    visitor.leave()
  }
}

/// Fixed codes of the places of a square grid.
public enum GridCode {
  /// Half of the features for the column, half for the row, each [sin, cos] of rates 10^(-4 j / (D/4)).
  ///
  /// - Parameters:
  ///   - side: places along a side.
  ///   - width: features D, a multiple of 4.
  /// - Returns: `[side², D]`, row by row.
  public static func sinusoids(side: Int, width: Int) -> Tensor<Float> {
    let quarter = width / 4
    let rates = (0..<quarter).map { exp(-log(10000) * Double($0) / Double(quarter)) }
    func code(_ place: Int) -> [Float] {
      rates.map { Float(sin(Double(place) * $0)) } + rates.map { Float(cos(Double(place) * $0)) }
    }
    let values = (0..<side).flatMap { row in (0..<side).flatMap { code($0) + code(row) } }
    return Tensor(values, shape: [side * side, width])
  }
}
