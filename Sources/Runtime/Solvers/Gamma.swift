#if canImport(Glibc)
  internal import Glibc
#endif

/// ln |Γ(x)|, by the C library.
public func logGamma(_ x: Double) -> Double {
  // The variant with a result for the sign: the plain one writes a global.
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}

/// Complementary error function 2/√π ∫ₓ^∞ exp(-t²) dt, by the C library.
public func erfc(_ x: Double) -> Double { Glibc.erfc(x) }

/// The regularised incomplete gamma functions.
public enum IncompleteGamma {
  /// P(a, x) = 1/Γ(a) ∫₀ˣ t^(a-1) exp(-t) dt.
  ///
  /// - Parameters:
  ///   - a: shape, positive.
  ///   - x: upper limit, not negative.
  /// - Returns: a value in 0…1.
  /// - Throws: `SolverError.outOfRange`.
  public static func lower(_ a: Double, _ x: Double) throws(SolverError) -> Double {
    try check("IncompleteGamma.lower", a, x)
    if x == 0 { return 0 }
    if x.isInfinite { return 1 }
    return x < a + 1 ? series(a, x) : 1 - fraction(a, x)
  }

  /// Q(a, x) = 1 - P(a, x), without cancellation where it is small.
  ///
  /// - Parameters:
  ///   - a: shape, positive.
  ///   - x: lower limit, not negative.
  /// - Returns: a value in 0…1.
  /// - Throws: `SolverError.outOfRange`.
  public static func upper(_ a: Double, _ x: Double) throws(SolverError) -> Double {
    try check("IncompleteGamma.upper", a, x)
    if x == 0 { return 1 }
    if x.isInfinite { return 0 }
    return x < a + 1 ? 1 - series(a, x) : fraction(a, x)
  }

  private static func check(_ function: String, _ a: Double, _ x: Double) throws(SolverError) {
    guard a > 0, a.isFinite else {
      throw .outOfRange(function: function, argument: "a", expected: "positive and finite", got: a)
    }
    guard x >= 0 else { throw .outOfRange(function: function, argument: "x", expected: "not negative", got: x) }
  }

  /// x^a exp(-x) / Γ(a+1), in a form that keeps its digits for large a.
  private static func prefactor(_ a: Double, _ x: Double) -> Double {
    if a < 20 { return exp(a * log(x) - x - logGamma(a + 1)) }
    // Γ(a+1) = √(2πa) (a/e)^a exp(correction): what remains is the deviance a ln(x/a) - (x - a), free of cancellation.
    let delta = (x - a) / a
    return exp(a * (log1p(delta) - delta) - stirlingCorrection(a)) / (2 * .pi * a).squareRoot()
  }

  /// ln Γ(a+1) less Stirling's formula, for a ≥ 20.
  private static func stirlingCorrection(_ a: Double) -> Double {
    let square = 1 / (a * a)
    return (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))) / a
  }

  /// Σ xᵏ / ((a+1)…(a+k)), times the prefactor.
  private static func series(_ a: Double, _ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var k = 1.0
    while term > 1e-17 * sum {
      term *= x / (a + k)
      sum += term
      k += 1
    }
    return sum * prefactor(a, x)
  }

  /// Legendre's continued fraction by Lentz's rule, as Thompson and Barnett changed it.
  private static func fraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var value = d
    var k = 1.0
    while true {
      let numerator = k * (a - k)
      b += 2
      d = 1 / nonzero(b + numerator * d, tiny)
      c = nonzero(b + numerator / c, tiny)
      let factor = d * c
      value *= factor
      if abs(factor - 1) < 1e-16 || k > 1e6 { break }
      k += 1
    }
    return value * prefactor(a, x) * a
  }

  private static func nonzero(_ value: Double, _ tiny: Double) -> Double { abs(value) < tiny ? tiny : value }
}
