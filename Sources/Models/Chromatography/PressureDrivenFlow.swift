/// Flow of an ideal carrier gas that expands along the column: u = -κ p', (p u)' = 0.
///
/// p(x)² = p_in² - (p_in² - p_out²) x/L; without diffusion the transit time is T = L / (j u_out) with James and Martin's
/// j = 3/2 (P² - 1)/(P³ - 1), P = p_in/p_out, and the outlet is that of constant velocity j u_out times p_out/p_in.
public struct PressureDrivenFlow: Sendable, Equatable {
  /// Length L, m.
  public let length: Double
  /// Mobility κ, m² / (Pa s).
  public let mobility: Double
  /// Pressure at the inlet, Pa.
  public let inletPressure: Double
  /// Pressure at the outlet, Pa.
  public let outletPressure: Double

  /// Makes a flow.
  ///
  /// - Throws: `ChromatographyError.invalid` for a quantity that is not positive, `.noPressureDrop` where p_in ≤ p_out.
  public init(
    length: Double,
    mobility: Double,
    inletPressure: Double,
    outletPressure: Double
  ) throws(ChromatographyError) {
    try ChromatographyError.positive(length, "column length", "m")
    try ChromatographyError.positive(mobility, "gas mobility", "m²/(Pa s)")
    try ChromatographyError.positive(outletPressure, "outlet pressure", "Pa")
    guard inletPressure > outletPressure, inletPressure.isFinite else {
      throw .noPressureDrop(inlet: inletPressure, outlet: outletPressure)
    }
    self.length = length
    self.mobility = mobility
    self.inletPressure = inletPressure
    self.outletPressure = outletPressure
  }

  /// p_in² - p_out², as a product so that a small drop keeps its digits.
  private var squareDrop: Double { (inletPressure - outletPressure) * (inletPressure + outletPressure) }

  /// Pressure at a place, Pa.
  public func pressure(at x: Double) -> Double {
    (inletPressure * inletPressure - squareDrop * x / length).squareRoot()
  }

  /// Velocity at a place, m/s.
  public func velocity(at x: Double) -> Double { mobility * squareDrop / (2 * length * pressure(at: x)) }

  /// James and Martin's compressibility factor j, as 3/2 (P + 1)/(P² + P + 1), which holds for P → 1 too.
  public var compressibility: Double {
    let ratio = inletPressure / outletPressure
    return 1.5 * (ratio + 1) / (ratio * ratio + ratio + 1)
  }

  /// Velocity at the outlet, m/s.
  public var outletVelocity: Double { mobility * squareDrop / (2 * length * outletPressure) }

  /// Time T that the carrier takes, s.
  public var transitTime: Double { length / meanVelocity }

  /// j u_out, m/s.
  public var meanVelocity: Double { compressibility * outletVelocity }

  /// The column of constant velocity with the same transit time.
  ///
  /// - Throws: `ChromatographyError.invalid` for a capacity that is not positive.
  public func meanColumn(capacity: Double) throws(ChromatographyError) -> Column {
    try Column(length: length, velocity: meanVelocity, capacity: capacity)
  }

  /// Outlet concentration at ascending times, without diffusion; in units of the injected level's.
  ///
  /// - Throws: `ChromatographyError` for a negative injection length or times that do not ascend.
  public func outlet(
    _ analyte: Analyte,
    capacity: Double,
    injection: Double,
    at times: [Double]
  ) throws -> [Double] {
    let dilution = outletPressure / inletPressure
    return try meanColumn(capacity: capacity).outlet(analyte, injection: injection, at: times).map { $0 * dilution }
  }
}
