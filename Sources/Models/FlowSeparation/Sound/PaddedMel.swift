internal import Glibc
public import Signals
public import Tensors

/// Log-mel pictures as the published network takes them: frames that cover the mirrored signal, magnitudes, natural logarithm.
public struct PaddedMel: Sendable {
  private let bank: MelFilterBank<Float>
  private let stft: STFT<Float>
  private let margin: Int

  /// The published picture: 16 kHz, frames of 1024 every 160 samples, 64 bands to 8 kHz.
  ///
  /// - Throws: `SignalError`.
  public static func published() throws(SignalError) -> PaddedMel {
    let bank = try MelFilterBank<Float>(bands: 64, frameLength: 1024, sampleRate: 16000, range: 0...8000)
    return PaddedMel(bank: bank, frameLength: 1024, hop: 160)
  }

  /// Makes pictures by a filter bank for frames of a length.
  public init(bank: MelFilterBank<Float>, frameLength: Int, hop: Int) {
    self.bank = bank
    stft = STFT(frameLength: frameLength, hop: hop, padding: .none)
    margin = (frameLength - hop) / 2
  }

  /// ln max(F |S|, 10⁻⁵) with |S| = √(power + 10⁻⁹), `[frames, bands]`.
  ///
  /// - Throws: `FlowSeparationError.tooShort`, or `SignalError`.
  public func logMel(_ samples: [Float]) throws -> Tensor<Float> {
    let needed = max(margin + 1, stft.frameLength - 2 * margin)
    guard samples.count >= needed else {
      throw FlowSeparationError.tooShort(samples: samples.count, needed: needed)
    }
    let padded = Tensor(samples).padded(before: margin, after: margin, axis: 0, mode: .reflected).values
    let spectrogram = try stft.forward(padded)
    let bands = bank.bands(of: spectrogram.power.map { ($0 + 1e-9).squareRoot() })
    return Tensor(bands.map { logf(max($0, 1e-5)) }, shape: [spectrogram.frameCount, bank.bandCount])
  }
}
