public import Tensors

/// Ways to follow a path's velocity from noise to data in steps.
public enum PathSampler: Sendable, CaseIterable {
  /// x + Δt u.
  case euler
  /// α' x̂ + σ' ε̂, exact while x̂ and ε̂ stay; equals Euler's step on Cond-OT.
  case ddim

  /// Follows a data set's exact velocity from t = 0 to t = 1.
  ///
  /// - Parameters:
  ///   - start: noise at t = 0, `[m, d]`.
  ///   - path: the path.
  ///   - steps: number of equal steps in t.
  ///   - cloud: the data.
  /// - Returns: places at t = 1, `[m, d]`.
  /// - Throws: `KineticPathError.outOfRange` for no steps, `.shape` for noise of another dimension.
  public func run(
    from start: Tensor<Double>,
    along path: GaussianPath,
    steps: Int,
    on cloud: PointCloud
  ) throws(KineticPathError) -> Tensor<Double> {
    try KineticPathError.positive(steps, "number of steps")
    guard start.rank == 2, start.shape[1] == cloud.dimension else {
      throw .shape(what: "the noise", expected: "[samples, \(cloud.dimension)]", got: start.shape)
    }
    var x = start
    for step in 0..<steps {
      let now = path(Double(step) / Double(steps))
      let next = path(Double(step + 1) / Double(steps))
      let sigma = max(now.sigma, GaussianPath.smallestSigma)
      let mean = cloud.posteriorMean(x, alpha: now.alpha, sigma: sigma)
      let noise = (x - mean * now.alpha) / sigma
      switch self {
      case .ddim: x = mean * next.alpha + noise * next.sigma
      case .euler: x = x + (mean * now.alphaRate + noise * now.sigmaRate) / Double(steps)
      }
    }
    return x
  }
}
