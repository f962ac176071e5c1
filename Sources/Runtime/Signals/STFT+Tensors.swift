public import Tensors

extension Tensor where Scalar: TensorScalar & FourierScalar {
  /// Rows of the last axis, one after the other.
  fileprivate func rows() -> [[Scalar]] {
    let length = shape.last ?? 1
    return withUnsafeValues { values in
      (0..<(length == 0 ? 0 : count / length)).map { Array(values[$0 * length..<($0 + 1) * length]) }
    }
  }
}

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
    let rows = signals.rows()
    let parts = try Threads.independently(rows.count) { row throws(SignalError) in try forward(rows[row]) }
    let shape = signals.shape.dropLast() + [2, frames, binCount]
    return tensor(parts, shape: Array(shape)).recorded("STFT.forward", from: signals) { gradient in
      let parts = spectrograms(gradient)
      let rows = Threads.independently(parts.count) { forwardAdjoint(parts[$0], length: samples) }
      return Tensor(joined(rows), shape: signals.shape)
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
    let parts = spectrograms(spectra)
    let rows = try Threads.independently(parts.count) { part throws(SignalError) in
      try inverse(parts[part], length: length)
    }
    let samples = rows.first?.count ?? length ?? 0
    let result = Tensor(joined(rows), shape: Array(spectra.shape.dropLast(3)) + [samples])
    return result.recorded("STFT.inverse", from: spectra) { gradient in
      let rows = gradient.rows()
      // The windows were checked on the way here.
      let parts = Threads.independently(rows.count) { try? inverseAdjoint(rows[$0], frames: frames) }
      return tensor(parts.compactMap { $0 }, shape: spectra.shape)
    }
  }

  private func tensor(_ parts: [Spectrogram<Scalar>], shape: [Int]) -> Tensor<Scalar> {
    Tensor(joined(parts.flatMap { [$0.values.real, $0.values.imaginary] }), shape: shape)
  }

  private func joined(_ rows: [[Scalar]]) -> [Scalar] {
    var values: [Scalar] = []
    values.reserveCapacity(rows.reduce(0) { $0 + $1.count })
    for row in rows { values += row }
    return values
  }

  private func spectrograms(_ tensor: Tensor<Scalar>) -> [Spectrogram<Scalar>] {
    let (frames, bins) = (tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
    let size = frames * bins
    return tensor.withUnsafeValues { values in
      (0..<(size == 0 ? 0 : values.count / (2 * size))).map { index in
        let middle = (2 * index + 1) * size
        let parts = SplitComplex(
          real: Array(values[middle - size..<middle]),
          imaginary: Array(values[middle..<middle + size])
        )
        return Spectrogram(parts, frameCount: frames, binCount: bins)
      }
    }
  }
}
