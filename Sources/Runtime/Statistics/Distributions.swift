internal import Glibc
internal import Solvers

/// Student's distribution of (mean - true mean) / standard error.
public struct StudentT: Sendable, Equatable {
  /// Degrees of freedom, positive.
  public let degrees: Double

  /// Makes the distribution.
  public init(degrees: Double) {
    precondition(degrees > 0 && degrees.isFinite, "StudentT: degrees must be positive and finite, got \(degrees)")
    self.degrees = degrees
  }

  /// Probability of a value of at least t, without cancellation where it is small.
  public func upperTail(_ t: Double) -> Double {
    if t.isNaN { return .nan }
    if t.isInfinite { return t > 0 ? 0 : 1 }
    let half = halfBeta(degrees / (degrees + t * t))
    return t >= 0 ? half : 1 - half
  }

  private func halfBeta(_ x: Double) -> Double {
    // All arguments are in range: degrees are checked, x is in 0…1.
    guard let value = try? IncompleteBeta.regularized(degrees / 2, 0.5, x) else { return .nan }
    return value / 2
  }

  /// Probability of a value below t.
  public func cumulative(_ t: Double) -> Double { upperTail(-t) }

  /// The value below which a share of the distribution lies.
  public func quantile(_ share: Double) -> Double {
    precondition(share >= 0 && share <= 1, "StudentT.quantile: share must be in 0…1, got \(share)")
    if share == 0.5 { return 0 }
    if share < 0.5 { return -quantile(1 - share) }
    if share == 1 { return .infinity }
    let tail = 1 - share
    var high = 2.0
    while upperTail(high) > tail { high *= 2 }
    // The ends have opposite signs, and the function is finite.
    return (try? RootFinding.brent(from: 0, to: high, tolerance: 1e-15 * high) { upperTail($0) - tail }) ?? .nan
  }
}

/// The normal distribution with mean 0 and deviation 1.
public enum StandardNormal {
  /// Probability of a value below z, without cancellation where it is small.
  public static func cumulative(_ z: Double) -> Double { Glibc.erfc(-z * 0.5.squareRoot()) / 2 }

  /// Logarithm of the density at z.
  public static func logDensity(_ z: Double) -> Double { -0.5 * (z * z + log(2 * .pi)) }
}
