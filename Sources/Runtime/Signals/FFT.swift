internal import Tensors

/// Complex Fourier transform of any length, as a value that can be kept and shared.
///
/// X[k] = Σⱼ x[j] exp(-2πi jk/n); the inverse is divided by n. Lengths with prime factors up to 13 take mixed-radix passes,
/// all others a chirp convolution; either way O(n log n).
///
/// - Complexity: the first transform of a length computes its twiddle factors (in double); later ones share them.
public struct FFT<Scalar: FourierScalar>: Sendable {
  /// Number of values of a sequence.
  public var length: Int { plan.length }
  private let plan: FourierPlan<Scalar>

  /// Prepares transforms of one length, which must be positive.
  public init(length: Int) {
    precondition(length > 0, "FFT(length: \(length)): the length must be positive")
    plan = Scalar.plans.plan(length)
  }

  /// Transform of a sequence, `[length]`.
  public func forward(_ values: [Complex<Scalar>]) -> [Complex<Scalar>] { plan.transform(values, inverse: false) }

  /// Inverse transform of a spectrum, `[length]`.
  public func inverse(_ spectrum: [Complex<Scalar>]) -> [Complex<Scalar>] { plan.transform(spectrum, inverse: true) }

  /// Transforms a sequence in place, parts in separate arrays; nothing is copied but the last pass.
  public func forward(_ values: inout SplitComplex<Scalar>) { plan.transform(&values.real, &values.imaginary) }

  /// Inverse transform in place, divided by the length.
  public func inverse(_ values: inout SplitComplex<Scalar>) {
    plan.transform(&values.imaginary, &values.real)
    let factor = 1 / Scalar(length)
    for index in 0..<length {
      values.real[index] *= factor
      values.imaginary[index] *= factor
    }
  }
}

/// Fourier transform of `x`, of any length; `[]` for no values.
public func fft<Scalar: FourierScalar>(_ x: [Complex<Scalar>]) -> [Complex<Scalar>] {
  x.isEmpty ? [] : FFT(length: x.count).forward(x)
}

/// Inverse Fourier transform of `spectrum`, divided by its length; `[]` for no values.
public func ifft<Scalar: FourierScalar>(_ spectrum: [Complex<Scalar>]) -> [Complex<Scalar>] {
  spectrum.isEmpty ? [] : FFT(length: spectrum.count).inverse(spectrum)
}

/// Fourier transform of real values: the n/2 + 1 values of the spectrum that determine the rest.
public func rfft<Scalar: FourierScalar>(_ x: [Scalar]) -> [Complex<Scalar>] {
  x.isEmpty ? [] : RealFFT(length: x.count).forward(x)
}

/// Real sequence of a given length from the first half of its spectrum, divided by that length.
///
/// - Parameters:
///   - spectrum: `[length / 2 + 1]`; imaginary parts at frequency 0 and at the middle of an even length are taken as zero.
///   - length: number of real values; even, 2 (count − 1), unless told otherwise.
/// - Returns: `[length]`.
public func irfft<Scalar: FourierScalar>(_ spectrum: [Complex<Scalar>], length: Int? = nil) -> [Scalar] {
  let count = length ?? max(2 * (spectrum.count - 1), 1)
  return RealFFT(length: count).inverse(spectrum)
}
