#if canImport(Glibc)
  internal import Glibc
#endif

extension Chromatogram {
  /// The same curve with independent Gaussian noise of a detector added to every sample.
  ///
  /// - Parameters:
  ///   - deviation: standard deviation, in units of the signal.
  ///   - seed: equal seeds give equal noise on every machine.
  /// - Returns: the noisy curve.
  public func withNoise(deviation: Double, seed: Int) -> Chromatogram {
    var state = UInt64(bitPattern: Int64(seed))
    func uniform() -> Double {
      // Steele, Lea and Flood's SplitMix64, 2014: one addition and a mix a number.
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return (Double((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53
    }
    // Box and Muller's transform, one of the pair.
    let noise = values.map { _ in (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
    return Chromatogram(times: times, values: zip(values, noise).map { $0 + deviation * $1 })
  }

  /// The curve with a straight line through its first and its last samples taken off.
  ///
  /// - Parameter samples: how many samples at each end are averaged.
  /// - Returns: the curve above that line.
  /// - Throws: `ChromatographyError` for times that do not ascend, values that are not finite, or too few samples.
  public func withoutBaseline(samples: Int = 10) throws(ChromatographyError) -> Chromatogram {
    try validate()
    guard samples >= 1, times.count >= 2 * samples, times.count >= 2 else {
      throw .wrongCount(what: "samples for a baseline", expected: 2 * max(samples, 1), got: times.count)
    }
    func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
    let (x0, y0) = (mean(times.prefix(samples)), mean(values.prefix(samples)))
    let (x1, y1) = (mean(times.suffix(samples)), mean(values.suffix(samples)))
    let slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0
    return Chromatogram(times: times, values: zip(times, values).map { $1 - y0 - slope * ($0 - x0) })
  }
}
