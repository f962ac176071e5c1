public import Solvers

/// The full model by operator splitting: exact exchange, exact shift by one cell, Crank-Nicolson diffusion.
///
/// Δt = Δx/u. A step is half an exchange by the matrix exponential of [-αk_a, αk_d; k_a, -k_d], a shift by one cell, diffusion with zero
/// flux at both ends, and half an exchange; the two halves between shifts are done as one. No numerical diffusion. With a
/// saturation q_m the free fraction 1 - Σq/q_m is frozen over each half.
///
/// The outlet is the last cell, whose middle is half a cell before the end: against the curve there the error is O(Δx²), against that
/// at the end O(Δx), the peak being Δx/(2u) · (1 + k') early.
public struct SplitScheme: Sendable {
  /// The column.
  public let column: Column
  /// The components.
  public let analytes: [Analyte]
  /// Length of the injection, s.
  public let injection: Double
  /// Number of cells.
  public let cells: Int
  /// Saturation q_m that the components share; nil for no competition.
  public let saturation: Double?

  /// Makes a scheme.
  ///
  /// - Throws: `ChromatographyError.invalid` for fewer than two cells, a negative injection, or a saturation that is not positive.
  public init(
    _ column: Column,
    _ analytes: [Analyte],
    injection: Double,
    cells: Int,
    saturation: Double? = nil
  ) throws(ChromatographyError) {
    try Scheme.validate(cells: cells, steps: 0, injection: injection)
    if let saturation { try ChromatographyError.positive(saturation, "saturation", "") }
    self.column = column
    self.analytes = analytes
    self.injection = injection
    self.cells = cells
    self.saturation = saturation
  }

  /// Length of a step, s.
  public var timeStep: Double { column.length / Double(cells) / column.velocity }

  /// Exchange of one analyte over half a step.
  public func halfExchange(_ analyte: Analyte) -> Matrix2 {
    let half = timeStep / 2
    let forward = analyte.adsorption * half
    let back = analyte.desorption * half
    return Matrix2(-column.capacity * forward, column.capacity * back, forward, -back).exponential()
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
    let diffusion = try CrankNicolson(column: column, cells: cells, step: timeStep)
    let times = (0...steps).map { Double($0) * timeStep }
    guard let saturation else {
      var run = FiniteDifferenceRun(times: times, outlet: [], mobile: [], stationary: [], largestCoverage: 0)
      for analyte in analytes {
        let result = runLinear(analyte, steps: steps, diffusion)
        run.outlet.append(result.outlet)
        run.mobile.append(result.mobile)
        run.stationary.append(result.stationary)
      }
      return run
    }
    return runCompeting(steps: steps, times: times, saturation: saturation, diffusion)
  }

  private func runCompeting(
    steps: Int,
    times: [Double],
    saturation: Double,
    _ diffusion: CrankNicolson?
  ) -> FiniteDifferenceRun {
    var state = CompetingState(analytes: analytes, column: column, cells: cells, saturation: saturation)
    var outlet = analytes.map { _ in [0.0] }
    var largest = 0.0
    let inlet = Inlet(injection: injection, step: timeStep)
    for step in 0..<steps {
      state.exchange(over: timeStep / 2)
      for index in analytes.indices {
        state.shift(index, inlet: inlet.mean(step) * analytes[index].level)
        diffusion?.apply(&state.mobile[index])
      }
      largest = max(largest, state.exchange(over: timeStep / 2))
      for index in analytes.indices { outlet[index].append(state.mobile[index][cells - 1]) }
    }
    return FiniteDifferenceRun(
      times: times,
      outlet: outlet,
      mobile: state.mobile,
      stationary: state.stationary,
      largestCoverage: largest
    )
  }
}

/// Diffusion over one step by Crank and Nicolson's rule, zero flux at both ends.
struct CrankNicolson {
  private let system: Tridiagonal
  private let weight: Double

  /// - Returns: nil without diffusion.
  init?(column: Column, cells: Int, step: Double) throws(SolverError) {
    guard column.diffusion > 0 else { return nil }
    let width = column.length / Double(cells)
    weight = column.diffusion * step / (width * width) / 2
    let neighbours = (0..<cells).map { $0 == 0 || $0 == cells - 1 ? 1.0 : 2.0 }
    let off = [Double](repeating: -weight, count: cells)
    let diagonal = neighbours.map { [weight] in 1 + weight * $0 }
    system = try Tridiagonal(lower: off, diagonal: diagonal, upper: off)
  }

  func apply(_ values: inout [Double]) {
    let last = values.count - 1
    var left = values[0]
    for index in values.indices {
      let here = values[index]
      let right = index < last ? values[index + 1] : here
      values[index] = here + weight * ((left - here) + (right - here))
      left = here
    }
    system.solve(&values)
  }
}
