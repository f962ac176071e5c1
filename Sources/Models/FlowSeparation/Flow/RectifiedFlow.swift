public import Tensors

/// Straight paths from noise at t = 0 to data at t = 1, and the ways along a learned velocity.
///
/// z_t = (1 - (1 - σ)t) z_0 + t z_1 with the constant velocity v* = z_1 - (1 - σ) z_0. Source: Y. Yuan and others, "FlowSep", 2025,
/// section 2; X. Liu, C. Gong, Q. Liu, "Flow straight and fast", 2023; σ of Y. Lipman and others, "Flow matching", 2023.
public struct RectifiedFlow: Sendable, Equatable {
  /// σ, the deviation that is left at t = 1.
  public var smallestDeviation: Float

  /// Ways to solve dz/dt = v(z, t).
  public enum Solver: Sendable, Equatable, CaseIterable {
    /// One call a step, at its beginning.
    case euler
    /// Two calls a step: the second in the middle gives the direction.
    case midpoint

    /// Calls of the network in a step.
    public var callsPerStep: Int { self == .euler ? 1 : 2 }
  }

  /// Describes paths; σ = 10⁻⁴ is the published value.
  public init(smallestDeviation: Float = 1e-4) { self.smallestDeviation = smallestDeviation }

  /// z_t, the point of each item's path.
  ///
  /// - Parameters:
  ///   - noise: z_0, `[batch, …]`.
  ///   - data: z_1, the same shape.
  ///   - times: t of each item in 0…1.
  /// - Returns: the shape of the data.
  /// - Throws: `.shape`.
  public func point(
    from noise: Tensor<Float>,
    to data: Tensor<Float>,
    at times: [Float]
  ) throws(FlowSeparationError) -> Tensor<Float> {
    guard noise.shape == data.shape else {
      throw .shape(what: "noise", expected: "\(data.shape)", got: noise.shape)
    }
    guard data.rank > 0, times.count == data.shape[0] else {
      throw .shape(what: "times", expected: "[\(data.shape.first ?? 0)]", got: [times.count])
    }
    let t = Tensor(times, shape: [times.count] + [Int](repeating: 1, count: data.rank - 1))
    return noise * (1 - t * (1 - smallestDeviation)) + data * t
  }

  /// v* = z_1 - (1 - σ) z_0, what the network learns.
  public func velocity(from noise: Tensor<Float>, to data: Tensor<Float>) -> Tensor<Float> {
    data - noise * (1 - smallestDeviation)
  }

  /// Goes from noise to data in equal steps.
  ///
  /// - Parameters:
  ///   - noise: z_0, `[batch, …]`.
  ///   - steps: number of steps N ≥ 1.
  ///   - solver: how each step goes.
  ///   - watching: called after each step with its time and the items.
  ///   - velocity: v(z, t).
  /// - Returns: z_1, the shape of the noise.
  /// - Throws: `.size` where there is no step, and what `velocity` throws.
  public func sample(
    from noise: Tensor<Float>,
    steps: Int,
    by solver: Solver = .euler,
    watching: (_ time: Float, _ items: Tensor<Float>) -> Void = { _, _ in },
    velocity: (_ items: Tensor<Float>, _ time: Float) throws -> Tensor<Float>
  ) throws -> Tensor<Float> {
    try FlowSeparationError.positive(steps, "number of steps")
    let length = 1 / Float(steps)
    var items = noise
    for step in 0..<steps {
      let time = Float(step) / Float(steps)
      let slope = try velocity(items, time)
      switch solver {
      case .euler: items = items + slope * length
      case .midpoint: items = items + (try velocity(items + slope * (length / 2), time + length / 2)) * length
      }
      watching(Float(step + 1) / Float(steps), items)
    }
    return items
  }
}
