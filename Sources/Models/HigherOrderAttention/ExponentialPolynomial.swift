internal import Glibc

/// A polynomial that stands for eˣ on an interval around zero.
public struct ExponentialPolynomial: Sendable, Equatable {
  /// How the coefficients are chosen.
  public enum Kind: String, Sendable, CaseIterable {
    /// The series at zero: best for small logits.
    case taylor
    /// Through the Chebyshev nodes of the interval: best in the worst case.
    case chebyshev
  }

  /// How the coefficients were chosen.
  public let kind: Kind
  /// Coefficients of 1, x, x², ….
  public let coefficients: [Double]
  /// The polynomial stands for eˣ where |x| is at most this.
  public let bound: Double
  /// Largest |p(x) - eˣ| / eˣ on the interval, found on a grid.
  public let relativeError: Double

  /// Highest power.
  public var degree: Int { coefficients.count - 1 }

  /// Makes a polynomial.
  ///
  /// - Parameters:
  ///   - kind: how to choose the coefficients.
  ///   - degree: highest power.
  ///   - bound: half the length of the interval, positive.
  /// - Throws: `KroneckerError` for a negative degree or an empty interval.
  public init(_ kind: Kind = .taylor, degree: Int, bound: Double) throws(KroneckerError) {
    guard degree >= 0 else { throw .negativeDegree(degree) }
    guard bound > 0, bound.isFinite else { throw .invalidBound(bound) }
    (self.kind, self.bound) = (kind, bound)
    let coefficients = kind == .taylor ? Self.taylor(degree) : Self.chebyshev(degree, bound)
    self.coefficients = coefficients
    relativeError = (0...4000).reduce(0.0) { worst, index in
      let x = bound * (Double(index) / 2000 - 1)
      return max(worst, abs(Self.value(coefficients, at: x) - exp(x)) / exp(x))
    }
  }

  /// p(x).
  public func callAsFunction(_ x: Double) -> Double { Self.value(coefficients, at: x) }

  /// Upper bound of the error of an attention that uses p in place of eˣ, when values are at most `largest` in product.
  ///
  /// With δ the relative error below 1, numerator and denominator are each off by a factor in 1 ± δ, so the result by at most
  /// 2δ/(1 - δ) times the values.
  public func outputBound(largestValue: Double) -> Double {
    relativeError < 1 ? 2 * relativeError / (1 - relativeError) * largestValue : .infinity
  }

  private static func value(_ coefficients: [Double], at x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }

  private static func taylor(_ degree: Int) -> [Double] {
    var coefficients = [1.0]
    for power in stride(from: 1, through: degree, by: 1) {
      coefficients.append(coefficients[power - 1] / Double(power))
    }
    return coefficients
  }

  /// Interpolates at the Chebyshev nodes and writes the sum of Chebyshev polynomials as one of powers.
  private static func chebyshev(_ degree: Int, _ bound: Double) -> [Double] {
    let count = degree + 1
    let angles = (0..<count).map { Double.pi * (Double($0) + 0.5) / Double(count) }
    let values = angles.map { exp(bound * cos($0)) }
    var (previous, current) = ([Double](), [1.0])
    var sum = [Double](repeating: 0, count: count)
    for order in 0..<count {
      let weight = zip(values, angles).reduce(0.0) { $0 + $1.0 * cos(Double(order) * $1.1) } * 2 / Double(count)
      for (power, value) in current.enumerated() { sum[power] += value * (order == 0 ? weight / 2 : weight) }
      // T_{m+1}(y) = 2y T_m(y) - T_{m-1}(y); T_1 has no factor 2.
      var next = [0.0] + current.map { order == 0 ? $0 : 2 * $0 }
      for (power, value) in previous.enumerated() { next[power] -= value }
      (previous, current) = (current, next)
    }
    return sum.enumerated().map { $1 / pow(bound, Double($0)) }
  }
}
