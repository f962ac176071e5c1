/// What a finite-difference run leaves.
public struct FiniteDifferenceRun: Sendable, Equatable {
  /// Times of the outlet, s, `[steps + 1]`; the first is 0.
  public var times: [Double]
  /// Concentration in the last cell, component by component, `[components][steps + 1]`.
  public var outlet: [[Double]]
  /// Concentration in all cells at the end, `[components][cells]`.
  public var mobile: [[Double]]
  /// Adsorbed amount in all cells at the end, `[components][cells]`.
  public var stationary: [[Double]]
  /// Largest coverage Σq/q_m that any cell reached; 0 without competition.
  public var largestCoverage: Double
}

/// A rectangular injection as the schemes see it: the mean over each step, so that no mass is lost at its end.
struct Inlet {
  let injection: Double
  let step: Double

  /// Mean of the inlet over the step that begins at n Δt.
  func mean(_ index: Int) -> Double {
    let begin = Double(index) * step
    return max(0, min(begin + step, injection) - begin) / step
  }
}

/// Checks shared by the schemes.
enum Scheme {
  static func validate(cells: Int, steps: Int, injection: Double) throws(ChromatographyError) {
    guard cells >= 2 else {
      throw .invalid(quantity: "number of cells", unit: "", expected: "2 or more", got: Double(cells))
    }
    guard steps >= 0 else {
      throw .invalid(quantity: "number of steps", unit: "", expected: "zero or positive", got: Double(steps))
    }
    try ChromatographyError.notNegative(injection, "injection length", "s")
  }
}
