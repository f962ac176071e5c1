internal import Glibc
public import Tensors

extension SeparationCurve {
  /// An estimate for a finite data set, from draws that visit all points equally often.
  ///
  /// - Parameters:
  ///   - cloud: the data, normalised.
  ///   - draws: number of draws; rounded up to a multiple of the number of points.
  ///   - cells: number of angles.
  ///   - random: supplies the noise, the same for all angles, so that the curve is smooth.
  /// - Throws: `KineticPathError.outOfRange`.
  public init(
    estimatedFrom cloud: PointCloud,
    draws: Int = 768,
    cells: Int = 160,
    random: inout RandomStream
  ) throws(KineticPathError) {
    try KineticPathError.positive(draws, "number of draws")
    let rounds = (draws + cloud.count - 1) / cloud.count
    let chosen = Tensor<Int>((0..<rounds * cloud.count).map { $0 % cloud.count })
    let noise = random.normal([chosen.count, cloud.dimension], of: Double.self)
    try self.init(estimatedFrom: cloud, points: chosen, noise: noise, cells: cells)
  }

  /// An estimate from given draws: m(s) is the mean of |xᵢ - x̂|²/d at s xᵢ + z.
  ///
  /// The error itself is estimated and not λ: near θ = π/2 the noise of an estimate of λ would be magnified by 1 / cos² θ.
  ///
  /// - Parameters:
  ///   - cloud: the data, normalised.
  ///   - points: which point each draw begins at, `[draws]`.
  ///   - noise: standard normal numbers, `[draws, d]`.
  ///   - cells: number of angles.
  /// - Throws: `KineticPathError.shape` or `.outOfRange`.
  public init(
    estimatedFrom cloud: PointCloud,
    points: Tensor<Int>,
    noise: Tensor<Double>,
    cells: Int
  ) throws(KineticPathError) {
    guard points.rank == 1, points.count > 0, noise.shape == [points.count, cloud.dimension] else {
      throw .shape(what: "the noise", expected: "[\(points.count), \(cloud.dimension)]", got: noise.shape)
    }
    try KineticPathError.positive(cells, "number of cells")
    let starts = cloud.points.gatheredRows(points)
    let gram = starts.matmul(cloud.points, transposesRight: true)
    let along = noise.matmul(cloud.points, transposesRight: true)
    let half = cloud.squares * 0.5
    let scale = 1 / Double(points.count * cloud.dimension)
    // |xᵢ - x̂|² from inner products costs n per draw and point, from coordinates d: the smaller one is taken.
    let products = cloud.points.matmul(cloud.points, transposesRight: true)
    let usesProducts = cloud.count < cloud.dimension
    let own = starts.squared().sum().value
    let errors = (0..<cells).map { cell -> Double in
      let ratio = tan(Self.angle(cell, of: cells))
      let weights = ((gram - half) * (ratio * ratio) + along * ratio).softmax()
      guard usesProducts else { return (starts - weights.matmul(cloud.points)).squared().sum().value * scale }
      let mixed = weights.matmul(products)
      return max(0, own - 2 * weights.dotProduct(gram) + mixed.dotProduct(weights)) * scale
    }
    try self.init(errors: errors)
  }
}
