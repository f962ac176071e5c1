public import Tensors

extension STFT where Scalar: TensorScalar {
  /// Spectra of the frames of signals, with a gradient.
  ///
  /// - Parameter signals: `[…, samples]`.
  /// - Returns: `[…, 2, frames, bins]`: real parts, then imaginary ones.
  /// - Throws: `SignalError.tooShort` where mirroring needs more samples than half a frame, or no frame fits.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(_ signals: Tensor<Scalar>) throws(SignalError) -> Tensor<Scalar> {
    precondition(signals.rank >= 1, "STFT.forward: a tensor of no axes holds no signal")
    let samples = signals.shape[signals.rank - 1]
    let frames = try checkedFrameCount(samples: samples)
    let shape = signals.shape.dropLast() + [2, frames, binCount]
    return spectra(Array(shape)) { spectra in
      signals.withUnsafeValues { values in
        if let base = values.baseAddress { forward(base, samples: samples, into: spectra) }
      }
    }.recorded("STFT.forward", from: signals) { gradient in
      Self.signals(signals.shape) { signal in
        withMemory(of: gradient) { forwardAdjoint($0, into: signal, samples: samples) }
      }
    }
  }

  /// The signals of spectra, with a gradient.
  ///
  /// - Parameters:
  ///   - spectra: `[…, 2, frames, bins]`: real parts, then imaginary ones.
  ///   - length: number of samples; what the frames cover when nil.
  /// - Returns: `[…, length]`.
  /// - Throws: `SignalError.windowGap` where the windows leave a sample undetermined.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func inverse(_ spectra: Tensor<Scalar>, length: Int? = nil) throws(SignalError) -> Tensor<Scalar> {
    precondition(
      spectra.rank >= 3 && spectra.shape[spectra.rank - 3] == 2 && spectra.shape[spectra.rank - 1] == binCount,
      "STFT.inverse: spectra of shape \(spectra.shape), expected […, 2, frames, \(binCount)]"
    )
    let frames = spectra.shape[spectra.rank - 2]
    let covered = coveredLength(frames: frames)
    let kept = min(length ?? (covered - 2 * margin), covered - margin)
    let weights = try weightSum(frames: frames, samples: kept)
    let samples = max(length ?? kept, 0)
    return Self.signals(spectra.shape.dropLast(3) + [samples]) { signal in
      withMemory(of: spectra) { inverse($0, weights: weights, into: signal, samples: samples) }
    }.recorded("STFT.inverse", from: spectra) { gradient in
      self.spectra(spectra.shape) { spectra in
        gradient.withUnsafeValues { values in
          if let base = values.baseAddress {
            inverseAdjoint(base, samples: samples, weights: weights, into: spectra)
          }
        }
      }
    }
  }
}
