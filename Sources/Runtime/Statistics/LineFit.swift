internal import Glibc

/// The straight line y = intercept + slope · x of least squares, with the errors of both.
public struct LineFit: Sendable, Equatable {
  /// Rise of y for one unit of x; of a log-log fit, the exponent.
  public let slope: Double
  /// y at x = 0; of a log-log fit, the natural logarithm of the factor.
  public let intercept: Double
  /// Standard error of the slope.
  public let slopeError: Double
  /// Standard error of the intercept.
  public let interceptError: Double
  /// Share of y's variance that the line explains.
  public let determination: Double
  /// Number of points.
  public let count: Int

  /// Fits a line.
  ///
  /// - Parameters:
  ///   - x: abscissae, not all equal.
  ///   - y: as many ordinates; two at least, three for the errors to be finite.
  /// - Throws: `StatisticsError`.
  public init(_ x: [Double], _ y: [Double]) throws(StatisticsError) {
    try self.init(x, y, "LineFit")
  }

  /// Fits y = factor · x^exponent by a line through the logarithms.
  ///
  /// - Parameters:
  ///   - x: abscissae, positive.
  ///   - y: as many ordinates, positive.
  /// - Returns: the line; its slope is the exponent.
  /// - Throws: `StatisticsError`.
  public static func logLog(_ x: [Double], _ y: [Double]) throws(StatisticsError) -> LineFit {
    for (values, name) in [(x, "x"), (y, "y")] {
      if let index = values.firstIndex(where: { !($0 > 0) }) {
        throw .badValue(
          function: "LineFit.logLog",
          argument: name,
          index: index,
          expected: "positive",
          got: values[index]
        )
      }
    }
    return try LineFit(x.map { log($0) }, y.map { log($0) }, "LineFit.logLog")
  }

  private init(_ x: [Double], _ y: [Double], _ name: String) throws(StatisticsError) {
    try StatisticsError.check(x, y, name, least: 2, names: ("x", "y"))
    let n = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += (a - meanX) * (a - meanX)
      xy += (a - meanX) * (b - meanY)
      yy += (b - meanY) * (b - meanY)
    }
    guard xx > 0 else { throw .constant(function: name, argument: "x") }
    let slope = xy / xx
    let intercept = meanY - slope * meanX
    let rest = zip(x, y).reduce(0.0) { sum, point in
      let residual = point.1 - intercept - slope * point.0
      return sum + residual * residual
    }
    let variance = x.count > 2 ? rest / (n - 2) : .infinity
    (self.slope, self.intercept, count) = (slope, intercept, x.count)
    slopeError = (variance / xx).squareRoot()
    interceptError = (variance * (1 / n + meanX * meanX / xx)).squareRoot()
    determination = yy > 0 ? 1 - rest / yy : 1
  }

  /// The line's ordinate; of a log-log fit, the logarithm of it at the logarithm x.
  public func callAsFunction(_ x: Double) -> Double { intercept + slope * x }

  /// The interval that covers the true slope with a probability, by Student's distribution.
  ///
  /// - Parameter confidence: probability in 0..<1.
  /// - Returns: all numbers where there are only two points.
  public func slopeInterval(confidence: Double = 0.95) -> ClosedRange<Double> {
    guard count > 2 else { return -Double.infinity...Double.infinity }
    let reach = StudentT(degrees: Double(count - 2)).quantile((1 + confidence) / 2) * slopeError
    return (slope - reach)...(slope + reach)
  }
}
