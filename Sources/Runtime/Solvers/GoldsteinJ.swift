#if canImport(Glibc)
  internal import Glibc
#endif

/// Goldstein's J for one first argument and many second ones: the outlet of a linear adsorption column after a step.
///
/// J(a, y) = 1 - exp(-y) ∫₀ᵃ exp(-τ) I₀(2√(yτ)) dτ = Σₖ exp(-y) yᵏ/k! · Q(k+1, a), a mixture of incomplete gamma functions
/// with Poisson weights. The table Q(k+1, a) is made once; a value then costs two sums over the 19 √y weights that matter,
/// eight values at a time. Sums are divided by the sum of their weights, which takes away the error of the first weight.
///
/// Absolute error below 1e-15; relative error below 1e-12 where J > 1e-14.
///
/// Source: Goldstein, 1953, Proc. R. Soc. A 219 (definition); the sum is the distribution function of a non-central χ².
public struct GoldsteinJ: Sendable {
  /// The first argument: amount of stationary phase passed, in exchange lengths.
  public let a: Double
  /// Index of the first entry of the table; Q(k+1, a) is below 1e-36 before it.
  private let first: Int
  /// Q(k+1, a) for k = first…; 1 after the end.
  private let table: [Double]

  /// Makes the table for one first argument.
  ///
  /// - Throws: `SolverError.outOfRange` where `a` is negative, not finite, or above 1e12.
  public init(a: Double) throws(SolverError) {
    guard a >= 0, a <= 1e12 else {
      throw .outOfRange(function: "GoldsteinJ", argument: "a", expected: "in 0…1e12", got: a)
    }
    self.a = a
    let reach = 12.9 * a.squareRoot() + 40
    first = max(0, Int(a - reach))
    let last = Int(a + reach)
    // Poisson masses relative to the largest, up and down from it, then their running sum.
    var masses = [Double](repeating: 0, count: last - first + 1)
    let mode = Int(a)
    masses[mode - first] = 1
    for k in stride(from: mode + 1, through: last, by: 1) {
      masses[k - first] = masses[k - 1 - first] * (a / Double(k))
    }
    for k in stride(from: mode, to: first, by: -1) { masses[k - 1 - first] = masses[k - first] * (Double(k) / a) }
    var sum = 0.0
    for index in masses.indices {
      sum += masses[index]
      masses[index] = sum
    }
    table = masses.map { $0 / sum }
  }

  /// J(a, y) for one y ≥ 0.
  ///
  /// - Throws: `SolverError.outOfRange` where y is negative or NaN.
  public func callAsFunction(_ y: Double) throws(SolverError) -> Double { try callAsFunction([y])[0] }

  /// J(a, y) for many y ≥ 0; fastest when they are sorted, since neighbours share their sums.
  ///
  /// - Throws: `SolverError.outOfRange` where a value is negative or NaN.
  public func callAsFunction(_ y: [Double]) throws(SolverError) -> [Double] {
    if let wrong = y.first(where: { !($0 >= 0) }) {
      throw .outOfRange(function: "GoldsteinJ", argument: "y", expected: "not negative", got: wrong)
    }
    var result = [Double](repeating: 0, count: y.count)
    var start = 0
    while start < y.count {
      // One range of weights serves neighbours that are within a few standard deviations of each other, up to eight.
      var low = y[start]
      var high = low
      var end = start + 1
      while end < min(start + 8, y.count), max(high, y[end]) - min(low, y[end]) <= 5 * min(low, y[end]).squareRoot() {
        low = min(low, y[end])
        high = max(high, y[end])
        end += 1
      }
      mixture(y[start..<end], low...high, into: &result)
      start = end
    }
    return result
  }

  /// Sums from where weights are e^(-45) of the largest to where they are again; J is 0 or 1 where the table has no part in it.
  private func mixture(_ y: ArraySlice<Double>, _ range: ClosedRange<Double>, into result: inout [Double]) {
    let begin = range.lowerBound - 9.5 * range.lowerBound.squareRoot() - 3
    let end = range.upperBound + 9.5 * range.upperBound.squareRoot() + 30
    if end < Double(first) { return }
    if begin > Double(first + table.count) {
      for index in y.indices { result[index] = 1 }
      return
    }
    let means = PoissonMeans(of: table, first: first, from: max(0, Int(begin)), through: Int(end))
    means.write(y, into: &result)
  }
}

extension GoldsteinJ {
  /// ∂J/∂a = -exp(-(√a-√y)²) I₀ᵉ(2√(ay)).
  public static func derivativeByA(_ a: Double, _ y: Double) -> Double {
    let difference = a.squareRoot() - y.squareRoot()
    return -exp(-difference * difference) * Bessel.scaledI0(2 * (a * y).squareRoot())
  }

  /// ∂J/∂y = exp(-(√a-√y)²) √(a/y) I₁ᵉ(2√(ay)), with its limit a exp(-a) at y = 0.
  public static func derivativeByY(_ a: Double, _ y: Double) -> Double {
    if y == 0 { return a * exp(-a) }
    let difference = a.squareRoot() - y.squareRoot()
    return exp(-difference * difference) * (a / y).squareRoot() * Bessel.scaledI1(2 * (a * y).squareRoot())
  }

  /// J(a, y) by adaptive quadrature of its definition, the slow second way.
  ///
  /// With τ = z² the integrand is entire; written with the scaled Bessel function it never overflows.
  ///
  /// - Throws: `SolverError` for negative arguments.
  public static func byQuadrature(_ a: Double, _ y: Double) throws -> Double {
    guard a >= 0, y >= 0 else {
      throw SolverError.outOfRange(
        function: "GoldsteinJ.byQuadrature",
        argument: "a and y",
        expected: "not negative",
        got: min(a, y)
      )
    }
    let root = y.squareRoot()
    let integral = try GaussKronrod().integrate(from: 0, to: a.squareRoot()) { z in
      2 * z * exp(-(z - root) * (z - root)) * Bessel.scaledI0(2 * root * z)
    }
    return 1 - integral.value
  }
}
