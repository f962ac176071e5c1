internal import Tensors

/// The transforms are linear maps of real numbers (parts of spectra count as two); what a gradient needs is their transposes.
extension STFT {
  /// Transpose of `forward`: from a gradient by real and imaginary parts to the gradient by the signal.
  ///
  /// - Parameters:
  ///   - gradient: ∂L/∂Re X + i ∂L/∂Im X, `[frames, bins]`.
  ///   - length: number of samples of the signal.
  /// - Returns: ∂L/∂x, `[length]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forwardAdjoint(_ gradient: Spectrogram<Scalar>, length: Int) -> [Scalar] {
    check(gradient)
    precondition(
      gradient.frameCount == frameCount(samples: length),
      "STFT.forwardAdjoint: \(length) samples have \(frameCount(samples: length)) frames, got \(gradient.frameCount)"
    )
    // The inverse transform halves what the transpose does not: middle bins stand for two.
    let scaled = scaledBins(gradient.values, ends: Scalar(frameLength), middle: Scalar(frameLength) / 2)
    let total = length + 2 * margin
    let sum = overlapAdd(scaled, frames: gradient.frameCount, window: window, length: total)
    return unpadded(sum, length: length)
  }

  /// Transpose of `inverse`: from a gradient by the signal to one by real and imaginary parts.
  ///
  /// - Parameters:
  ///   - gradient: ∂L/∂x, `[samples]`.
  ///   - frames: number of frames of the spectrogram.
  /// - Returns: ∂L/∂Re X + i ∂L/∂Im X, `[frames, bins]`.
  /// - Throws: `SignalError.windowGap` as `inverse`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func inverseAdjoint(_ gradient: [Scalar], frames: Int) throws(SignalError) -> Spectrogram<Scalar> {
    let covered = coveredLength(frames: frames)
    let kept = min(gradient.count, covered - margin)
    let weights = try weightSum(frames: frames, samples: kept)
    var sum = [Scalar](repeating: 0, count: covered)
    for index in 0..<kept { sum[margin + index] = gradient[index] / weights[index] }
    let values = spectra(of: sum, frames: frames, window: window)
    let scaled = scaledBins(values, ends: 1 / Scalar(frameLength), middle: 2 / Scalar(frameLength))
    return Spectrogram(scaled, frameCount: frames, binCount: binCount)
  }

  /// Spectra with the bins that stand for themselves and those that stand for two scaled; the former are real.
  private func scaledBins(_ values: SplitComplex<Scalar>, ends: Scalar, middle: Scalar) -> SplitComplex<Scalar> {
    let bins = binCount
    let lastIsEnd = frameLength % 2 == 0
    var result = values
    for index in 0..<values.count {
      let bin = index % bins
      let isEnd = bin == 0 || lastIsEnd && bin == bins - 1
      result.real[index] *= isEnd ? ends : middle
      result.imaginary[index] *= isEnd ? 0 : middle
    }
    return result
  }

  /// Transpose of the padding: what the mirrors showed goes back to where it came from.
  private func unpadded(_ sum: [Scalar], length: Int) -> [Scalar] {
    var result = Array(sum[margin..<margin + length])
    guard padding == .reflect else { return result }
    for index in 0..<margin {
      result[margin - index] += sum[index]
      result[length - 2 - index] += sum[margin + length + index]
    }
    return result
  }
}
