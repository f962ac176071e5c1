internal import Tensors

/// The transform, its inverse and the transposes of both on signals one after the other in memory, `[count, samples]`.
///
/// Outputs need not be set.
extension STFT {
  /// Spectra of signals.
  func forward(_ signals: UnsafePointer<Scalar>, samples: Int, into spectra: SpectraMemory<Scalar>) {
    let length = samples + 2 * margin
    Self.withMemory(spectra.count * length) { padded in
      Threads.split(spectra.count, cost: length) { range in
        for index in range { pad(signals + index * samples, samples, into: padded + index * length) }
      }
      analyze(padded, length: length, into: spectra)
    }
  }

  private func pad(_ signal: UnsafePointer<Scalar>, _ samples: Int, into target: UnsafeMutablePointer<Scalar>) {
    (target + margin).initialize(from: signal, count: samples)
    for index in 0..<margin {
      (target + index).initialize(to: padding == .reflect ? signal[margin - index] : 0)
      (target + margin + samples + index).initialize(to: padding == .reflect ? signal[samples - 2 - index] : 0)
    }
  }

  /// Transpose of `forward`.
  func forwardAdjoint(_ spectra: SpectraMemory<Scalar>, into signals: UnsafeMutablePointer<Scalar>, samples: Int) {
    let length = samples + 2 * margin
    // The inverse transform halves what the transpose does not: middle bins stand for two.
    let factors = BinFactors(ends: Scalar(frameLength), middle: Scalar(frameLength) / 2)
    Self.withMemory(spectra.count * length) { sums in
      synthesize(spectra, factors: factors, into: sums, length: length)
      Threads.split(spectra.count, cost: length) { range in
        for index in range { unpad(sums + index * length, into: signals + index * samples, samples) }
      }
    }
  }

  /// Transpose of the padding: what the mirrors showed goes back to where it came from.
  private func unpad(_ sum: UnsafePointer<Scalar>, into signal: UnsafeMutablePointer<Scalar>, _ samples: Int) {
    signal.initialize(from: sum + margin, count: samples)
    guard padding == .reflect else { return }
    for index in 0..<margin {
      signal[margin - index] += sum[index]
      signal[samples - 2 - index] += sum[margin + samples + index]
    }
  }

  /// Signals of spectra: sums of frames divided by those of squared windows, `weights`, and zeros after these.
  func inverse(
    _ spectra: SpectraMemory<Scalar>,
    weights: [Scalar],
    into signals: UnsafeMutablePointer<Scalar>,
    samples: Int
  ) {
    let length = coveredLength(frames: spectra.frames)
    Self.withMemory(spectra.count * length) { sums in
      synthesize(spectra, into: sums, length: length)
      Threads.split(spectra.count, cost: length) { range in
        for index in range {
          let signal = signals + index * samples
          Self.divide(sums + index * length + margin, by: weights, into: signal)
          (signal + weights.count).initialize(repeating: 0, count: samples - weights.count)
        }
      }
    }
  }

  /// Transpose of `inverse`.
  func inverseAdjoint(
    _ signals: UnsafePointer<Scalar>,
    samples: Int,
    weights: [Scalar],
    into spectra: SpectraMemory<Scalar>
  ) {
    let length = coveredLength(frames: spectra.frames)
    let factors = BinFactors(ends: 1 / Scalar(frameLength), middle: 2 / Scalar(frameLength))
    Self.withMemory(spectra.count * length) { sums in
      Threads.split(spectra.count, cost: length) { range in
        for index in range {
          let sum = sums + index * length
          sum.initialize(repeating: 0, count: length)
          Self.divide(signals + index * samples, by: weights, into: sum + margin)
        }
      }
      analyze(sums, length: length, factors: factors, into: spectra)
    }
  }

  private static func divide(
    _ values: UnsafePointer<Scalar>,
    by weights: [Scalar],
    into result: UnsafeMutablePointer<Scalar>
  ) {
    weights.withUnsafeBufferPointer { weights in
      for index in weights.indices { (result + index).initialize(to: values[index] / weights[index]) }
    }
  }

  /// Sum of the squared windows of frames at every place that they cover.
  func squaredWindows(frames: Int) -> [Scalar] {
    var sum = [Scalar](repeating: 0, count: coveredLength(frames: frames))
    sum.withUnsafeMutableBufferPointer { sum in
      withWindow { window in
        guard let sum = sum.baseAddress else { return }
        for frame in 0..<frames {
          Scalar.overlapAdd(window, by: window, into: sum + frame * hop, stride: hop, rows: 1, count: frameLength)
        }
      }
    }
    return sum
  }

  /// A signal that a body sets.
  static func signal(_ samples: Int, _ body: (UnsafeMutablePointer<Scalar>, Int) -> Void) -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: samples) { signal, count in
      if let base = signal.baseAddress { body(base, samples) }
      count = samples
    }
  }

  /// Spectra of one signal that a body sets.
  func spectrogram(frames: Int, _ body: (SpectraMemory<Scalar>) -> Void) -> Spectrogram<Scalar> {
    let values = SplitComplex<Scalar>(unsetCount: frames * binCount) { re, im in
      body(SpectraMemory(re: re, im: im, distance: 0, count: 1, frames: frames))
    }
    return Spectrogram(values, frameCount: frames, binCount: binCount)
  }

  /// Spectra of one signal, to be read.
  func withMemory(of spectrogram: Spectrogram<Scalar>, _ body: (SpectraMemory<Scalar>) -> Void) {
    spectrogram.values.withUnsafeParts { re, im in
      body(SpectraMemory(reading: re, im, distance: 0, count: 1, frames: spectrogram.frameCount))
    }
  }
}
