internal import Acoustics
internal import Tensors

/// How much clearer the sources are in the estimates than in the mixture.
public struct SeparationScore: Sendable, Equatable {
  /// Mean SI-SNR of the best pairing, in dB.
  public var ratio: Double
  /// The same less the SI-SNR of the mixture: SI-SNRi.
  public var improvement: Double
  /// For each source, the number of its estimate.
  public var pairing: [Int]

  /// Compares estimates with sources.
  ///
  /// - Parameters:
  ///   - mixture: the sum, `[samples]`.
  ///   - sources: `[sources][samples]`.
  ///   - estimates: as many.
  /// - Throws: `SeparationError.silentEstimate` and `.wrongCount`; `AudioError.silent` for a source without sound.
  public init(mixture: [Float], sources: [[Float]], estimates: [[Float]]) throws {
    guard sources.count == estimates.count else {
      throw SeparationError.wrongCount(what: "estimates", expected: sources.count, got: estimates.count)
    }
    if let silent = estimates.firstIndex(where: { estimate in estimate.allSatisfy { $0 == estimate.first } }) {
      throw SeparationError.silentEstimate(source: silent)
    }
    func doubles(_ signals: [[Float]]) -> [[Double]] { signals.map { $0.map(Double.init) } }
    let references = doubles(sources)
    let found = try SourcePairing(references: references, estimates: doubles(estimates), score: SignalRatio.siSNR)
    let whole = mixture.map(Double.init)
    let before = try references.reduce(0) { try $0 + SignalRatio.siSNR($1, whole) } / Double(sources.count)
    (ratio, pairing) = (found.meanScore, found.estimates)
    improvement = ratio - before
  }
}

extension Separator {
  /// Estimates and scores of mixtures of one channel.
  ///
  /// - Parameter items: mixtures with their sources.
  /// - Returns: for each, its estimates in the order of the sources, `[sources][samples]`, and its score.
  /// - Throws: what `SeparationScore` throws.
  public func evaluate(_ items: [SpeechMixer.Item]) throws -> [(estimates: [[Float]], score: SeparationScore)] {
    try items.map { item in
      let found = self(Tensor<Float>(item.mixture, shape: [1, 1, item.mixture.count])).selected(0)
      let estimates = (0..<sourceCount).map { found.selected($0).selected(0).values }
      let score = try SeparationScore(mixture: item.mixture, sources: item.sources, estimates: estimates)
      return (score.pairing.map { estimates[$0] }, score)
    }
  }
}
