/// Two units that must make |x|: f(x) = max(w₁x, 0) + max(w₂x, 0), L = ½ mean (f - |x|)² over a grid.
///
/// The minima (1, -1) and (-1, 1) are one solution with its units exchanged. The line between them passes the origin, where f is zero.
public struct ToyLandscape: Sendable, Equatable {
  /// Places x of the grid.
  public let grid: [Double]

  /// Makes the landscape on -1, -0.75, …, 1.
  public init() { grid = (0...8).map { -1 + Double($0) / 4 } }

  /// Loss at a pair of weights.
  public func loss(_ first: Double, _ second: Double) -> Double {
    grid.reduce(0) { sum, x in
      let miss = max(first * x, 0) + max(second * x, 0) - abs(x)
      return sum + miss * miss
    } / Double(2 * grid.count)
  }

  /// Loss at a place of the line between the two minima.
  public func loss(along t: Double) -> Double { loss(1 - 2 * t, 2 * t - 1) }

  /// Height of the line's middle above its ends; half the mean of x².
  public var barrier: Double { loss(along: 0.5) - loss(along: 0) }

  /// Curvature at both ends along the line, by second differences inside the parabola of each end.
  public var endCurvature: Double {
    let step = 1e-3
    return (loss(along: step) - 2 * loss(along: 0) + loss(along: -step)) / (step * step)
  }
}
