internal import Glibc
public import Signals
public import Tensors

/// Sounds of log-mel pictures without a trained vocoder.
public struct MelInversion: Sendable {
  private let mel: CompactMel
  /// Sum of each filter.
  private let filterSums: [Float]
  /// Sum of all filters at each bin.
  private let binSums: [Float]
  /// Steps of the estimate of a spectrum from its bands.
  private let refinements = 30

  /// Prepares an inversion.
  public init(_ mel: CompactMel) {
    self.mel = mel
    let bins = mel.bank.binCount
    filterSums = mel.bank.bands(of: [Float](repeating: 1, count: bins))
    binSums = mel.bank.adjoint([Float](repeating: 1, count: mel.bank.bandCount))
  }

  /// A power spectrum whose bands are as given, never negative, `[frames, bins]`.
  ///
  /// Starts from each band spread over its bins and goes along multiplicative steps that lower the Kullback-Leibler divergence
  /// of the bands. Source: D. Lee, H. Seung, "Algorithms for non-negative matrix factorization", 2001.
  func spectrum(_ bands: [Float]) -> [Float] {
    let (bins, count) = (binSums.count, filterSums.count)
    let spread = bands.indices.map { bands[$0] / max(filterSums[$0 % count], 1e-9) }
    var power = mel.bank.adjoint(spread)
    for index in power.indices { power[index] /= max(binSums[index % bins], 1e-3) }
    for _ in 0..<refinements {
      let own = mel.bank.bands(of: power)
      let ratio = mel.bank.adjoint(zip(bands, own).map { $0 / max($1, 1e-12) })
      for index in power.indices { power[index] *= ratio[index] / max(binSums[index % bins], 1e-3) }
    }
    return power
  }

  /// The mixture with each place of its spectrogram turned down to the picture's level: gains √min(1, p̂ / p).
  ///
  /// - Parameters:
  ///   - picture: of the sound that is wanted, `[1, 64, 32]`.
  ///   - mixture: one second at 8 kHz.
  /// - Returns: `[8000]`.
  /// - Throws: `FlowSeparationError.shape`, or `SignalError`.
  public func withMixturePhase(_ picture: Tensor<Float>, mixture: [Float]) throws -> [Float] {
    // Both sides through the same bands: the gain is 1 where the picture is that of the mixture.
    let wanted = spectrum(mel.power(picture))
    let there = spectrum(mel.power(try mel.picture(mixture)))
    let gains = zip(wanted, there).map { min(1, $0 / max($1, 1e-12)).squareRoot() }
    return try mel.stft.inverse(mel.stft.forward(mixture).masked(by: gains), length: mixture.count)
  }

  /// A sound whose angles are found by the fast method of Griffin and Lim, 60 steps from angles of zero.
  ///
  /// - Parameter picture: `[1, 64, 32]`.
  /// - Returns: `[8000]`.
  /// - Throws: `SignalError`.
  public func withGriffinLim(_ picture: Tensor<Float>) throws(SignalError) -> [Float] {
    let magnitude = spectrum(mel.power(picture)).map { $0.squareRoot() }
    return try GriffinLim(mel.stft, steps: 60, momentum: 0.99).signal(magnitude: magnitude, length: 8000)
  }

  /// Ratio of a target's energy to that of the error, in dB.
  ///
  /// - Throws: `FlowSeparationError.silence` where the target has no energy.
  public static func ratio(_ target: [Float], _ estimate: [Float]) throws(FlowSeparationError) -> Double {
    let energy = target.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard energy > 0 else { throw .silence(what: "the target") }
    let error = zip(target, estimate).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    return 10 * log10(energy / max(error, 1e-20))
  }
}
