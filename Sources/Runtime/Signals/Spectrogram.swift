internal import Tensors

/// Complex spectra of the frames of a signal, `[frames, bins]`, frame after frame.
public struct Spectrogram<Scalar: FourierScalar>: Sendable, Equatable {
  /// The values, frame after frame.
  public var values: SplitComplex<Scalar>
  /// Number of frames.
  public let frameCount: Int
  /// Number of frequencies, frameLength / 2 + 1.
  public let binCount: Int

  /// Makes a spectrogram of values in frame order, `[frames, bins]`.
  public init(_ values: SplitComplex<Scalar>, frameCount: Int, binCount: Int) {
    precondition(
      values.count == frameCount * binCount,
      "Spectrogram: \(frameCount) frames of \(binCount) bins need \(frameCount * binCount) values, got \(values.count)"
    )
    self.values = values
    self.frameCount = frameCount
    self.binCount = binCount
  }

  /// One value.
  public subscript(frame: Int, bin: Int) -> Complex<Scalar> {
    get { values[frame * binCount + bin] }
    set { values[frame * binCount + bin] = newValue }
  }

  /// |X|², `[frames, bins]`.
  public var power: [Scalar] { zip(values.real, values.imaginary).map { $0 * $0 + $1 * $1 } }

  /// |X|, `[frames, bins]`.
  public var magnitude: [Scalar] { zip(values.real, values.imaginary).map { ($0 * $0 + $1 * $1).squareRoot() } }

  /// The spectrogram with every value multiplied by a real factor, such as a mask, `[frames, bins]`.
  public func masked(by mask: [Scalar]) -> Spectrogram {
    precondition(mask.count == values.count, "Spectrogram.masked: \(values.count) values, \(mask.count) factors")
    let real = zip(values.real, mask).map { $0 * $1 }
    let imaginary = zip(values.imaginary, mask).map { $0 * $1 }
    return Spectrogram(SplitComplex(real: real, imaginary: imaginary), frameCount: frameCount, binCount: binCount)
  }

  /// The spectrogram with the same angles and other magnitudes, `[frames, bins]`; where a value is 0, its angle is 0.
  public func withMagnitude(_ magnitude: [Scalar]) -> Spectrogram {
    precondition(
      magnitude.count == values.count,
      "Spectrogram.withMagnitude: \(values.count) values, \(magnitude.count) magnitudes"
    )
    var result = self
    for index in magnitude.indices {
      let (re, im) = (values.real[index], values.imaginary[index])
      let size = (re * re + im * im).squareRoot()
      result.values.real[index] = size > 0 ? re * (magnitude[index] / size) : magnitude[index]
      result.values.imaginary[index] = size > 0 ? im * (magnitude[index] / size) : 0
    }
    return result
  }
}
