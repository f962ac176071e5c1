/// A local maximum that stands out of a chromatogram.
public struct Peak: Sendable, Equatable {
  /// Index of the highest sample.
  public var index: Int
  /// Time of the highest sample, s.
  public var time: Double
  /// Signal there.
  public var height: Double
  /// Height above the higher of the two valleys that part it from higher peaks.
  public var prominence: Double
  /// Width at half the prominence below the top, s, between interpolated crossings.
  public var width: Double
}

extension Chromatogram {
  /// Peaks in order of time.
  ///
  /// - Parameter minimumProminence: how far a peak must stand out, in units of the signal.
  /// - Returns: the peaks that stand out so far.
  /// - Throws: `ChromatographyError` for times that do not ascend or values that are not finite.
  /// - Complexity: O(n · peaks).
  public func peaks(minimumProminence: Double) throws(ChromatographyError) -> [Peak] {
    try validate()
    return localMaxima().compactMap { index in
      let prominence = values[index] - max(base(from: index, by: -1), base(from: index, by: 1))
      guard prominence >= minimumProminence, prominence > 0 else { return nil }
      let level = values[index] - prominence / 2
      let width = crossing(of: level, from: index, by: 1) - crossing(of: level, from: index, by: -1)
      return Peak(index: index, time: times[index], height: values[index], prominence: prominence, width: width)
    }
  }

  /// The most prominent peaks, in order of time.
  ///
  /// - Throws: as `peaks(minimumProminence:)`, and `ChromatographyError.missingPeaks` where there are fewer.
  public func mostProminentPeaks(_ count: Int) throws(ChromatographyError) -> [Peak] {
    let all = try peaks(minimumProminence: 0)
    guard all.count >= count else { throw .missingPeaks(expected: count, found: all.count) }
    return all.sorted { $0.prominence > $1.prominence }.prefix(count).sorted { $0.time < $1.time }
  }

  /// Samples above their neighbours; of a level top, its middle.
  private func localMaxima() -> [Int] {
    var maxima: [Int] = []
    var index = 1
    while index < values.count - 1 {
      var end = index
      while end < values.count - 1, values[end + 1] == values[index] { end += 1 }
      if values[index - 1] < values[index], end < values.count - 1, values[end + 1] < values[index] {
        maxima.append((index + end) / 2)
      }
      index = end + 1
    }
    return maxima
  }

  /// The lowest value on the way to a higher sample or the end.
  private func base(from index: Int, by step: Int) -> Double {
    var lowest = values[index]
    var place = index + step
    while values.indices.contains(place), values[place] <= values[index] {
      lowest = min(lowest, values[place])
      place += step
    }
    return lowest
  }

  private func crossing(of level: Double, from index: Int, by step: Int) -> Double {
    var place = index
    while values.indices.contains(place + step), values[place + step] > level { place += step }
    guard values.indices.contains(place + step) else { return times[place] }
    let share = (values[place] - level) / (values[place] - values[place + step])
    return times[place] + share * (times[place + step] - times[place])
  }
}
