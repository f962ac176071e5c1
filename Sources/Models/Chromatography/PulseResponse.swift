#if canImport(Glibc)
  internal import Glibc
#endif
public import Signals
public import Solvers

/// The curve that a rectangular injection of unit level leaves at the outlet of a column without diffusion.
///
/// With T the transit time, θ = t - T, a = α k_a T and b = k_d the transform of the outlet is
/// c̄(s) = c̄ᵢₙ(s) e^(-sT) e^(-as/(s+b)), and
/// c(t) = J(a, bθ) H(θ) - J(a, b(θ - t₁)) H(θ - t₁) = ∫ h dτ + e^(-a) [0 ≤ θ < t₁]: one integral, of one form for all analytes.
///
/// Source: arXiv 2501.00001 (Laplace form without diffusion); the closed forms follow from it.
public struct PulseResponse: Sendable, Equatable {
  /// a = α k_a T.
  public let a: Double
  /// b = k_d, 1/s.
  public let b: Double
  /// Length t₁ of the injection, s.
  public let injection: Double
  /// Transit time T, s.
  public let delay: Double

  /// Makes a response from its numbers.
  ///
  /// - Throws: `ChromatographyError.invalid` for negative a, t₁ or T or a b that is not positive.
  public init(a: Double, b: Double, injection: Double, delay: Double = 0) throws(ChromatographyError) {
    try ChromatographyError.notNegative(a, "exchange lengths a", "")
    try ChromatographyError.positive(b, "desorption rate", "1/s")
    try ChromatographyError.notNegative(injection, "injection length", "s")
    try ChromatographyError.notNegative(delay, "transit time", "s")
    self.a = a
    self.b = b
    self.injection = injection
    self.delay = delay
  }

  /// Mean time, variance and plates of the curve.
  public var moments: PeakMoments {
    PeakMoments(
      area: injection,
      mean: delay + a / b + injection / 2,
      variance: 2 * a / (b * b) + injection * injection / 12
    )
  }

  /// Transform of the curve in θ, without the factor e^(-sT).
  public func transform(_ s: Complex<Double>) -> Complex<Double> { inlet(s) * Complex.exp(-a * s / (s + b)) }

  /// (1 - e^(-s t₁)) / s.
  private func inlet(_ s: Complex<Double>) -> Complex<Double> {
    let product = s * injection
    // The quotient loses digits near zero; its series does not.
    if product.magnitude < 1e-4 { return injection * (1 - product * 0.5 + product * product / 6) }
    return (1 - Complex.exp(-product)) / s
  }

  /// Impulse response at θ > 0 without its front e^(-a) δ(θ): e^(-(√a-√(bθ))²) √(ab/θ) I₁ᵉ(2√(abθ)).
  public func density(_ theta: Double) -> Double {
    guard theta > 0 else { return theta == 0 ? a * b * exp(-a) : 0 }
    return b * GoldsteinJ.derivativeByY(a, b * theta)
  }

  /// The curve at ascending times t, by Goldstein's J: exact and the fastest for any times.
  ///
  /// - Returns: c/c₀, `[n]`.
  /// - Throws: `ChromatographyError.unsortedTimes` or `.notFinite`; `SolverError` for a above 1e12.
  public func goldstein(at times: [Double]) throws -> [Double] {
    try ChromatographyError.ascending(times)
    let step = try GoldsteinJ(a: a)
    // A step has not begun where its argument is negative: J is taken at 0 there and not used.
    let begun = try step(times.map { max(0, ($0 - delay) * b) })
    let ended = try step(times.map { max(0, ($0 - delay - injection) * b) })
    return times.indices.map { index in
      let theta = times[index] - delay
      if theta < 0 { return 0 }
      return theta < injection ? begun[index] : begun[index] - ended[index]
    }
  }

  /// The curve at ascending times t, by adaptive quadrature of the single integral.
  ///
  /// - Returns: c/c₀, `[n]`.
  /// - Throws: `ChromatographyError.unsortedTimes` or `.notFinite`; `SolverError.notConverged`.
  public func quadrature(at times: [Double], _ rule: GaussKronrod = GaussKronrod()) throws -> [Double] {
    try ChromatographyError.ascending(times)
    return try times.map { time in
      let theta = time - delay
      if theta < 0 { return 0 }
      // With τ = z² the integrand is smooth down to τ = 0.
      let lower = max(0, theta - injection).squareRoot()
      let integral = try rule.integrate(from: lower, to: theta.squareRoot()) { 2 * $0 * density($0 * $0) }
      return integral.value + (theta < injection ? exp(-a) : 0)
    }
  }

  /// The curve on a grid of times by one Fourier transform: tⱼ = T + j span / count.
  ///
  /// - Parameters:
  ///   - span: length of time after T that must hold the whole peak, s.
  ///   - count: number of times.
  ///   - tolerance: what follows the span comes back this much smaller.
  /// - Returns: c/c₀ on the grid, `[count]`.
  /// - Throws: `SolverError.outOfRange`.
  public func fourier(span: Double, count: Int, tolerance: Double = 1e-10) throws -> Chromatogram {
    // With s = g + iω the exponent's real part is at least a ω² / ((g + b)² + ω²): above this ω it is 50, and F is nothing.
    let shift = b - log(tolerance) / (2 * span)
    let bandwidth = a > 50 ? shift * (50 / (a - 50)).squareRoot() : .infinity
    let values = try InverseLaplace.fourier(
      span: span,
      count: count,
      tolerance: tolerance,
      bandwidth: bandwidth,
      transform
    )
    let step = span / Double(count)
    return Chromatogram(times: (0..<count).map { delay + step * Double($0) }, values: values)
  }

