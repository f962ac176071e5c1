internal import Solvers

/// The full model by implicit Euler steps and first-order upwind differences: the plain baseline.
///
/// q at the new time, (q + Δt k_a c)/(1 + Δt k_d), is eliminated, which leaves one tridiagonal system a step. Unconditionally stable;
/// numerical diffusion adds about Δx to the height of a plate.
public struct UpwindScheme: Sendable {
  /// The column.
  public let column: Column
  /// The component.
  public let analyte: Analyte
  /// Length of the injection, s.
  public let injection: Double
  /// Number of cells.
  public let cells: Int
  /// Length of a step, s.
  public let timeStep: Double

  /// Makes a scheme; a step of Δx/u unless told otherwise.
  ///
  /// - Throws: `ChromatographyError.invalid` for fewer than two cells, a negative injection, or a step that is not positive.
  public init(
    _ column: Column,
    _ analyte: Analyte,
    injection: Double,
    cells: Int,
    timeStep: Double? = nil
  ) throws(ChromatographyError) {
    try Scheme.validate(cells: cells, steps: 0, injection: injection)
    let step = timeStep ?? column.length / Double(cells) / column.velocity
    try ChromatographyError.positive(step, "time step", "s")
    self.column = column
    self.analyte = analyte
    self.injection = injection
    self.cells = cells
    self.timeStep = step
  }

  /// Runs until a time, at least.
  ///
  /// - Throws: `ChromatographyError.invalid` for a time that is negative or not finite.
  public func run(until end: Double) throws -> FiniteDifferenceRun {
    try ChromatographyError.notNegative(end, "end time", "s")
    return try run(steps: Int((end / timeStep).rounded(.up)))
  }

  /// Runs a number of steps from an empty column.
  ///
  /// - Throws: `ChromatographyError.invalid` for a negative number.
  public func run(steps: Int) throws -> FiniteDifferenceRun {
    try Scheme.validate(cells: cells, steps: steps, injection: injection)
    let width = column.length / Double(cells)
    let transport = column.velocity * timeStep / width
    let spread = column.diffusion * timeStep / (width * width)
    let release = 1 / (1 + timeStep * analyte.desorption)
    let exchange = column.capacity * timeStep * analyte.adsorption * release
    let neighbours = (0..<cells).map { $0 == 0 || $0 == cells - 1 ? 1.0 : 2.0 }
    let system = try Tridiagonal(
      lower: [Double](repeating: -transport - spread, count: cells),
      diagonal: neighbours.map { 1 + transport + exchange + spread * $0 },
      upper: [Double](repeating: -spread, count: cells)
    )
    let inlet = Inlet(injection: injection, step: timeStep)
    let returned = column.capacity * (1 - release)
    var mobile = [Double](repeating: 0, count: cells)
    var stationary = mobile
    var outlet = [Double](repeating: 0, count: steps + 1)
    for step in 0..<steps {
      for cell in 0..<cells { mobile[cell] += returned * stationary[cell] }
      mobile[0] += transport * inlet.mean(step) * analyte.level
      system.solve(&mobile)
      for cell in 0..<cells {
        stationary[cell] = (stationary[cell] + timeStep * analyte.adsorption * mobile[cell]) * release
      }
      outlet[step + 1] = mobile[cells - 1]
    }
    return FiniteDifferenceRun(
      times: (0...steps).map { Double($0) * timeStep },
      outlet: [outlet],
      mobile: [mobile],
      stationary: [stationary],
      largestCoverage: 0
    )
  }
}
