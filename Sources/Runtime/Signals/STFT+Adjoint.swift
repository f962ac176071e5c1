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
    return Self.signal(length) { signal, samples in
      withMemory(of: gradient) { forwardAdjoint($0, into: signal, samples: samples) }
    }
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
    return spectrogram(frames: frames) { spectra in
      gradient.withUnsafeBufferPointer { signal in
        if let base = signal.baseAddress {
          inverseAdjoint(base, samples: signal.count, weights: weights, into: spectra)
        }
      }
    }
  }
}