  /// The curve at times after T by the method of de Hoog, Knight and Stokes.
  ///
  /// - Throws: `ChromatographyError.inversionRefused` where the method breaks down.
  public func deHoog(at times: [Double], degree: Int = 60) throws -> [Double] {
    try ChromatographyError.ascending(times)
    return try refusing("de Hoog's method") { () throws(SolverError) in
      try invertAfterDelay(times) { (thetas) throws(SolverError) in
        try InverseLaplace.deHoog(at: thetas, degree: degree, transform)
      }
    }
  }

  /// The curve at times after T by Talbot's method, for peaks of few plates.
  ///
  /// - Throws: `ChromatographyError.inversionRefused` where the contour passes the essential singularity at s = -k_d too closely.
  public func talbot(at times: [Double], nodes: Int = 24) throws -> [Double] {
    try ChromatographyError.ascending(times)
    return try refusing("Talbot's method") { () throws(SolverError) in
      // The two edges are inverted apart, each from its own beginning: a delay inside F would shrink the contour's reach.
      func step(_ thetas: [Double]) throws(SolverError) -> [Double] {
        var values: [Double] = []
        for theta in thetas {
          values.append(try InverseLaplace.talbot(at: theta, nodes: nodes) { Complex.exp(-a * $0 / ($0 + b)) / $0 })
        }
        return values
      }
      let begun = try invertAfterDelay(times, step)
      let ended = try invertAfterDelay(times.map { $0 - injection }, step)
      return zip(begun, ended).map { $0 - $1 }
    }
  }

  /// The curve at times after T by the method of Gaver and Stehfest, for peaks of few plates.
  ///
  /// - Throws: `ChromatographyError.inversionRefused` above 25 plates: real samples cannot tell a narrow peak from a flat one.
  public func stehfest(at times: [Double], terms: Int = 14) throws -> [Double] {
    try ChromatographyError.ascending(times)
    guard moments.plates <= 25 else {
      throw ChromatographyError.inversionRefused(
        method: "Stehfest's method",
        plates: moments.plates,
        reason: "it flattens peaks above 25 plates; use Goldstein's J or the Fourier series"
      )
    }
    return try invertAfterDelay(times) { (thetas) throws(SolverError) in
      var values: [Double] = []
      for theta in thetas {
        values.append(try InverseLaplace.stehfest(at: theta, terms: terms) { transform(Complex($0)).real })
      }
      return values
    }
  }

  /// Zero up to T, and what an inversion gives at θ = t - T after it.
  private func invertAfterDelay(
    _ times: [Double],
    _ invert: ([Double]) throws(SolverError) -> [Double]
  ) throws(SolverError) -> [Double] {
    let thetas = times.map { $0 - delay }.filter { $0 > 0 }
    return [Double](repeating: 0, count: times.count - thetas.count) + (try invert(thetas))
  }

  private func refusing(_ method: String, _ body: () throws(SolverError) -> [Double]) throws -> [Double] {
    try ChromatographyError.refusing(method, plates: moments.plates, body)
  }
}

extension ChromatographyError {
  /// Runs an inversion; where it cannot vouch for its result, says so with the number of plates.
  static func refusing(
    _ method: String,
    plates: Double,
    _ body: () throws(SolverError) -> [Double]
  ) throws -> [Double] {
    do {
      return try body()
    } catch {
      guard case .unstableInversion(_, _, let reason) = error else { throw error }
      throw ChromatographyError.inversionRefused(
        method: method,
        plates: plates,
        reason: "\(reason); use Goldstein's J or the Fourier series"
      )
    }
  }
}

extension Column {
  /// The response of this column, taken without diffusion, to a pulse of an analyte.
  ///
  /// - Throws: `ChromatographyError.invalid` for a negative injection length.
  public func response(to analyte: Analyte, injection: Double) throws(ChromatographyError) -> PulseResponse {
    try PulseResponse(
      a: capacity * analyte.adsorption * transitTime,
      b: analyte.desorption,
      injection: injection,
      delay: transitTime
    )
  }

  /// Outlet concentration at ascending times by Goldstein's J, without diffusion; `[n]` in units of the injected level's.
  ///
  /// - Throws: `ChromatographyError` for a negative injection length or times that do not ascend.
  public func outlet(_ analyte: Analyte, injection: Double, at times: [Double]) throws -> [Double] {
    try response(to: analyte, injection: injection).goldstein(at: times).map { $0 * analyte.level }
  }
}

/// A detector's signal against time.
public struct Chromatogram: Sendable, Equatable {
  /// Times, s, `[n]`.
  public var times: [Double]
  /// Signal, `[n]`.
  public var values: [Double]

  /// Makes a chromatogram.
  public init(times: [Double], values: [Double]) {
    self.times = times
    self.values = values
  }
}
