internal import Tensors

/// A signal from magnitudes alone: angles are found by transforming back and forth.
///
/// Each step takes the angles of the nearest consistent spectrogram, with a push in the direction of the last change.
///
/// Source: Griffin and Lim, 1984; momentum of Perraudin, Balazs and Søndergaard, 2013, as in librosa's `griffinlim`.
public struct GriffinLim<Scalar: FourierScalar>: Sendable {
  /// The transform whose magnitudes are given.
  public let stft: STFT<Scalar>
  /// Number of steps.
  public var steps = 32
  /// Weight of the last change, 0 (the plain method) to below 1.
  public var momentum: Scalar = 0.99

  /// Makes a method for the magnitudes of a transform.
  public init(_ stft: STFT<Scalar>, steps: Int = 32, momentum: Scalar = 0.99) {
    self.stft = stft
    self.steps = steps
    self.momentum = momentum
  }

  /// The signal.
  ///
  /// - Parameters:
  ///   - magnitude: |X|, `[frames, bins]`.
  ///   - start: spectrogram whose angles are the first guess; all angles 0 when nil.
  ///   - length: number of samples; what the frames cover when nil.
  /// - Returns: `[length]`.
  /// - Throws: `SignalError.windowGap` or `.tooShort` of the transform.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func signal(
    magnitude: [Scalar],
    start: Spectrogram<Scalar>? = nil,
    length: Int? = nil
  ) throws(SignalError) -> [Scalar] {
    let bins = stft.binCount
    precondition(magnitude.count % bins == 0, "GriffinLim: \(magnitude.count) magnitudes are no rows of \(bins)")
    let frames = magnitude.count / bins
    let zeros = Spectrogram<Scalar>(SplitComplex(zeros: magnitude.count), frameCount: frames, binCount: bins)
    var guess = (start ?? zeros).withMagnitude(magnitude)
    var last = zeros
    let weight = momentum / (1 + momentum)
    for _ in 0..<steps {
      let next = try stft.forward(stft.inverse(guess, length: length))
      var pushed = next
      for index in 0..<magnitude.count {
        pushed.values.real[index] -= weight * last.values.real[index]
        pushed.values.imaginary[index] -= weight * last.values.imaginary[index]
      }
      last = next
      guess = pushed.withMagnitude(magnitude)
    }
    return try stft.inverse(guess, length: length)
  }
}
