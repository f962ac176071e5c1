internal import Signals
public import Tensors

/// The way from sound to what networks see, and from masks back to sound.
public struct MaskSpectrum: Sendable {
  /// The change of rows.
  public let warp: FrequencyWarp
  private let transform: STFT<Float>
  private let neededFrames: Int

  /// Prepares the transforms of a configuration.
  public init(_ configuration: CLIPSepConfiguration) {
    warp = FrequencyWarp(bins: configuration.frameLength / 2 + 1, rows: configuration.rows)
    transform = STFT(frameLength: configuration.frameLength, hop: configuration.hop)
    neededFrames = configuration.frameMultiple
  }

  /// Spectra of signals, `[batch, samples]` to `[batch, 2, frames, bins]`.
  ///
  /// - Throws: `QueriedSeparationError.tooFewFrames`, or `SignalError.tooShort`.
  public func spectra(_ signals: Tensor<Float>) throws -> Tensor<Float> {
    let frames = transform.frameCount(samples: signals.shape[signals.rank - 1])
    guard frames >= neededFrames else {
      throw QueriedSeparationError.tooFewFrames(needed: neededFrames, got: frames)
    }
    return try transform.forward(signals)
  }

  /// Magnitudes of spectra, `[batch, 2, frames, bins]` to `[batch, 1, bins, frames]`.
  public func magnitudes(_ spectra: Tensor<Float>) -> Tensor<Float> {
    spectra.squared().sum(1, keepsAxes: true).sqrt().transposed()
  }

  /// Inputs, masks and weights of a batch.
  ///
  /// - Throws: `QueriedSeparationError`, or `SignalError.tooShort`.
  public func targets(_ batch: QueriedBatch) throws -> MaskTargets {
    try MaskTargets(
      mixture: magnitudes(spectra(batch.mixtures)),
      sources: batch.sources.map { try magnitudes(spectra($0)) },
      warp: warp
    )
  }

  /// Sounds of masks: brought back to rows of equal width, made binary at 0.5, and laid on spectra, phases kept.
  ///
  /// - Parameters:
  ///   - masks: in 0…1, `[items, 1, rows, frames]`.
  ///   - spectra: `[items, 2, frames, bins]`.
  ///   - length: samples of a sound.
  /// - Returns: one sound an item.
  /// - Throws: `SignalError` for spectra of another transform.
  func sounds(_ masks: Tensor<Float>, _ spectra: Tensor<Float>, _ length: Int) throws -> [QueriedSound] {
    let wide = warp.inverse(masks)
    let binary = Tensor<Float>.ones(wide.shape).selecting(where: wide .> 0.5, otherwise: .zeros(wide.shape))
    let heard = try transform.inverse(spectra * binary.transposed(), length: length)
    return (0..<masks.shape[0]).map { item in
      let mask = masks.selected(item).selected(0)
      return QueriedSound(
        samples: heard.selected(item).values,
        mask: (0..<mask.shape[0]).map { mask.selected($0).values }
      )
    }
  }
}
