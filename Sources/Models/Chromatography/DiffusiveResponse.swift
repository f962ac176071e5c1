public import Signals
internal import Solvers

extension Column {
  /// Transform of the outlet after a unit pulse, with diffusion and Danckwerts' conditions at both ends.
  ///
  /// With g = s (1 + α k_a / (s + k_d)) and r± the roots of D r² - u r - g = 0,
  /// c̄(L) = (u/D) c̄ᵢₙ e^(r₋L) (r₊ - r₋) / (r₊² - r₋² e^((r₋-r₊)L)).
  ///
  /// - Throws: `ChromatographyError.invalid` without diffusion (take `response(to:injection:)`) or for a negative injection.
  public func diffusiveTransform(
    of analyte: Analyte,
    injection: Double
  ) throws(ChromatographyError) -> @Sendable (Complex<Double>) -> Complex<Double> {
    try ChromatographyError.positive(diffusion, "axial diffusion", "m²/s")
    try ChromatographyError.notNegative(injection, "injection length", "s")
    return { [self] s in
      let g = s * (1 + capacity * analyte.adsorption / (s + analyte.desorption))
      let root = Complex.sqrt(velocity * velocity + 4 * diffusion * g)
      let plus = (velocity + root) / (2 * diffusion)
      // The quotient form: the difference u - root would cancel.
      let minus = -2 * g / (velocity + root)
      let inlet = (1 - Complex.exp(-s * injection)) / s
      let decay = Complex.exp((minus - plus) * length)
      return (velocity / diffusion) * inlet * Complex.exp(minus * length) * (plus - minus)
        / (plus * plus - minus * minus * decay)
    }
  }

  /// Outlet concentration with diffusion at ascending positive times, by de Hoog's method; in units of the injected level's.
  ///
  /// - Throws: `ChromatographyError.inversionRefused` where the method breaks down, and as `diffusiveTransform` does.
  public func diffusiveOutlet(
    _ analyte: Analyte,
    injection: Double,
    at times: [Double],
    degree: Int = 60
  ) throws -> [Double] {
    try ChromatographyError.ascending(times)
    let transform = try diffusiveTransform(of: analyte, injection: injection)
    let plates = try response(to: analyte, injection: injection).moments.plates
    let values = try ChromatographyError.refusing("de Hoog's method", plates: plates) { () throws(SolverError) in
      try InverseLaplace.deHoog(at: times, degree: degree, transform)
    }
    return values.map { $0 * analyte.level }
  }
}
