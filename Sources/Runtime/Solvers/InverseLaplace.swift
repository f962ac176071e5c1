#if canImport(Glibc)
  internal import Glibc
#endif
public import Signals

/// Numerical inversion of Laplace transforms, each by its own method; all take F as a function of a complex s.
///
/// Which to take: `fourier` for a whole curve on a uniform grid, `deHoog` for single times of any smooth or narrow f, `talbot`
/// for smooth f whose F has its singularities near the negative axis, `stehfest` (real s only) for very smooth f.
public enum InverseLaplace {
  /// A Laplace transform.
  public typealias Transform = (Complex<Double>) -> Complex<Double>

  /// Fixed Talbot method: f(t) from `nodes` values on a contour around the negative axis.
  ///
  /// - Throws: `SolverError.unstableInversion` where the contour passes too close to a singularity or terms overflow; `.outOfRange`
  ///   for t ≤ 0 or fewer than two nodes.
  ///
  /// Source: Abate and Valkó, 2004.
  public static func talbot(at time: Double, nodes: Int = 24, _ transform: Transform) throws(SolverError) -> Double {
    try check("InverseLaplace.talbot", time: time, count: nodes)
    let radius = 2 * Double(nodes) / (5 * time)
    let first = transform(Complex(radius)) * exp(radius * time)
    var sum = 0.5 * first.real
    for k in 1..<nodes {
      let angle = Double(k) * .pi / Double(nodes)
      let cotangent = 1 / tan(angle)
      let s = Complex(radius * angle * cotangent, radius * angle)
      let slope = angle + (angle * cotangent - 1) * cotangent
      let term = Complex.exp(s * time) * transform(s)
      // Along a contour that keeps clear of singularities terms fall from the first on; where they grow, nothing is right.
      guard term.magnitude <= 2 * first.magnitude else {
        throw .unstableInversion(
          method: "Talbot's contour",
          time: time,
          reason: "it passes too close to a singularity near s = \(s)"
        )
      }
      sum += (term * Complex(1, slope)).real
    }
    guard sum.isFinite else {
      throw .unstableInversion(method: "Talbot's contour", time: time, reason: "terms overflow")
    }
    return sum * radius / Double(nodes)
  }

  /// Gaver and Stehfest's method: f(t) from `terms` values on the real axis; `terms` is even, 2…20.
  ///
  /// Only very smooth f are represented: a narrow peak comes out flat, without any sign of it in the terms.
  ///
  /// - Throws: `SolverError.outOfRange`, or `.unstableInversion` where the result is not finite.
  ///
  /// Source: Stehfest, 1970.
  public static func stehfest(
    at time: Double,
    terms: Int = 14,
    _ transform: (Double) -> Double
  ) throws(SolverError) -> Double {
    try check("InverseLaplace.stehfest", time: time, count: terms)
    guard terms % 2 == 0, terms <= 20 else {
      throw .outOfRange(
        function: "InverseLaplace.stehfest",
        argument: "terms",
        expected: "even, 2…20",
        got: Double(terms)
      )
    }
    let unit = log(2) / time
    var sum = 0.0
    for (index, weight) in stehfestWeights(terms).enumerated() { sum += weight * transform(Double(index + 1) * unit) }
    guard sum.isFinite else {
      throw .unstableInversion(method: "Gaver and Stehfest", time: time, reason: "terms overflow")
    }
    return sum * unit
  }

  private static func stehfestWeights(_ count: Int) -> [Double] {
    let half = count / 2
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : (2...n).reduce(1.0) { $0 * Double($1) } }
    return (1...count).map { k in
      var sum = 0.0
      for j in (k + 1) / 2...min(k, half) {
        let numerator = pow(Double(j), Double(half)) * factorial(2 * j)
        let first = factorial(half - j) * factorial(j) * factorial(j - 1)
        sum += numerator / (first * factorial(k - j) * factorial(2 * j - k))
      }
      return (k + half) % 2 == 0 ? sum : -sum
    }
  }

  /// Fourier series of Dubner and Abate: f on the grid tⱼ = j `span` / `count`, j = 0 ..< `count`, by one FFT.
  ///
  /// f is made periodic with period 2 `span` after damping: what follows `span` comes back `tolerance` times smaller.
  ///
  /// - Parameters:
  ///   - span: end of the times, positive.
  ///   - count: number of times and of transform values.
  ///   - tolerance: damping over one period.
  ///   - bandwidth: angular frequency above which |F| is nothing, in 1/time; F is not asked there.
  ///   - transform: F.
  /// - Returns: `[count]`.
  /// - Throws: `SolverError.outOfRange`, or `.unstableInversion` where a value is not finite.
  public static func fourier(
    span: Double,
    count: Int,
    tolerance: Double = 1e-10,
    bandwidth: Double = .infinity,
    _ transform: Transform
  ) throws(SolverError) -> [Double] {
    try check("InverseLaplace.fourier", time: span, count: count)
    guard tolerance > 0, tolerance < 1 else {
      throw .outOfRange(
        function: "InverseLaplace.fourier",
        argument: "tolerance",
        expected: "between 0 and 1",
        got: tolerance
      )
    }
    let shift = -log(tolerance) / (2 * span)
    var spectrum = [Complex<Double>](repeating: .zero, count: count + 1)
    let last = Int(min(Double(count), max(0, bandwidth * span / .pi)))
    for k in 0...last { spectrum[k] = transform(Complex(shift, .pi * Double(k) / span)) }
    let values = undamped(irfft(spectrum, length: 2 * count), count: count, span: span, shift: shift)
    guard let wrong = values.firstIndex(where: { !$0.isFinite }) else { return values }
    throw .unstableInversion(
      method: "Fourier series",
      time: span * Double(wrong) / Double(count),
      reason: "transform values overflow"
    )
  }

  /// The first half of the periodic curve, times e^(shift t) count / span.
  private static func undamped(_ periodic: [Double], count: Int, span: Double, shift: Double) -> [Double] {
    let step = shift * span / Double(count)
    // A function value every 32 times, and its product with one of 32 powers between: 32 times fewer exponentials.
    let powers = (0..<32).map { exp(step * Double($0)) }
    var values = Array(periodic.prefix(count))
    var curve = values.mutableSpan
    for start in stride(from: 0, to: count, by: 32) {
      let growth = exp(step * Double(start)) * Double(count) / span
      for offset in 0..<min(32, count - start) { curve[start + offset] *= growth * powers[offset] }
    }
    return values
  }

  static func check(_ function: String, time: Double, count: Int) throws(SolverError) {
    guard time > 0, time.isFinite else {
      throw .outOfRange(function: function, argument: "time", expected: "positive and finite", got: time)
    }
    guard count >= 2 else {
      throw .outOfRange(function: function, argument: "number of terms", expected: "2 or more", got: Double(count))
    }
  }
}
