internal import Layers
public import Signals
public import Tensors

/// How far estimates are from what was wanted.
public enum SeparationLoss: Sendable {
  /// The mean of |ŝ - s| over samples.
  case waveform
  /// The same, and the mean of ||Ŝ| - |S|| over a spectrogram, with powers of at least 10⁻⁸.
  case waveformAndMagnitude(STFT<Float>)

  /// One number for `[batch, samples]`.
  ///
  /// - Throws: `SignalError.tooShort`.
  public func callAsFunction(_ estimates: Tensor<Float>, _ targets: Tensor<Float>) throws(SignalError) -> Tensor<Float>
  {
    let difference = Loss.meanAbsolute(estimates, targets)
    guard case .waveformAndMagnitude(let stft) = self else { return difference }
    return difference + Loss.meanAbsolute(try magnitudes(estimates, stft), try magnitudes(targets, stft))
  }

  private func magnitudes(_ sounds: Tensor<Float>, _ stft: STFT<Float>) throws(SignalError) -> Tensor<Float> {
    let power = try stft.forward(sounds).squared().sum([1])
    return Tensor.maximum(power, Tensor(1e-8)).sqrt()
  }
}
