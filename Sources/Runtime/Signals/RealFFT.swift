internal import Tensors

/// Fourier transform between real sequences of any length and the first halves of their spectra.
///
/// Even lengths take a complex transform of half the length. Many sequences at once (`forward(rows:)`) are laid side by side
/// so that every operation is a vector operation, whatever the length.
public struct RealFFT<Scalar: FourierScalar>: Sendable {
  /// Number of real values.
  public let length: Int
  /// Number of complex values of a half spectrum, length / 2 + 1.
  public var spectrumCount: Int { length / 2 + 1 }
  let plan: FourierPlan<Scalar>

  /// Prepares transforms of one length, which must be positive.
  public init(length: Int) {
    precondition(length > 0, "RealFFT(length: \(length)): the length must be positive")
    self.length = length
    plan = Scalar.plans.plan(length % 2 == 0 ? length / 2 : length)
  }

  var isEven: Bool { length % 2 == 0 }

  /// Half spectrum `[length / 2 + 1]` of real values `[length]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(_ values: [Scalar]) -> [Complex<Scalar>] {
    precondition(values.count == length, "RealFFT(length: \(length)): got \(values.count) values")
    return isEven
      ? forwardEven(values) : Array(plan.transform(values.map { Complex($0) }, inverse: false).prefix(spectrumCount))
  }

  /// Real values `[length]` of a half spectrum `[length / 2 + 1]`, divided by the length.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func inverse(_ spectrum: [Complex<Scalar>]) -> [Scalar] {
    precondition(
      spectrum.count == spectrumCount,
      "RealFFT(length: \(length)): the half spectrum must have \(spectrumCount) values, got \(spectrum.count)"
    )
    if isEven { return inverseEven(spectrum) }
    var full = [Complex<Scalar>](repeating: .zero, count: length)
    full[0].real = spectrum[0].real
    for k in 1..<spectrumCount {
      full[k] = spectrum[k]
      full[length - k] = spectrum[k].conjugate
    }
    return plan.transform(full, inverse: true).map(\.real)
  }

  /// Half spectra of many sequences, each `length` values that begin `stride` after the one before.
  ///
  /// - Parameters:
  ///   - signal: values; at least `(count - 1) * stride + length`.
  ///   - count: number of sequences.
  ///   - stride: distance between their beginnings; `length` unless told otherwise (a hop of a short-time transform, say).
  /// - Returns: `[count, length / 2 + 1]`, row after row.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(rows signal: [Scalar], count: Int, stride: Int? = nil) -> SplitComplex<Scalar> {
    let stride = stride ?? length
    check(signal, count: count, stride: stride)
    return SplitComplex(unsetCount: count * spectrumCount) { re, im in
      signal.withUnsafeBufferPointer { input in
        guard let input = input.baseAddress else { return }
        forwardAllRows(input, count: count, stride: stride, into: re, im)
      }
    }
  }

  /// Half spectra of many sequences, written over `spectra`, which must have `count * spectrumCount` values.
  ///
  /// A loop that keeps its spectra saves the allocation, which costs as much as the transforms.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func forward(rows signal: [Scalar], count: Int, stride: Int? = nil, into spectra: inout SplitComplex<Scalar>) {
    let stride = stride ?? length
    check(signal, count: count, stride: stride)
    check(spectra, count: count)
    signal.withUnsafeBufferPointer { input in
      spectra.withUnsafeMutableParts { re, im in
        guard let input = input.baseAddress else { return }
        forwardAllRows(input, count: count, stride: stride, into: re, im)
      }
    }
  }

  private func check(_ signal: [Scalar], count: Int, stride: Int) {
    let needed = (count - 1) * stride + length
    precondition(
      count == 0 || signal.count >= needed,
      "RealFFT(length: \(length)): \(count) rows at distance \(stride) need \(needed) values, got \(signal.count)"
    )
  }

  private func check(_ spectra: SplitComplex<Scalar>, count: Int) {
    precondition(
      spectra.count == count * spectrumCount,
      "RealFFT(length: \(length)): \(count) half spectra have \(count * spectrumCount) values, got \(spectra.count)"
    )
  }

  /// Real sequences `[count, length]` of half spectra `[count, length / 2 + 1]`, each divided by the length.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func inverse(rows spectra: SplitComplex<Scalar>, count: Int) -> [Scalar] {
    check(spectra, count: count)
    return [Scalar](unsafeUninitializedCapacity: count * length) { output, initialized in
      initialized = count * length
      spectra.withUnsafeParts { re, im in
        guard let output = output.baseAddress else { return }
        inverseAllRows(re, im, count: count, into: output)
      }
    }
  }
}
