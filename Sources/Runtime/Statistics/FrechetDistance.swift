internal import Solvers
public import Tensors

/// How far two sets of samples lie apart in a named space of features, each taken as a normal distribution.
///
/// |μ_a - μ_b|² + tr(A + B - 2 (A^½ B A^½)^½). Distances of different spaces or numbers of samples cannot be compared, so both are
/// kept beside the value. Source: M. Heusel and others, "GANs trained by a two time-scale update rule", 2017.
public struct FrechetDistance: Sendable, Equatable {
  /// The distance, which is a square.
  public let value: Double
  /// Name of the space, such as a network's layer.
  public let space: String
  /// Numbers of samples of both sets.
  public let counts: [Int]

  /// Measures the distance of two sets of features.
  ///
  /// - Parameters:
  ///   - a: `[samples, features]`, two samples at least.
  ///   - b: as many features.
  ///   - space: name of the space.
  /// - Throws: `StatisticsError`.
  public init(_ a: Tensor<Double>, _ b: Tensor<Double>, space: String) throws(StatisticsError) {
    let name = "FrechetDistance"
    for (features, label) in [(a, "a"), (b, "b")] {
      guard features.rank == 2, features.shape[0] >= 2, features.shape[1] == a.shape.last else {
        throw .wrongShape(
          function: name,
          argument: label,
          expected: "[samples ≥ 2, as many features]",
          got: features.shape
        )
      }
      if let index = features.values.firstIndex(where: { !$0.isFinite }) {
        throw .badValue(function: name, argument: label, index: index, expected: "finite", got: features.values[index])
      }
    }
    let (p, q) = (Moments(a), Moments(b))
    // The eigenvalue form stays right for singular covariances, where rounding makes small eigenvalues negative.
    let product = try Self.eigenvalues(of: p.covariance, within: q.covariance)
    let cross = product.reduce(0) { $0 + max(0, $1).squareRoot() }
    let traces = p.covariance.diagonal.reduce(0, +) + q.covariance.diagonal.reduce(0, +)
    let means = zip(p.mean, q.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    value = max(0, means + traces - 2 * cross)
    (self.space, counts) = (space, [a.shape[0], b.shape[0]])
  }

  /// Eigenvalues of A^½ B A^½.
  private static func eigenvalues(
    of a: Matrix<Double>,
    within b: Matrix<Double>
  ) throws(StatisticsError) -> [Double] {
    do {
      let root = try SymmetricEigen(a).map { max(0, $0).squareRoot() }
      let product = root * b * root
      return try SymmetricEigen(0.5 * (product + product.transposed)).values
    } catch {
      throw .notConverged(function: "FrechetDistance", reason: "\(error)")
    }
  }

  /// Mean and covariance with n - 1 in the divisor.
  private struct Moments {
    let mean: [Double]
    let covariance: Matrix<Double>

    init(_ samples: Tensor<Double>) {
      let average = samples.mean(0)
      let centred = samples - average
      let products = centred.matmul(centred, transposesLeft: true) * (1 / Double(samples.shape[0] - 1))
      mean = average.values
      covariance = Matrix(products.values, rows: products.shape[0], columns: products.shape[1])
    }
  }
}
