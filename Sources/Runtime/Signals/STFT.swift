internal import Tensors

/// Short-time Fourier transform: spectra of windowed frames that advance by a hop; with its inverse and both adjoints.
///
/// X[t, k] = Σⱼ w[j] x[t·hop + j] exp(-2πi jk/n), k = 0…n/2. The inverse adds frames times the window and divides by the sum
/// of squared windows, which is exact wherever that sum is not zero.
/// Lengths, padding and scaling follow `torch.stft` and `torch.istft` (2.13) with `onesided`; the order is `[frames, bins]`
/// where theirs is `[bins, frames]`.
public struct STFT<Scalar: FourierScalar>: Sendable {
  /// What stands before and after the signal, so that the first frame is centred on the first sample.
  public enum Padding: Sendable, Hashable {
    /// Nothing: the first frame begins at the first sample.
    case none
    /// Half a frame of the mirrored signal on both sides, without repeating the end sample.
    case reflect
    /// Half a frame of zeros on both sides.
    case zeros
  }

  /// Values of a frame, n.
  public let frameLength: Int
  /// Samples between the beginnings of frames.
  public let hop: Int
  /// Weights of a frame, `[frameLength]`; a shorter window stands in the middle.
  public let window: [Scalar]
  /// What stands before and after the signal.
  public let padding: Padding
  let transform: RealFFT<Scalar>

  /// Prepares transforms.
  ///
  /// - Parameters:
  ///   - frameLength: values of a frame, positive.
  ///   - hop: samples between frames; a quarter of a frame when nil.
  ///   - window: the window, in its periodic form.
  ///   - windowLength: length of the window when it is shorter than a frame.
  ///   - padding: what stands before and after the signal.
  public init(
    frameLength: Int,
    hop: Int? = nil,
    window: Window = .hann,
    windowLength: Int? = nil,
    padding: Padding = .reflect
  ) {
    self.init(
      frameLength: frameLength,
      hop: hop,
      weights: window.values(windowLength ?? frameLength),
      padding: padding
    )
  }

  /// Prepares transforms with given weights, at most `frameLength` of them.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public init(frameLength: Int, hop: Int? = nil, weights: [Scalar], padding: Padding = .reflect) {
    let hop = hop ?? max(frameLength / 4, 1)
    precondition(frameLength > 0 && hop > 0, "STFT: frame length \(frameLength) and hop \(hop) must be positive")
    precondition(
      (1...frameLength).contains(weights.count),
      "STFT: a window of \(weights.count) weights does not fit frames of \(frameLength)"
    )
    self.frameLength = frameLength
    self.hop = hop
    self.padding = padding
    let before = (frameLength - weights.count) / 2
    window =
      [Scalar](repeating: 0, count: before) + weights
      + [Scalar](repeating: 0, count: frameLength - weights.count - before)
    transform = RealFFT(length: frameLength)
  }

  /// Number of frequencies, frameLength / 2 + 1.
  public var binCount: Int { transform.spectrumCount }
  /// Samples before the signal and after it.
  var margin: Int { padding == .none ? 0 : frameLength / 2 }

  /// Number of frames of a signal; 0 where it is shorter than one frame.
  public func frameCount(samples: Int) -> Int {
    let padded = samples + 2 * margin
    return padded < frameLength ? 0 : (padded - frameLength) / hop + 1
  }

  /// Spectra of the frames of a signal.
  ///
  /// - Parameter signal: `[samples]`.
  /// - Returns: `[frames, bins]`.
  /// - Throws: `SignalError.tooShort` where mirroring needs more samples than half a frame, or no frame fits.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(_ signal: [Scalar]) throws(SignalError) -> Spectrogram<Scalar> {
    let frames = try checkedFrameCount(samples: signal.count)
    return spectrogram(frames: frames) { spectra in
      signal.withUnsafeBufferPointer { signal in
        if let base = signal.baseAddress { forward(base, samples: signal.count, into: spectra) }
      }
    }
  }

  /// The signal of a spectrogram: exactly the one that was transformed, or the nearest one in the sense of least squares.
  ///
  /// - Parameters:
  ///   - spectrogram: `[frames, bins]`.
  ///   - length: number of samples; what the frames cover when nil. Samples beyond the last frame are zero.
  /// - Returns: `[length]`.
  /// - Throws: `SignalError.windowGap` where the windows leave a sample undetermined.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func inverse(_ spectrogram: Spectrogram<Scalar>, length: Int? = nil) throws(SignalError) -> [Scalar] {
    check(spectrogram)
    let covered = coveredLength(frames: spectrogram.frameCount)
    let kept = min(length ?? (covered - 2 * margin), covered - margin)
    let weights = try weightSum(frames: spectrogram.frameCount, samples: kept)
    return Self.signal(max(length ?? kept, 0)) { signal, samples in
      withMemory(of: spectrogram) { inverse($0, weights: weights, into: signal, samples: samples) }
    }
  }

  /// Samples that frames cover, with margins.
  func coveredLength(frames: Int) -> Int { frames == 0 ? 2 * margin : (frames - 1) * hop + frameLength }

  /// Sum of squared windows at each of the samples, none of which may be zero.
  func weightSum(frames: Int, samples: Int) throws(SignalError) -> [Scalar] {
    let sum = squaredWindows(frames: frames)
    let kept = Array(sum[margin..<max(margin + samples, margin)])
    // As torch.istft: below this the division would blow rounding up.
    if let gap = kept.firstIndex(where: { $0 < 1e-11 }) {
      throw .windowGap(frameLength: frameLength, hop: hop, sample: gap)
    }
    return kept
  }

  func check(_ spectrogram: Spectrogram<Scalar>) {
    precondition(
      spectrogram.binCount == binCount,
      "STFT(frameLength: \(frameLength)): spectra must have \(binCount) bins, got \(spectrogram.binCount)"
    )
  }

  func checkedFrameCount(samples: Int) throws(SignalError) -> Int {
    // A mirror needs one sample more than it shows.
    if padding == .reflect, samples <= margin {
      throw .tooShort(function: "STFT.forward", needed: margin + 1, got: samples)
    }
    let frames = frameCount(samples: samples)
    guard frames > 0 else {
      throw .tooShort(function: "STFT.forward", needed: frameLength - 2 * margin, got: samples)
    }
    return frames
  }
}
