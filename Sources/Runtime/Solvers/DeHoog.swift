#if canImport(Glibc)
  internal import Glibc
#endif
public import Signals

extension InverseLaplace {
  /// The method of de Hoog, Knight and Stokes: the Fourier series summed as a continued fraction.
  ///
  /// The 2 `degree` + 1 transform values serve all times up to the largest one given; accuracy falls for times that are a
  /// small part of it, so give times of one order of magnitude.
  ///
  /// - Parameters:
  ///   - times: positive times, in any order, `[n]`.
  ///   - degree: half the number of terms.
  ///   - transform: F.
  /// - Returns: `[n]`.
  /// - Throws: `SolverError.outOfRange`, or `.unstableInversion` where the quotient-difference table breaks down.
  ///
  /// Source: de Hoog, Knight and Stokes, SIAM J. Sci. Stat. Comput. 3 (1982).
  public static func deHoog(
    at times: [Double],
    degree: Int = 40,
    _ transform: Transform
  ) throws(SolverError) -> [Double] {
    guard let last = times.max() else { return [] }
    for time in times { try check("InverseLaplace.deHoog", time: time, count: degree) }
    let period = 1.2 * last
    let shift = -log(1e-9) / (2 * period)
    var values = (0...2 * degree).map { transform(Complex(shift, .pi * Double($0) / period)) }
    values[0] = values[0] * 0.5
    let fraction = continuedFraction(values, degree: degree)
    guard fraction.allSatisfy(\.isFinite) else {
      throw .unstableInversion(
        method: "de Hoog",
        time: last,
        reason: "the quotient-difference table divides by zero; use a smaller degree"
      )
    }
    var result: [Double] = []
    for time in times {
      let sum = evaluate(fraction, Complex.polar(1, .pi * time / period))
      let value = exp(shift * time) / period * sum.real
      guard value.isFinite else { throw .unstableInversion(method: "de Hoog", time: time, reason: "terms overflow") }
      result.append(value)
    }
    return result
  }

  /// Coefficients d of the fraction d₀ / (1 + d₁z / (1 + d₂z / …)) with the power series Σ aₖ zᵏ, by the
  /// quotient-difference rule.
  private static func continuedFraction(_ series: [Complex<Double>], degree: Int) -> [Complex<Double>] {
    var fraction = [series[0]]
    var quotients = (0..<2 * degree).map { series[$0 + 1] / series[$0] }
    var differences = [Complex<Double>](repeating: .zero, count: 2 * degree + 1)
    for rank in 1...degree {
      fraction.append(-quotients[0])
      let count = 2 * (degree - rank) + 1
      differences = (0..<count).map { quotients[$0 + 1] - quotients[$0] + differences[$0 + 1] }
      fraction.append(-differences[0])
      if rank < degree {
        quotients = (0..<count - 1).map { quotients[$0 + 1] * differences[$0 + 1] / differences[$0] }
      }
    }
    return fraction
  }

  /// Value of the fraction at z, the part that was cut off estimated from its last two coefficients.
  private static func evaluate(_ d: [Complex<Double>], _ z: Complex<Double>) -> Complex<Double> {
    var (olderA, a) = (Complex<Double>.zero, d[0])
    var (olderB, b) = (Complex(1.0), Complex(1.0))
    for n in 1..<d.count - 1 {
      (olderA, a) = (a, a + d[n] * z * olderA)
      (olderB, b) = (b, b + d[n] * z * olderB)
    }
    let last = d.count - 1
    let half = (1 + z * (d[last - 1] - d[last])) * 0.5
    let remainder = -half * (1 - Complex.sqrt(1 + z * d[last] / (half * half)))
    return (a + remainder * olderA) / (b + remainder * olderB)
  }
}
