internal import Glibc
internal import Solvers
internal import Tensors

/// A path found by descent on its energy, knot by knot, without the closed form.
public struct PathDescent: Sendable, Equatable {
  /// r at the knots, both ends included.
  public let radii: [Double]
  /// θ at the knots, from 0 to π/2.
  public let angles: [Double]
  /// The energy of the broken line through them.
  public let energy: Double

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

  /// Σ (Δr² + mean r² · g² Δθ²) / Δt, g² at the middle of each piece, straight between the middles of the curve's cells.
  private static func energy(
    _ knots: (radii: Tensor<Double>, angles: Tensor<Double>),
    _ curve: SeparationCurve
  ) -> Tensor<Double> {
    let segments = knots.radii.count - 1
    let (a, b) = (knots.radii.sliced(0..<segments), knots.radii.sliced(1..<segments + 1))
    let (low, high) = (knots.angles.sliced(0..<segments), knots.angles.sliced(1..<segments + 1))
    let middle = (low + high) * 0.5
    let metric = curve.squaredMetric
    let last = metric.count - 1
    let cells = middle.withoutGradient().values.map { angle in
      min(max(Int((angle / curve.step - 0.5).rounded(.down)), 0), last - 1)
    }
    let slopes = Tensor(cells.map { (metric[$0 + 1] - metric[$0]) / curve.step })
    let offsets = Tensor(cells.map { metric[$0] - (metric[$0 + 1] - metric[$0]) * (Double($0) + 0.5) })
    let squares = (a.squared() + a * b + b.squared()) * (1.0 / 3)
    let turn = squares * (middle * slopes + offsets).relu() * (high - low).squared()
    return ((b - a).squared() + turn).sum() * Double(segments)
  }
}
