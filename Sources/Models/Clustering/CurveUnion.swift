internal import Solvers
public import Tensors

/// Points on several closed curves in a space of many dimensions: manifolds that no linear method tells apart.
///
/// xₖ(t) = tanh(2 Wₖ [cos t, sin t, cos 2t, sin 2t]ᵀ), Wₖ normal with columns of length 1; each curve is centred at 0, so that the
/// means of the clusters say nothing.
public struct CurveUnion: Sendable, Equatable {
  /// The points, curve after curve, `[curves · points, dimension]`.
  public let points: Tensor<Float>
  /// Curve of each point.
  public let labels: [Int]

  /// Draws curves and points on them.
  ///
  /// - Parameters:
  ///   - curves: number of curves.
  ///   - count: points on each.
  ///   - dimension: of the space.
  ///   - noise: standard deviation of what is added to each coordinate.
  ///   - random: supplies curves, places and noise.
  /// - Throws: `ClusteringError.outOfRange` for a number that is not positive.
  public init(
    curves: Int = 4,
    count: Int = 500,
    dimension: Int = 20,
    noise: Double = 0.02,
    random: inout RandomStream
  ) throws(ClusteringError) {
    try ClusteringError.positive(curves, "number of curves")
    try ClusteringError.positive(count, "number of points")
    try ClusteringError.positive(dimension, "dimension")
    var parts: [Tensor<Float>] = []
    for _ in 0..<curves {
      let weights: Tensor<Float> = random.normal([dimension, 4]).normalized([0])
      let t = random.uniform([count, 1], in: 0..<(2 * .pi))
      let waves = Tensor.concatenated([t.cos(), t.sin(), (t * 2).cos(), (t * 2).sin()], axis: 1)
      let curve = (waves.matmul(weights, transposesRight: true) * 2).tanh()
      parts.append(curve - curve.mean(0, keepsAxes: true))
    }
    let clean = Tensor.concatenated(parts)
    points = clean + random.normal(clean.shape, deviation: noise)
    labels = (0..<curves).flatMap { [Int](repeating: $0, count: count) }
  }
}
