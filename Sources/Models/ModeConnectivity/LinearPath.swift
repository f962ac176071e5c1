public import Tensors

/// The straight line between two networks, and the loss along it.
///
/// With g(t) = L((1 - t) θ_A + t θ_B), the barrier is max over t of g(t) - (1 - t) g(0) - t g(1). Because
/// g(t) - (1 - t) g(0) - t g(1) = -∫ min(s, t) (1 - max(s, t)) g''(s) ds, a barrier needs negative curvature somewhere inside, however much both ends
/// curve upwards.
///
/// Source: Singh, Adilova, Kamp, Fischer, Schölkopf and Hofmann, "Landscaping linear mode connectivity", 2024, arXiv 2406.16300; the barrier is
/// Frankle and others', 2020; identity and predictor are derived in the report.
public struct LinearPath<Scalar: TensorScalar>: Sendable {
  /// Where the path begins.
  public let start: Perceptron<Scalar>
  /// Where it ends.
  public let end: Perceptron<Scalar>

  /// Joins two networks.
  ///
  /// - Throws: `ConnectivityError.mismatchedArchitectures`.
  public init(_ start: Perceptron<Scalar>, _ end: Perceptron<Scalar>) throws(ConnectivityError) {
    try start.checkSameShape(end)
    (self.start, self.end) = (start, end)
  }

  /// Loss and error at equally spaced points, both ends included.
  public struct Profile: Sendable, Equatable {
    /// Places in 0…1.
    public let places: [Double]
    /// Mean cross-entropy at each.
    public let losses: [Double]
    /// Share of errors at each.
    public let errors: [Double]

    /// Height of the loss above the chord between its ends; not negative.
    public var barrier: Double { LinearPath.barrier(places, losses) }
    /// Height of the share of errors above its chord.
    public var errorBarrier: Double { LinearPath.barrier(places, errors) }

    /// Second differences of the loss at the inner points.
    public var curvatures: [Double] {
      let step = places[1] - places[0]
      return (1..<losses.count - 1).map { (losses[$0 - 1] - 2 * losses[$0] + losses[$0 + 1]) / (step * step) }
    }
  }

  /// Takes the profile of the path.
  ///
  /// - Parameters:
  ///   - data: what losses are taken on.
  ///   - points: how many, three at least.
  /// - Returns: loss and error at each point.
  /// - Throws: `ConnectivityError.tooFewPoints`.
  public func profile(_ data: ClassData<Scalar>, points: Int = 21) throws(ConnectivityError) -> Profile {
    guard points >= 3 else { throw .tooFewPoints(needed: 3, got: points) }
    let places = (0..<points).map { Double($0) / Double(points - 1) }
    var (losses, errors): ([Double], [Double]) = ([], [])
    for place in places {
      let (loss, error) = try start.interpolated(to: end, at: place).judged(data)
      losses.append(loss)
      errors.append(error)
    }
    return Profile(places: places, losses: losses, errors: errors)
  }

  static func barrier(_ places: [Double], _ values: [Double]) -> Double {
    guard let first = values.first, let last = values.last else { return 0 }
    return zip(places, values).reduce(0) { max($0, $1.1 - (1 - $1.0) * first - $1.0 * last) }
  }

  /// Curvatures h of the loss at both ends along the path, by second differences.
  ///
  /// - Parameters:
  ///   - data: what losses are taken on.
  ///   - step: ε of the differences, as a share of the path; 0.05 suits single precision, 0.001 double.
  /// - Returns: h = Δᵀ ∇²L Δ at the start and at the end.
  /// - Throws: `ConnectivityError`.
  public func endCurvatures(_ data: ClassData<Scalar>, step: Double) throws(ConnectivityError) -> (
    start: Double, end: Double
  ) {
    func second(_ t: Double) throws(ConnectivityError) -> Double {
      var sum = 0.0
      for (shift, factor) in [(-step, 1.0), (0, -2), (step, 1)] {
        sum += factor * (try start.interpolated(to: end, at: t + shift).loss(data))
      }
      return sum / (step * step)
    }
    return (try second(0), try second(1))
  }

  /// The barrier that two parabolas would make, each continuing an end's curvature until they meet.
  ///
  /// ½ h_A t² = ½ h_B (1 - t)² at the height h_A h_B / (2 (√h_A + √h_B)²); 0 where an end does not curve upwards.
  public static func predictedBarrier(_ start: Double, _ end: Double) -> Double {
    let (a, b) = (max(start, 0), max(end, 0))
    let roots = a.squareRoot() + b.squareRoot()
    return roots > 0 ? a * b / (2 * roots * roots) : 0
  }

  /// The rise half-way when one layer alone goes from the start to the end, above the mean loss of both whole networks.
  ///
  /// - Parameters:
  ///   - layer: which layer moves; the others stay those of the start.
  ///   - data: what losses are taken on.
  /// - Returns: the rise, which may be slightly negative.
  /// - Throws: `ConnectivityError`.
  public func layerBarrier(_ layer: Int, _ data: ClassData<Scalar>) throws(ConnectivityError) -> Double {
    let middle = try start.interpolated(to: end, at: 0.5, layer: layer).loss(data)
    return middle - (start.loss(data) + end.loss(data)) / 2
  }

  /// An eighth of the start's curvature along one layer's difference: the predicted barrier of that layer.
  ///
  /// - Throws: `ConnectivityError`.
  public func predictedLayerBarrier(
    _ layer: Int,
    _ data: ClassData<Scalar>,
    step: Double
  ) throws(ConnectivityError) -> Double {
    let here = start.loss(data)
    let ahead = try start.interpolated(to: end, at: step, layer: layer).loss(data)
    let behind = try start.interpolated(to: end, at: -step, layer: layer).loss(data)
    return max((ahead - 2 * here + behind) / (step * step), 0) / 8
  }
}
