public import Acoustics
public import Tensors

/// The mean of estimates of a sound that is shifted by random times, shifted back.
///
/// A network that lowers the rate is not equal under all shifts; the mean over a few evens that out.
///
/// Source: A. Défossez and others, 2019.
public struct ShiftTrick: Sendable, Equatable {
  /// Number of shifts.
  public var count: Int
  /// Longest shift, in samples; half a second in the paper.
  public var longest: Int

  /// Makes a plan.
  public init(count: Int, longest: Int) { (self.count, self.longest) = (count, longest) }

  /// The mean of the estimates.
  ///
  /// - Parameters:
  ///   - mixture: sound at the model's rate, with the model's channels.
  ///   - model: the separator; one that keeps the order of its sources.
  ///   - plan: segments.
  ///   - random: supplies the shifts.
  /// - Returns: one sound a source, as long as the mixture.
  /// - Throws: `SeparationError` for sound that does not fit the model.
  public func separate(
    _ mixture: Audio,
    with model: some Separator,
    plan: OverlapAdd,
    _ random: inout RandomStream
  ) throws -> [Audio] {
    try SeparationError.check("ShiftTrick", "count", count)
    let silence = [Float](repeating: 0, count: longest)
    var sums: [[[Float]]] = []
    for _ in 0..<count {
      let shift = random.integer(in: 0..<longest + 1)
      let padded = mixture.map { (silence + $0 + silence).suffix(from: longest - shift).map { $0 } }
      let cut = try plan.separate(padded, with: model).map { source in
        source.channels.map { Array($0[shift..<shift + mixture.frameCount]) }
      }
      sums = sums.isEmpty ? cut : zip(sums, cut).map { zip($0, $1).map { zip($0, $1).map { $0 + $1 } } }
    }
    let scale = 1 / Float(count)
    return sums.map { Audio(channels: $0.map { $0.map { $0 * scale } }, sampleRate: mixture.sampleRate) }
  }
}
