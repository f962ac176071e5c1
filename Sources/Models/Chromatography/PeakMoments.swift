/// Area, place and width of a peak.
public struct PeakMoments: Sendable, Equatable {
  /// ∫ c dt.
  public var area: Double
  /// Mean time t_R, s.
  public var mean: Double
  /// Variance σ², s².
  public var variance: Double

  /// Makes moments.
  public init(area: Double, mean: Double, variance: Double) {
    self.area = area
    self.mean = mean
    self.variance = variance
  }

  /// Number of theoretical plates t_R² / σ².
  public var plates: Double { mean * mean / variance }

  /// Standard deviation σ, s.
  public var width: Double { variance.squareRoot() }
}

extension Chromatogram {
  /// Moments of the whole curve by the trapezium rule.
  ///
  /// - Throws: `ChromatographyError` for times that do not ascend, values that are not finite, or a different number of both.
  public func moments() throws(ChromatographyError) -> PeakMoments {
    try validate()
    var sums = (area: 0.0, first: 0.0, second: 0.0)
    // Moments about the first time: those about zero cancel for a late peak.
    let origin = times.first ?? 0
    for index in times.indices.dropFirst() {
      let half = (times[index] - times[index - 1]) / 2
      for place in [index - 1, index] {
        let time = times[place] - origin
        sums.area += half * values[place]
        sums.first += half * values[place] * time
        sums.second += half * values[place] * time * time
      }
    }
    let mean = sums.first / sums.area
    return PeakMoments(area: sums.area, mean: origin + mean, variance: sums.second / sums.area - mean * mean)
  }

  func validate() throws(ChromatographyError) {
    guard times.count == values.count else {
      throw .wrongCount(what: "signal", expected: times.count, got: values.count)
    }
    try ChromatographyError.ascending(times)
    if let index = values.firstIndex(where: { !$0.isFinite }) { throw .notFinite(what: "signal value", index: index) }
  }
}
