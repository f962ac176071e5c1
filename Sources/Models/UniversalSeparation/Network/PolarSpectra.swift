public import Signals
public import Tensors

/// Spectrograms of mixtures as magnitudes and directions, and the way from a network's features back to sound.
public struct PolarSpectra: Sendable {
  /// |X| = √max(Re² + Im², 10⁻¹⁰), `[batch, frames, bins]`.
  public let magnitudes: Tensor<Float>
  /// Re X/|X| and Im X/|X|.
  private let cosines, sines: Tensor<Float>

  /// Transforms mixtures, `[batch, samples]`.
  ///
  /// - Throws: `SignalError.tooShort`.
  public init(_ mixtures: Tensor<Float>, _ stft: STFT<Float>) throws(SignalError) {
    let spectra = try stft.forward(mixtures)
    let (real, imaginary) = (spectra.selected(0, axis: 1), spectra.selected(1, axis: 1))
    let power = real.squared() + imaginary.squared()
    magnitudes = Tensor.maximum(power, Tensor(1e-10)).sqrt()
    let scale = magnitudes.reciprocal()
    (cosines, sines) = (real * scale, imaginary * scale)
  }

  /// The sounds that features make of the mixtures.
  ///
  /// With m, a, b at each place: |Y| = |X| σ(m), and the phase is turned by the direction of (tanh a, tanh b). Without a direction
  /// (a = b = 0) nothing comes out. Bins that the features lack are silent.
  ///
  /// - Parameters:
  ///   - features: m, a and b, `[batch, 3, frames, bins or fewer]`.
  ///   - stft: the transform of the mixtures.
  ///   - length: number of samples.
  /// - Returns: `[batch, length]`.
  /// - Throws: `SignalError.windowGap`.
  public func sounds(_ features: Tensor<Float>, _ stft: STFT<Float>, length: Int) throws(SignalError) -> Tensor<Float> {
    let bins = features.shape[3]
    let parts = (0..<3).map { features.selected($0, axis: 1) }
    let (a, b) = (parts[1].tanh(), parts[2].tanh())
    // Inside the root, so that the slope is finite where both are zero.
    let level = (a.squared() + b.squared() + 1e-10).reciprocalSqrt()
    let gain = parts[0].sigmoid() * magnitudes.sliced(0..<bins, axis: 2) * level
    let (c, s) = (cosines.sliced(0..<bins, axis: 2), sines.sliced(0..<bins, axis: 2))
    let spectra = Tensor.stacked([gain * (c * a - s * b), gain * (s * a + c * b)], axis: 1)
    return try stft.inverse(spectra.padded(after: stft.binCount - bins, axis: 3), length: length)
  }
}
