public import Signals

/// The best that masks on a spectrogram can do, made from the sources themselves.
public enum OracleMask: Sendable, CaseIterable {
  /// |S_i| over the sum of all magnitudes.
  case ratio
  /// 1 where a source is the loudest, else 0.
  case binary
  /// |S_i|² over the sum of all powers.
  case wiener

  /// Sources as a mask takes them out of a mixture: masks on the mixture's spectrogram, with the mixture's phase.
  ///
  /// - Parameters:
  ///   - mixture: the sum, `[samples]`.
  ///   - sources: what it is made of, `[sources][samples]`.
  ///   - transform: the spectrogram; 32 ms with 8 ms of hop at 8 kHz in the paper.
  /// - Returns: estimates, `[sources][samples]`.
  /// - Throws: `SignalError` where the sound is too short.
  public func estimates(
    mixture: [Float],
    sources: [[Float]],
    transform: STFT<Float> = STFT(frameLength: 256, hop: 64, padding: .zeros)
  ) throws -> [[Float]] {
    let spectra = try sources.map { try transform.forward($0) }
    let whole = try transform.forward(mixture)
    let powers = spectra.map(\.power)
    return try sources.indices.map { source in
      var masked = whole
      for index in powers[source].indices {
        let mask = self.mask(powers.map { $0[index] }, source)
        masked.values[index] = Complex(whole.values[index].real * mask, whole.values[index].imaginary * mask)
      }
      return try transform.inverse(masked, length: mixture.count)
    }
  }

  private func mask(_ powers: [Float], _ source: Int) -> Float {
    switch self {
    case .binary:
      return powers.indices.allSatisfy { $0 == source || powers[$0] < powers[source] } ? 1 : 0
    case .ratio:
      let total = powers.reduce(0) { $0 + $1.squareRoot() }
      return total > 0 ? powers[source].squareRoot() / total : 0
    case .wiener:
      let total = powers.reduce(0, +)
      return total > 0 ? powers[source] / total : 0
    }
  }
}
