/// Rates of several analytes found from one chromatogram.
public struct ColumnFit: Sendable, Equatable {
  /// The analytes with their fitted rates (and levels, where those were fitted).
  public var analytes: [Analyte]
  /// The curve of each analyte at the samples, `[analytes][n]`.
  public var curves: [[Double]]
  /// Sum of the curves, `[n]`.
  public var fitted: [Double]
  /// Σ (fitted - signal)² over all samples.
  public var sumOfSquares: Double
  /// Share of the signal's variance that the fit explains, 1 - SSE/SST.
  public var rSquared: Double
  /// Number of least-squares problems solved.
  public var problems: Int
}

/// Fits adsorption and desorption rates, two parameters an analyte, to a measured chromatogram.
///
/// Parameters are ln k_a and ln k_d (and ln c₀ where levels are free), so that they stay positive.
public struct ColumnFitter: Sendable {
  /// The column, taken without diffusion.
  public let column: Column
  /// Length of the injection, s.
  public let injection: Double
  /// The measured signal.
  public let measured: Chromatogram
  /// Half-width of the samples used for one analyte, s.
  public var window = 30.0
  /// How often the analytes are gone through; each time the other fitted curves are taken off first.
  public var sweeps = 3
  /// Whether injected levels are fitted too; otherwise they are known.
  public var fitsLevels = false

  /// Makes a fitter.
  ///
  /// - Throws: `ChromatographyError` for times that do not ascend, NaN in the signal, or a negative injection length.
  public init(_ column: Column, injection: Double, measured: Chromatogram) throws(ChromatographyError) {
    try ChromatographyError.notNegative(injection, "injection length", "s")
    try measured.validate()
    self.column = column
    self.injection = injection
    self.measured = measured
  }

  /// Rates that place a peak where the measured one is, as wide as it is at half its height.
  ///
  /// σ = w / 2.355, k_d = 2 (t_R - t₁/2 - T)/σ², k_a = k_d (t_R - t₁/2 - T)/(α T).
  ///
  /// - Throws: `ChromatographyError.invalid` for a peak that comes before the carrier does.
  public func guess(_ name: String, level: Double, from peak: Peak) throws(ChromatographyError) -> Analyte {
    let held = peak.time - injection / 2 - column.transitTime
    try ChromatographyError.positive(held, "time that the column holds \(name)", "s")
    let width = peak.width / 2.355
    try ChromatographyError.positive(width, "width of the peak of \(name)", "s")
    let desorption = 2 * held / (width * width)
    return try Analyte(
      name,
      adsorption: desorption * held / (column.capacity * column.transitTime),
      desorption: desorption,
      level: level
    )
  }

  /// Starting rates for named analytes, from the most prominent peaks in order of time.
  ///
  /// - Throws: `ChromatographyError.missingPeaks`, or `.wrongCount` where names and levels differ in number.
  public func guesses(_ names: [String], levels: [Double]) throws(ChromatographyError) -> [Analyte] {
    guard names.count == levels.count else {
      throw .wrongCount(what: "levels", expected: names.count, got: levels.count)
    }
    let peaks = try measured.mostProminentPeaks(names.count)
    var analytes: [Analyte] = []
    for index in names.indices {
      analytes.append(try guess(names[index], level: levels[index], from: peaks[index]))
    }
    return analytes
  }

  /// Residuals of all analytes together over chosen samples, with the analytic Jacobian.
  func problem(_ rows: Range<Int>, target: [Double]) -> FitProblem {
    FitProblem(
      times: Array(measured.times[rows]),
      target: target,
      column: column,
      injection: injection,
      fitsLevels: fitsLevels
    )
  }
}
