#if canImport(Glibc)
  internal import Glibc
#endif

/// Modified Bessel functions of the first kind, scaled so that they never overflow: exp(-|x|) I(x).
public enum Bessel {
  /// exp(-|x|) I₀(x), to a few units of the last place.
  public static func scaledI0(_ x: Double) -> Double {
    let x = abs(x)
    if x < seriesEnd { return exp(-x) * series(seriesI0, x) }
    return asymptotic(asymptoticI0, x)
  }

  /// exp(-|x|) I₁(x), to a few units of the last place; odd in x.
  public static func scaledI1(_ x: Double) -> Double {
    let size = abs(x)
    let value = size < seriesEnd ? exp(-size) * (size / 2) * series(seriesI1, size) : asymptotic(asymptoticI1, size)
    return x < 0 ? -value : value
  }

  /// exp(-x) Iν(x) for any order ν ≥ 0 and x ≥ 0.
  ///
  /// Relative error about 1e-15 (ν + x), from the logarithm of the largest term of the power series.
  ///
  /// - Throws: `SolverError.outOfRange` for a negative or non-finite order or argument.
  public static func scaledI(order: Double, _ x: Double) throws(SolverError) -> Double {
    guard order >= 0, order.isFinite else {
      throw .outOfRange(function: "Bessel.scaledI", argument: "order", expected: "finite and not negative", got: order)
    }
    guard x >= 0, x.isFinite else {
      throw .outOfRange(function: "Bessel.scaledI", argument: "x", expected: "finite and not negative", got: x)
    }
    if order == 0 { return scaledI0(x) }
    if order == 1 { return scaledI1(x) }
    if x == 0 { return 0 }
    // The asymptotic terms fall from the first on when x is well above ν²/2.
    if x > max(30, order * order) { return asymptotic(asymptoticCoefficients(order: order), x) }
    return sumFromLargestTerm(order: order, x)
  }

  /// Σₖ (x/2)^(2k+ν) / (k! Γ(k+ν+1)) with every term positive: start at the largest one and go both ways.
  private static func sumFromLargestTerm(order: Double, _ x: Double) -> Double {
    let quarter = x * x / 4
    let peak = (((order * order + 4 * quarter).squareRoot() - order) / 2).rounded(.down)
    let logPeak = (2 * peak + order) * log(x / 2) - logGamma(peak + 1) - logGamma(peak + order + 1) - x
    var sum = 1.0
    var term = 1.0
    var k = peak + 1
    while term > 1e-17 * sum {
      term *= quarter / (k * (k + order))
      sum += term
      k += 1
    }
    term = 1
    k = peak
    while k > 0, term > 1e-17 * sum {
      term *= k * (k + order) / quarter
      sum += term
      k -= 1
    }
    return sum * exp(logPeak)
  }

  // MARK: - Power series below 20, asymptotic series above: both are at full accuracy there.

  private static let seriesEnd = 20.0
  /// 1 / (k!)² and 1 / (k! (k+1)!).
  private static let seriesI0 = seriesCoefficients(order: 0)
  private static let seriesI1 = seriesCoefficients(order: 1)
  private static let asymptoticI0 = asymptoticCoefficients(order: 0)
  private static let asymptoticI1 = asymptoticCoefficients(order: 1)

  private static func seriesCoefficients(order: Double) -> [Double] {
    var value = 1.0
    return (0..<38).map { k in
      defer { value /= Double(k + 1) * (Double(k + 1) + order) }
      return value
    }
  }

  private static func series(_ coefficients: [Double], _ x: Double) -> Double {
    let z = x * x / 4
    // Number of terms after which z^k / (k!)² is below one unit of the last place of the sum.
    return polynomial(coefficients, count: x < 4 ? 18 : x < 10 ? 26 : 38, z)
  }

  /// (-1)^k Π (4ν² - (2j-1)²) / (k! 8^k): coefficients of 1/x.
  private static func asymptoticCoefficients(order: Double) -> [Double] {
    var value = 1.0
    return (0..<30).map { k in
      defer {
        let odd = Double(2 * k + 1)
        value *= (odd * odd - 4 * order * order) / (8 * Double(k + 1))
      }
      return value
    }
  }

  private static func asymptotic(_ coefficients: [Double], _ x: Double) -> Double {
    let count = x < 50 ? 28 : x < 200 ? 14 : 9
    return polynomial(coefficients, count: count, 1 / x) / (2 * .pi * x).squareRoot()
  }

  /// Horner's rule over even and odd powers apart: two short chains of operations in place of a long one.
  private static func polynomial(_ coefficients: [Double], count: Int, _ z: Double) -> Double {
    let square = z * z
    var even = 0.0
    var odd = 0.0
    var k = (count - 1) / 2 * 2
    while k >= 0 {
      odd = odd * square + coefficients[k + 1]
      even = even * square + coefficients[k]
      k -= 2
    }
    return even + z * odd
  }
}
