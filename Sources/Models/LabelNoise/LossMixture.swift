internal import Glibc

/// Two normal components of values in 0…1: the losses of clean and of noisy samples.
///
/// Expectation and maximisation, deterministic from either start, so that equal values give an equal fit.
///
/// Source: the detection of PLS-LSA and its forerunners, which start from two means.
public struct LossMixture: Sendable, Equatable {
  /// Where the fit begins.
  public enum Start: String, Sendable, Equatable {
    /// Means 0 and 1, the sample's variance and equal weights.
    case ends
    /// The two clusters that k-means finds from the smallest and the largest value.
    case twoMeans
  }

  /// Means of both components.
  public private(set) var means = [0.0, 1]
  /// Variances of both components.
  public private(set) var variances: [Double]
  /// Shares of both components.
  public private(set) var weights = [0.5, 0.5]
  /// Iterations until the mean log-likelihood rose by less than the tolerance.
  public private(set) var iterations = 0
  private static let floor = 5e-4

  /// Fits the mixture.
  ///
  /// - Parameters:
  ///   - values: in 0…1, one at least.
  ///   - maximumIterations: where to stop in any case.
  ///   - tolerance: rise of the mean log-likelihood that ends the fit.
  ///   - start: where the fit begins.
  public init(_ values: [Double], maximumIterations: Int = 10, tolerance: Double = 1e-2, start: Start = .ends) {
    precondition(!values.isEmpty, "LossMixture: there are no values")
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    variances = [variance, variance].map { max($0, Self.floor) }
    if start == .twoMeans { beginWithClusters(values) }
    var before = -Double.infinity
    for _ in 0..<maximumIterations {
      iterations += 1
      let likelihood = step(values)
      if abs(likelihood - before) < tolerance { break }
      before = likelihood
    }
  }

  /// Takes shares, means and variances of the two clusters, where there are two.
  private mutating func beginWithClusters(_ values: [Double]) {
    guard var low = values.min(), var high = values.max(), high > low else { return }
    var parts: [[Double]] = []
    while true {
      let cut = (low + high) / 2
      parts = [values.filter { $0 <= cut }, values.filter { $0 > cut }]
      let centers = parts.map { $0.reduce(0, +) / Double($0.count) }
      if centers == [low, high] { break }
      (low, high) = (centers[0], centers[1])
    }
    means = [low, high]
    for part in 0..<2 {
      let squares = parts[part].reduce(0) { $0 + ($1 - means[part]) * ($1 - means[part]) }
      variances[part] = squares / Double(parts[part].count) + Self.floor
      weights[part] = Double(parts[part].count) / Double(values.count)
    }
  }

  /// One iteration; gives the mean log-likelihood before it.
  private mutating func step(_ values: [Double]) -> Double {
    var (share, first, second, likelihood) = ([0.0, 0], [0.0, 0], [0.0, 0], 0.0)
    for value in values {
      let logs = joint(value)
      let top = max(logs[0], logs[1])
      let total = top + log(exp(logs[0] - top) + exp(logs[1] - top))
      likelihood += total
      for part in 0..<2 {
        let weight = exp(logs[part] - total)
        share[part] += weight
        first[part] += weight * value
        second[part] += weight * value * value
      }
    }
    for part in 0..<2 {
      let size = share[part] + 10 * Double.ulpOfOne
      means[part] = first[part] / size
      variances[part] = max(second[part] / size - means[part] * means[part], 0) + Self.floor
      weights[part] = size / Double(values.count)
    }
    return likelihood / Double(values.count)
  }

  /// Logarithms of share times density of both components.
  private func joint(_ value: Double) -> [Double] {
    (0..<2).map { part in
      let step = value - means[part]
      return log(weights[part]) - 0.5 * (log(2 * .pi * variances[part]) + step * step / variances[part])
    }
  }

  /// Chance that a value belongs to the component with the higher mean.
  public func highPosterior(_ value: Double) -> Double {
    let logs = joint(value)
    let high = means[1] >= means[0] ? 1 : 0
    return 1 / (1 + exp(logs[1 - high] - logs[high]))
  }

  /// Values shifted and stretched to 0…1; zeros where all are equal.
  ///
  /// Infinite values count as the largest finite one.
  public static func unitScaled(_ values: [Double]) -> [Double] {
    let finite = values.filter { $0.isFinite }
    guard let least = finite.min(), let most = finite.max(), most > least else { return values.map { _ in 0 } }
    return values.map { ((($0.isFinite ? $0 : most) - least) / (most - least)) }
  }
}
