internal import Glibc
public import Tensors

/// Kinetic energies per coordinate, E = ∫ E|u|²/d dt, of Gaussian paths.
extension SeparationCurve {
  /// The least energy of all Gaussian paths: 2 - 2 cos Φ, the squared chord.
  public var optimalEnergy: Double { 4 * pow(sin(length / 2), 2) }
  /// The energy of Cond-OT: 2 - I.
  public var conditionalEnergy: Double { 2 - errorIntegral }
  /// The least energy of paths that keep variance, at any timing: Φ².
  public var bestVarianceKeepingEnergy: Double { length * length }
  /// The energy of the cosine path: π/2 ∫ g² dθ.
  public var cosineEnergy: Double { .pi / 2 * squaredMetric.reduce(0, +) * step }

  /// When the quadrature of the linear-β path ends: its energy grows without bound, by ¼ β₀ per factor e, as t → 1.
  public static let lastLinearTime = 1 - 1e-5

  /// The energy of the linear-β path up to `lastLinearTime`, by quadrature in log(1 - t).
  public var linearEnergy: Double {
    let (count, lowest) = (4000, log(1 - Self.lastLinearTime))
    let width = -lowest / Double(count)
    return (0..<count).reduce(0.0) { sum, index in
      let u = exp(lowest + (Double(index) + 0.5) * width)
      return sum + power(GaussianPath.linearBeta(1 - u)) * u * width
    }
  }

  /// E|u|²/d at one time: α̇² + σ̇² - m (σ ṡ)².
  public func power(_ schedule: PathSchedule) -> Double {
    Self.power(schedule, relativeError: relativeError(schedule.angle))
  }

  /// The energy of a path by the middle rule in t.
  public func energy(_ path: GaussianPath, steps: Int = 4000) -> Double {
    (0..<steps).reduce(0.0) { $0 + power(path((Double($1) + 0.5) / Double(steps))) } / Double(steps)
  }

  /// The energy of a path by the middle rule in t, for errors m(s) that are known as a function.
  ///
  /// - Parameters:
  ///   - path: the path.
  ///   - steps: places of the rule.
  ///   - error: m at a signal-to-noise ratio.
  /// - Returns: the energy.
  public static func energy(
    _ path: GaussianPath,
    steps: Int = 4000,
    error: (_ ratio: Double) -> Double
  ) -> Double {
    (0..<steps).reduce(0.0) { sum, index in
      let schedule = path((Double(index) + 0.5) / Double(steps))
      let cosine = schedule.sigma / schedule.radius
      return sum + power(schedule, relativeError: error(schedule.alpha / schedule.sigma) / (cosine * cosine))
    } / Double(steps)
  }

  /// In polar form, ṙ² + r² θ̇² (1 - m / cos² θ): nothing is divided by σ.
  private static func power(_ schedule: PathSchedule, relativeError: Double) -> Double {
    let r = schedule.radius
    let inward = (schedule.alpha * schedule.alphaRate + schedule.sigma * schedule.sigmaRate) / r
    let around = (schedule.alphaRate * schedule.sigma - schedule.alpha * schedule.sigmaRate) / r
    return inward * inward + around * around * max(0, 1 - relativeError)
  }
}

extension PointCloud {
  /// The mean of |u|²/d at a time over draws of Xₜ: the energy's integrand without use of λ.
  ///
  /// - Parameters:
  ///   - schedule: the path at the time.
  ///   - rounds: draws of noise for each point.
  ///   - random: supplies the noise.
  /// - Returns: the mean.
  public func sampledPower(_ schedule: PathSchedule, rounds: Int, random: inout RandomStream) -> Double {
    let starts = points.repeated(rounds, axis: 0)
    let x = starts * schedule.alpha + random.normal(starts.shape, of: Double.self) * schedule.sigma
    return velocity(x, schedule).squared().mean().value
  }
}
