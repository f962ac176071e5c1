internal import Glibc

/// The Gaussian path of least kinetic energy for some data.
///
/// In the metric dr² + r² dφ², which is flat, it is the straight chord from (1, 0) to (1, Φ) at constant speed:
/// r = √(1 - 2t(1 - t)(1 - cos Φ)), φ = atan2(t sin Φ, 1 - t + t cos Φ), θ = φ⁻¹(φ).
///
/// Its equation dθ/dt = sin Φ / (r² g(θ)) has g = 0 at the start for data with a covariance other than the identity, so that θ is
/// found by inverting φ and never by steps in t. Where Φ = 0, as for normal data, every angle costs nothing; θ is then taken as
/// πt/2.
public struct KineticOptimalPath: Sendable, Equatable {
  /// Φ.
  public let length: Double
  /// φ at the edges of the cells.
  private let lengths: [Double]
  private let step: Double

  /// The path for a data separation function.
  public init(_ curve: SeparationCurve) {
    lengths = curve.lengths
    length = lengths[lengths.count - 1]
    step = curve.step
  }

  /// r at a time.
  public func radius(_ t: Double) -> Double { (1 - 2 * t * (1 - t) * (1 - cos(length))).squareRoot() }

  /// φ at a time.
  public func arc(_ t: Double) -> Double { atan2(t * sin(length), 1 - t + t * cos(length)) }

  /// θ at a time.
  public func angle(_ t: Double) -> Double {
    guard length > 0 else { return .pi / 2 * t }
    let (cell, share) = place(of: arc(t))
    return (Double(cell) + share) * step
  }

  /// α, σ and their rates at a time.
  public func callAsFunction(_ t: Double) -> PathSchedule {
    let (r, theta) = (radius(t), angle(t))
    let radiusRate = -(1 - 2 * t) * (1 - cos(length)) / r
    let angleRate: Double
    if length > 0 {
      let cell = place(of: arc(t)).cell
      angleRate = sin(length) / (r * r) * step / (lengths[cell + 1] - lengths[cell])
    } else {
      angleRate = .pi / 2
    }
    return PathSchedule(
      alpha: r * sin(theta),
      sigma: r * cos(theta),
      alphaRate: radiusRate * sin(theta) + r * cos(theta) * angleRate,
      sigmaRate: radiusRate * cos(theta) - r * sin(theta) * angleRate
    )
  }

  /// The cell that a length falls into, which is never one of no length, and how far.
  private func place(of arc: Double) -> (cell: Int, share: Double) {
    var (low, high) = (0, lengths.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lengths[middle] <= arc { low = middle } else { high = middle }
    }
    // Beyond the last cell that has a length, or at the very end of it.
    while low > 0, lengths[low + 1] == lengths[low] { low -= 1 }
    let width = lengths[low + 1] - lengths[low]
    return (low, width > 0 ? min(max((arc - lengths[low]) / width, 0), 1) : 0)
  }
}
