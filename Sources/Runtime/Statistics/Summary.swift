internal import Solvers

/// What a sample says about the mean and the spread of what it was drawn from.
public struct Summary: Sendable, Equatable {
  /// Number of values.
  public let count: Int
  /// Their mean; NaN where there are none.
  public let mean: Double
  /// Standard deviation with n - 1 in the divisor; NaN for fewer than two values.
  public let deviation: Double
  /// Smallest value.
  public let minimum: Double
  /// Largest value.
  public let maximum: Double
  /// The value in the middle of the order, or the mean of the two middle ones.
  public let median: Double

  /// Summarises values.
  public init(_ values: [Double]) {
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = values.count < 2 ? .nan : (squares / Double(values.count - 1)).squareRoot()
    minimum = values.min() ?? .nan
    maximum = values.max() ?? .nan
    median = Summary.quantile(0.5, of: values)
  }

  /// Summarises values of single precision.
  public init(_ values: [Float]) { self.init(values.map(Double.init)) }

  /// Standard error of the mean, deviation / √n.
  public var standardError: Double { deviation / Double(count).squareRoot() }

  /// The interval that covers the true mean with a probability, by Student's distribution.
  ///
  /// - Parameter confidence: probability in 0..<1.
  /// - Returns: mean ± t · deviation / √n; all numbers where there are fewer than two values.
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
    guard count > 1, deviation.isFinite else { return -Double.infinity...Double.infinity }
    let reach = StudentT(degrees: Double(count - 1)).quantile((1 + confidence) / 2) * standardError
    return (mean - reach)...(mean + reach)
  }

  /// The value below which a share of the sample lies, interpolated between neighbours.
  ///
  /// As NumPy's `quantile` by its default rule.
  ///
  /// - Parameters:
  ///   - share: in 0…1.
  ///   - values: the sample, in any order.
  /// - Returns: the quantile; NaN where there are no values.
  public static func quantile(_ share: Double, of values: [Double]) -> Double {
    precondition((0...1).contains(share), "Summary.quantile: share must be in 0…1, got \(share)")
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
  }
}
