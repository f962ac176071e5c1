/// The regularised incomplete beta function, of which Student's and Fisher's distributions are made.
public enum IncompleteBeta {
  /// I(a, b, x) = 1/B(a, b) ∫₀ˣ t^(a-1) (1-t)^(b-1) dt.
  ///
  /// By Lentz's evaluation of the continued fraction, on the side of the mean where it converges fast.
  ///
  /// - Parameters:
  ///   - a: first shape, positive.
  ///   - b: second shape, positive.
  ///   - x: upper limit in 0…1.
  /// - Returns: a value in 0…1.
  /// - Throws: `SolverError.outOfRange`.
  public static func regularized(_ a: Double, _ b: Double, _ x: Double) throws(SolverError) -> Double {
    let name = "IncompleteBeta.regularized"
    for (shape, argument) in [(a, "a"), (b, "b")] where !(shape > 0 && shape.isFinite) {
      throw .outOfRange(function: name, argument: argument, expected: "positive and finite", got: shape)
    }
    guard x >= 0, x <= 1 else { throw .outOfRange(function: name, argument: "x", expected: "in 0…1", got: x) }
    if x == 0 || x == 1 { return x }
    let power = a * Elementary.log(x) + b * Elementary.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)
    let front = Elementary.exp(power)
    return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a : 1 - front * fraction(b, a, 1 - x) / b
  }

  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func nonzero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var value = d
    // About √max(a, b) terms are needed; the bound holds for shapes up to 10⁸.
    for term in 1...20_000 {
      let m = Double(term)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      for step in [even, odd] {
        d = 1 / nonzero(1 + step * d)
        c = nonzero(1 + step / c)
        value *= c * d
      }
      if abs(c * d - 1) < 1e-16 { break }
    }
    return value
  }
}
