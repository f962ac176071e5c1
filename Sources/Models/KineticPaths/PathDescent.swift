internal import Glibc
internal import Solvers
internal import Tensors

/// A path found by descent on its energy, knot by knot, without the closed form.
public struct PathDescent: Sendable, Equatable {
  /// r at the knots, both ends included.
  public let radii: [Double]
  /// θ at the knots, from 0 to π/2.
  public let angles: [Double]
  /// The energy of the path with straight pieces between them.
  public let energy: Double

  /// Places of a piece at which its cost is taken: with one alone, the search would put them where the metric is low.
  private static let placesPerPiece = 8

  /// Searches from Cond-OT.
  ///
  /// r is an exponential and the steps of θ a softmax, so that every point of the search is a path.
  ///
  /// - Parameters:
  ///   - curve: the data.
  ///   - segments: number of straight pieces.
  /// - Throws: `KineticPathError.outOfRange` for fewer than two pieces, `SolverError` where the search fails.
  public init(_ curve: SeparationCurve, segments: Int = 64) throws {
    guard segments >= 2 else {
      throw KineticPathError.outOfRange(what: "number of segments", expected: "at least 2", got: Double(segments))
    }
    let times = (0...segments).map { Double($0) / Double(segments) }
    let start = times.map { GaussianPath.conditional($0) }
    let radii = start[1..<segments].map { log($0.radius) }
    let steps = (0..<segments).map { log(start[$0 + 1].angle - start[$0].angle) }
    var search = LBFGS()
    search.maximumSteps = 400
    let solution = try search.minimize(from: radii + steps) { parameters in
      let (value, slope) = valueWithGradient(at: [Tensor(parameters)]) { inputs in
        Self.energy(Self.knots(inputs[0], segments), curve)
      }
      return (value.value, slope[0].values)
    }
    let knots = Self.knots(Tensor(solution.point), segments)
    (self.radii, angles) = (knots.radii.values, knots.angles.values)
    energy = solution.value
  }

  private static func knots(
    _ parameters: Tensor<Double>,
    _ segments: Int
  ) -> (radii: Tensor<Double>, angles: Tensor<Double>) {
    let inner = parameters.sliced(0..<segments - 1).exp()
    let steps = parameters.sliced(segments - 1..<2 * segments - 1).softmax() * (.pi / 2)
    let ends = Tensor<Double>([1])
    return (
      Tensor.concatenated([ends, inner, ends]), Tensor.concatenated([Tensor<Double>([0]), steps.cumulativeSum()])
    )
  }

  /// Σ (Δr² + mean r² g² · Δθ²) / Δt, the mean over a few places of each piece; g² straight between the middles of cells.
  private static func energy(
    _ knots: (radii: Tensor<Double>, angles: Tensor<Double>),
    _ curve: SeparationCurve
  ) -> Tensor<Double> {
    let segments = knots.radii.count - 1
    let (r, theta) = (knots.radii.sliced(0..<segments), knots.angles.sliced(0..<segments))
    let inward = knots.radii.sliced(1..<segments + 1) - r
    let around = knots.angles.sliced(1..<segments + 1) - theta
    let metric = curve.squaredMetric
    var sum = Tensor<Double>.zeros([segments])
    for place in 0..<placesPerPiece {
      let share = (Double(place) + 0.5) / Double(placesPerPiece)
      sum += (r + inward * share).squared() * squaredMetric(theta + around * share, metric, curve.step)
    }
    return (inward.squared() + sum * around.squared() / Double(placesPerPiece)).sum() * Double(segments)
  }

  private static func squaredMetric(_ angles: Tensor<Double>, _ metric: [Double], _ step: Double) -> Tensor<Double> {
    let cells = angles.withoutGradient().values.map { angle in
      min(max(Int((angle / step - 0.5).rounded(.down)), 0), metric.count - 2)
    }
    let slopes = cells.map { (metric[$0 + 1] - metric[$0]) / step }
    let offsets = zip(cells, slopes).map { metric[$0] - $1 * (Double($0) + 0.5) * step }
    return (angles * Tensor(slopes) + Tensor(offsets)).relu()
  }
}
