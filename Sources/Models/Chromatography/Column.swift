/// A packed or coated tube through which a carrier gas flows at constant velocity.
///
/// c_t + u c_x = D c_xx - α q_t,  q_t = k_a c (1 - Σq/q_m) - k_d q.
///
/// Source: Cabrera-Codony, Valverde, Born, Noreldin and Myers, arXiv 2501.00001.
public struct Column: Sendable, Equatable {
  /// Length L, m.
  public let length: Double
  /// Velocity u of the carrier, m/s.
  public let velocity: Double
  /// Axial diffusion D, m²/s.
  public let diffusion: Double
  /// Capacity factor α: stationary over mobile phase.
  public let capacity: Double

  /// Makes a column.
  ///
  /// - Throws: `ChromatographyError.invalid` for a length, velocity or capacity that is not positive, or negative diffusion.
  public init(
    length: Double,
    velocity: Double,
    diffusion: Double = 0,
    capacity: Double = 1
  ) throws(ChromatographyError) {
    try ChromatographyError.positive(length, "column length", "m")
    try ChromatographyError.positive(velocity, "carrier velocity", "m/s")
    try ChromatographyError.notNegative(diffusion, "axial diffusion", "m²/s")
    try ChromatographyError.positive(capacity, "capacity factor", "")
    self.length = length
    self.velocity = velocity
    self.diffusion = diffusion
    self.capacity = capacity
  }

  /// Time T = L/u that the carrier takes, s.
  public var transitTime: Double { length / velocity }

  /// Péclet number uL/D; infinite without diffusion.
  public var peclet: Double { velocity * length / diffusion }

  /// The same column with diffusion set by a Péclet number.
  ///
  /// - Throws: `ChromatographyError.invalid` for a number that is not positive.
  public func withPeclet(_ peclet: Double) throws(ChromatographyError) -> Column {
    guard peclet > 0 else {
      throw .invalid(quantity: "Péclet number", unit: "", expected: "positive", got: peclet)
    }
    return try Column(length: length, velocity: velocity, diffusion: velocity * length / peclet, capacity: capacity)
  }
}

/// A substance that the stationary phase holds for a while.
public struct Analyte: Sendable, Equatable {
  /// Name for tables and messages.
  public var name: String
  /// Adsorption rate k_a, 1/s, with q in units of c.
  public let adsorption: Double
  /// Desorption rate k_d, 1/s.
  public let desorption: Double
  /// Injected level c₀.
  public let level: Double

  /// Makes an analyte from its two rates.
  ///
  /// - Throws: `ChromatographyError.invalid` for a desorption rate that is not positive or a negative adsorption rate.
  public init(
    _ name: String = "analyte",
    adsorption: Double,
    desorption: Double,
    level: Double = 1
  ) throws(ChromatographyError) {
    try ChromatographyError.notNegative(adsorption, "adsorption rate of \(name)", "1/s")
    try ChromatographyError.positive(desorption, "desorption rate of \(name)", "1/s")
    guard level.isFinite else {
      throw .invalid(quantity: "injected level of \(name)", unit: "", expected: "finite", got: level)
    }
    self.name = name
    self.adsorption = adsorption
    self.desorption = desorption
    self.level = level
  }

  /// Makes an analyte that leaves a column as a peak of given retention and width.
  ///
  /// From t_R = T (1 + k') + t₁/2 and σ² = 2a/k_d² + t₁²/12: k_d = 2 k' T / (σ² - t₁²/12), k_a = k' k_d / α.
  ///
  /// - Parameters:
  ///   - name: name for tables and messages.
  ///   - retention: retention factor k'.
  ///   - width: standard deviation σ of the peak, s.
  ///   - column: the column.
  ///   - injection: length t₁ of the injection, s.
  ///   - level: injected level.
  /// - Throws: `ChromatographyError.invalid` where the peak would be narrower than its injection.
  public init(
    _ name: String,
    retention: Double,
    width: Double,
    in column: Column,
    injection: Double,
    level: Double = 1
  ) throws(ChromatographyError) {
    let spread = width * width - injection * injection / 12
    try ChromatographyError.positive(spread, "spread of \(name) beyond its injection", "s²")
    let desorption = 2 * retention * column.transitTime / spread
    try self.init(name, adsorption: retention * desorption / column.capacity, desorption: desorption, level: level)
  }

  /// Retention factor k' = α k_a / k_d.
  public func retention(in column: Column) -> Double { column.capacity * adsorption / desorption }
}
