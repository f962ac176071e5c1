internal import Solvers

/// Measures of source separation with distortion filters: how much of an estimate is target, interference and artifact.
///
/// Each estimate is projected on the references delayed by 0…`filterLength` - 1 samples. Version 3 (`sources`) counts filtering
/// of the target as target; version 4 (`images`) counts it as spatial distortion, with filters found once and errors
/// measured in windows.
///
/// Source: Vincent, Gribonval and Févotte, 2006 (as mir_eval 0.8.2); Stöter, Liutkus and Ito, 2018 (as museval 0.4.1).
public struct BSSEval: Sendable {
  /// Number of taps of a distortion filter.
  public var filterLength = 512

  /// Makes the measure.
  public init(filterLength: Int = 512) { self.filterLength = filterLength }

  /// Ratios in dB for one source.
  public struct Scores: Sendable, Equatable {
    /// Signal to distortion.
    public var sdr: Double
    /// Source image to spatial distortion; NaN in version 3.
    public var isr: Double
    /// Signal to interference.
    public var sir: Double
    /// Signal to artifacts.
    public var sar: Double

    /// Makes scores.
    public init(sdr: Double, isr: Double, sir: Double, sar: Double) {
      self.sdr = sdr
      self.isr = isr
      self.sir = sir
      self.sar = sar
    }
  }

  /// Version 3: scores of each reference, with the pairing that has the best mean SIR.
  ///
  /// - Parameters:
  ///   - references: `[sources][samples]`, none silent.
  ///   - estimates: as many.
  /// - Returns: scores by reference, and the estimate of each.
  /// - Throws: `AudioError` for silent or unequal signals, `SolverError` where filters cannot be found.
  public func sources(
    references: [[Double]],
    estimates: [[Double]]
  ) throws -> (scores: [Scores], pairing: SourcePairing) {
    let count = references.count
    let pairs = estimates.indices.flatMap { estimate in references.indices.map { ($0, estimate) } }
    let scores = try filteredScores(references, estimates, pairs)
    let pairing = try SourcePairing(scores: Matrix(rows: count, columns: count) { scores[$1 * count + $0].sir })
    return (pairing.estimates.enumerated().map { scores[$1 * count + $0] }, pairing)
  }

  /// Version 3 without pairing: scores of each estimate for the reference of the same number.
  ///
  /// - Parameters:
  ///   - references: `[sources][samples]`, none silent.
  ///   - estimates: as many.
  /// - Returns: scores by reference.
  /// - Throws: `AudioError` for silent or unequal signals, `SolverError` where filters cannot be found.
  public func orderedSources(references: [[Double]], estimates: [[Double]]) throws -> [Scores] {
    try filteredScores(references, estimates, references.indices.map { ($0, $0) })
  }

  /// Version 3 scores of pairs of a reference and an estimate.
  private func filteredScores(
    _ references: [[Double]],
    _ estimates: [[Double]],
    _ pairs: [(reference: Int, estimate: Int)]
  ) throws -> [Scores] {
    let images = references.map { [$0] }
    let guesses = estimates.map { [$0] }
    try check(images, guesses)
    let projection = try FilterProjection(references: images, filterLength: filterLength)
    let filters = try guesses.map { try projection.filters(for: $0) }
    return try pairs.map { reference, estimate in
      let own = try projection.filters(for: guesses[estimate], source: reference)
      let window = 0..<references[reference].count
      return projection.parts(guesses[estimate], reference, all: filters[estimate], own: own, window: window)
        .filteredScores
    }
  }

  /// Version 4: scores of each estimate for the reference of the same number, window by window.
  ///
  /// - Parameters:
  ///   - references: images, `[sources][channels][samples]`.
  ///   - estimates: the same shape.
  ///   - window: samples of a window; the whole signal when nil.
  ///   - hop: samples between windows; `window` when nil.
  /// - Returns: `[sources][windows]`; NaN in windows where a signal is silent.
  /// - Throws: `AudioError` for silent or unequal signals, `SolverError` where filters cannot be found.
  public func images(
    references: [[[Double]]],
    estimates: [[[Double]]],
    window: Int? = nil,
    hop: Int? = nil
  ) throws -> [[Scores]] {
    try check(references, estimates)
    let count = references[0][0].count
    let window = min(window ?? count, count)
    let hop = hop ?? window
    guard window > 0, hop > 0 else {
      throw AudioError.outOfRange(
        function: "BSSEval",
        argument: "window and hop",
        expected: "positive",
        got: Double(min(window, hop))
      )
    }
    let windows = (0...(count - window) / hop).map { $0 * hop..<$0 * hop + window }
    let isSilent = windows.map { range in
      (references + estimates).contains { $0.allSatisfy { $0[range].allSatisfy { $0 == 0 } } }
    }
    let projection = try FilterProjection(references: references, filterLength: filterLength)
    return try estimates.enumerated().map { source, estimate in
      let all = try projection.filters(for: estimate)
      let own = try projection.filters(for: estimate, source: source)
      return windows.enumerated().map { index, range in
        guard !isSilent[index] else { return Scores(sdr: .nan, isr: .nan, sir: .nan, sar: .nan) }
        return projection.parts(estimate, source, all: all, own: own, window: range).imageScores
      }
    }
  }

  /// The median over windows that have scores, measure by measure, as is usual for version 4; NaN where no window has.
  public static func median(_ scores: [Scores]) -> Scores {
    func middle(_ values: [Double]) -> Double {
      let sorted = values.filter { !$0.isNaN }.sorted()
      guard !sorted.isEmpty else { return .nan }
      let half = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    }
    return Scores(
      sdr: middle(scores.map(\.sdr)),
      isr: middle(scores.map(\.isr)),
      sir: middle(scores.map(\.sir)),
      sar: middle(scores.map(\.sar))
    )
  }

  private func check(_ references: [[[Double]]], _ estimates: [[[Double]]]) throws(AudioError) {
    let name = "BSSEval"
    guard filterLength > 0 else {
      throw .outOfRange(function: name, argument: "filterLength", expected: "positive", got: Double(filterLength))
    }
    guard estimates.count == references.count, let first = references.first, let samples = first.first?.count else {
      throw .wrongCount(function: name, argument: "estimates", expected: references.count, got: estimates.count)
    }
    for signal in references + estimates {
      guard signal.count == first.count else {
        throw .wrongCount(function: name, argument: "channels", expected: first.count, got: signal.count)
      }
      for channel in signal where channel.count != samples {
        throw .wrongCount(function: name, argument: "a channel", expected: samples, got: channel.count)
      }
    }
    for (index, signal) in references.enumerated() where signal.allSatisfy({ $0.allSatisfy { $0 == 0 } }) {
      throw .silent(function: name, source: index)
    }
  }
}
