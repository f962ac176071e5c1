internal import Glibc
public import Tensors

/// A finite data set as a distribution: every point with the same probability.
public struct PointCloud: Sendable {
  /// The points, `[n, d]`.
  public let points: Tensor<Double>
  /// |xⱼ|², `[n]`.
  public let squares: Tensor<Double>

  /// Number of points n.
  public var count: Int { points.shape[0] }
  /// Number of coordinates d.
  public var dimension: Int { points.shape[1] }

  /// What was changed to make a data set's mean zero and its mean square one.
  public struct Correction: Sendable, Equatable {
    /// Root mean square of the mean that was taken off.
    public var shift: Double
    /// What the centred points were divided by.
    public var scale: Double
    /// Whether the points were normalised already, to rounding.
    public var isNone: Bool { shift < 1e-9 && abs(scale - 1) < 1e-9 }
  }

  /// Takes points as they are, `[n, d]`.
  ///
  /// - Throws: `KineticPathError.shape`, `.empty` or `.notFinite`.
  public init(asGiven points: Tensor<Double>) throws(KineticPathError) {
    guard points.rank == 2 else { throw .shape(what: "the points", expected: "[n, d]", got: points.shape) }
    guard points.count > 0 else { throw .empty(points: points.shape[0], dimension: points.shape[1]) }
    if let index = points.values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(point: index / points.shape[1], coordinate: index % points.shape[1])
    }
    self.points = points
    squares = points.squared().sum(1)
  }

  /// Points with mean zero and mean square one, as the theory asks, and what was changed.
  ///
  /// - Throws: `KineticPathError` as for points as given, and `.noSpread` where all points are the same.
  public static func normalizing(
    _ points: Tensor<Double>
  ) throws(KineticPathError) -> (cloud: PointCloud, correction: Correction) {
    let given = try PointCloud(asGiven: points)
    let mean = points.mean(0, keepsAxes: true)
    let centred = points - mean
    let scale = centred.squared().mean().value.squareRoot()
    guard scale > 0 else { throw .noSpread(points: given.count) }
    let shift = mean.squared().mean().value.squareRoot()
    return (try PointCloud(asGiven: centred / scale), Correction(shift: shift, scale: scale))
  }

  /// Points drawn from the standard normal distribution, then normalised.
  ///
  /// - Throws: `KineticPathError.outOfRange` for fewer than two points or no coordinate.
  public static func gaussian(
    _ count: Int,
    dimension: Int,
    random: inout RandomStream
  ) throws(KineticPathError) -> PointCloud {
    guard count >= 2 else { throw .outOfRange(what: "number of points", expected: "at least 2", got: Double(count)) }
    try KineticPathError.positive(dimension, "dimension")
    return try normalizing(random.normal([count, dimension], of: Double.self)).cloud
  }

  /// The mean of the data given a place on a path, x̂ = E[X₁ | Xₜ = x], a softmax over the points.
  ///
  /// - Parameters:
  ///   - x: places, `[m, d]`.
  ///   - alpha: α of the path.
  ///   - sigma: σ of the path; below 10⁻⁶ it counts as 10⁻⁶.
  /// - Returns: `[m, d]`.
  public func posteriorMean(_ x: Tensor<Double>, alpha: Double, sigma: Double) -> Tensor<Double> {
    let variance = pow(max(sigma, GaussianPath.smallestSigma), 2)
    let logits = x.matmul(points, transposesRight: true) * (alpha / variance) - squares * (alpha * alpha / 2 / variance)
    return logits.softmax().matmul(points)
  }

  /// The velocity u = α̇ x̂ + σ̇ ε̂, ε̂ = (x - α x̂) / σ, that carries the noise to the data along a path.
  ///
  /// - Parameters:
  ///   - x: places, `[m, d]`.
  ///   - schedule: the path at a time.
  /// - Returns: `[m, d]`.
  public func velocity(_ x: Tensor<Double>, _ schedule: PathSchedule) -> Tensor<Double> {
    let sigma = max(schedule.sigma, GaussianPath.smallestSigma)
    let mean = posteriorMean(x, alpha: schedule.alpha, sigma: sigma)
    let noise = (x - mean * schedule.alpha) / sigma
    return mean * schedule.alphaRate + noise * schedule.sigmaRate
  }
}
