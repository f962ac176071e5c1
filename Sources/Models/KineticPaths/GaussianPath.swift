internal import Glibc

/// α, σ and their rates at one time.
public struct PathSchedule: Sendable, Equatable {
  /// Weight of the data.
  public var alpha: Double
  /// Weight of the noise.
  public var sigma: Double
  /// dα/dt.
  public var alphaRate: Double
  /// dσ/dt.
  public var sigmaRate: Double

  /// Makes a schedule's values.
  public init(alpha: Double, sigma: Double, alphaRate: Double, sigmaRate: Double) {
    (self.alpha, self.sigma, self.alphaRate, self.sigmaRate) = (alpha, sigma, alphaRate, sigmaRate)
  }

  /// θ = atan2(α, σ), in 0…π/2.
  public var angle: Double { atan2(alpha, sigma) }
  /// r = √(α² + σ²).
  public var radius: Double { hypot(alpha, sigma) }
}

/// A path of distributions from noise at t = 0 to data at t = 1: Xₜ = αₜ X₁ + σₜ X₀ with X₀ normal.
///
/// Source: N. Shaul and others, "On kinetic optimal probability paths for generative models", 2023.
public enum GaussianPath: Sendable {
  /// α = t, σ = 1 - t: straight for a single data point.
  case conditional
  /// α = sin(πt/2), σ = cos(πt/2): keeps variance, at constant angular speed.
  case cosine
  /// Keeps variance with linear β from 0.1 to 20, as diffusion models do; begins at α = 0.00657 and not at 0.
  case linearBeta
  /// The path of least kinetic energy for some data.
  case optimal(KineticOptimalPath)

  /// σ below this counts as this: the velocity has σ in a denominator.
  public static let smallestSigma = 1e-6
  /// β at both ends of the linear schedule.
  private static let beta = (least: 0.1, most: 20.0)

  /// Name for tables.
  public var name: String {
    switch self {
    case .conditional: "Cond-OT"
    case .cosine: "VP, cosine"
    case .linearBeta: "VP, linear β"
    case .optimal: "kinetic-optimal"
    }
  }

  /// The path at a time in 0…1.
  public func callAsFunction(_ t: Double) -> PathSchedule {
    switch self {
    case .conditional: PathSchedule(alpha: t, sigma: 1 - t, alphaRate: 1, sigmaRate: -1)
    case .cosine:
      PathSchedule(
        alpha: sin(.pi / 2 * t),
        sigma: cos(.pi / 2 * t),
        alphaRate: .pi / 2 * cos(.pi / 2 * t),
        sigmaRate: -.pi / 2 * sin(.pi / 2 * t)
      )
    case .linearBeta: Self.linear(t)
    case .optimal(let path): path(t)
    }
  }

  /// α = e^(-T/2), T(u) = β₀ u + ½ (β₁ - β₀) u² at u = 1 - t, σ² = 1 - α².
  private static func linear(_ t: Double) -> PathSchedule {
    let u = 1 - t
    let total = beta.least * u + (beta.most - beta.least) * u * u / 2
    let alpha = exp(-total / 2)
    let sigma = (-expm1(-total)).squareRoot()
    let rate = alpha * (beta.least + (beta.most - beta.least) * u) / 2
    return PathSchedule(
      alpha: alpha,
      sigma: sigma,
      alphaRate: rate,
      sigmaRate: -alpha * rate / max(sigma, smallestSigma)
    )
  }
}
