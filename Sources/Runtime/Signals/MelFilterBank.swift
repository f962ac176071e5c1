internal import Tensors

#if canImport(Glibc)
  internal import Glibc
#endif

/// A scale of pitch: equal steps sound equally far apart.
public enum MelScale: Sendable, Hashable {
  /// Linear below 1 kHz and logarithmic above: Slaney, Auditory Toolbox, 1998.
  case slaney
  /// 2595 lg(1 + f / 700): O'Shaughnessy, as in the HTK toolkit.
  case htk

  /// Mel of a frequency in Hz.
  public func mel(_ frequency: Double) -> Double {
    switch self {
    case .htk: 2595 * log10(1 + frequency / 700)
    case .slaney: frequency < 1000 ? frequency * 3 / 200 : 15 + log(frequency / 1000) * (27 / log(6.4))
    }
  }

  /// Frequency in Hz of a mel.
  public func frequency(_ mel: Double) -> Double {
    switch self {
    case .htk: 700 * (exp(mel * (M_LN10 / 2595)) - 1)
    case .slaney: mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * (log(6.4) / 27))
    }
  }
}

/// Triangular filters, evenly spaced in pitch, that gather the bins of a spectrum into bands.
///
/// Behaviour of `librosa.filters.mel` 0.11: each triangle is computed on exact bin frequencies.
public struct MelFilterBank<Scalar: FourierScalar>: Sendable {
  /// Number of bands.
  public var bandCount: Int { filters.count }
  /// Number of bins of a spectrum.
  public let binCount: Int
  /// Frequencies of the peaks in Hz, `[bands]`.
  public let centers: [Double]
  private let filters: [Filter]

  /// Weights of one band from its first bin on.
  private struct Filter: Sendable {
    let first: Int
    let weights: [Scalar]
  }

  /// Makes a filter bank.
  ///
  /// - Parameters:
  ///   - bands: number of filters.
  ///   - frameLength: values of the frames whose spectra are gathered.
  ///   - sampleRate: in Hz.
  ///   - range: lowest and highest frequency in Hz; up to half the sample rate when nil.
  ///   - scale: which pitch is even.
  ///   - isNormalized: whether each filter has the same area (Slaney's way) in place of the same height.
  /// - Throws: `SignalError.outOfRange` where there is no band, no rate, or the range is outside 0…sampleRate / 2.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public init(
    bands: Int,
    frameLength: Int,
    sampleRate: Double,
    range: ClosedRange<Double>? = nil,
    scale: MelScale = .slaney,
    isNormalized: Bool = true
  ) throws(SignalError) {
    let name = "MelFilterBank"
    guard bands > 0 else {
      throw .outOfRange(function: name, argument: "bands", expected: "positive", got: Double(bands))
    }
    guard sampleRate > 0, sampleRate.isFinite else {
      throw .outOfRange(function: name, argument: "sampleRate", expected: "positive", got: sampleRate)
    }
    let range = range ?? 0...sampleRate / 2
    guard range.lowerBound >= 0, range.upperBound <= sampleRate / 2, range.lowerBound < range.upperBound else {
      let edge = range.lowerBound < 0 ? range.lowerBound : range.upperBound
      throw .outOfRange(function: name, argument: "range", expected: "within 0…\(sampleRate / 2) Hz", got: edge)
    }
    let (low, high) = (scale.mel(range.lowerBound), scale.mel(range.upperBound))
    let edges = (0..<bands + 2).map { scale.frequency(low + (high - low) * Double($0) / Double(bands + 1)) }
    let bins = frameLength / 2 + 1
    binCount = bins
    centers = Array(edges[1...bands])
    filters = (0..<bands).map { band in
      let height = isNormalized ? 2 / (edges[band + 2] - edges[band]) : 1
      let weights = (0..<bins).map { bin in
        let frequency = Double(bin) * sampleRate / Double(frameLength)
        let rise = (frequency - edges[band]) / (edges[band + 1] - edges[band])
        let fall = (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1])
        return max(0, min(rise, fall)) * height
      }
      let first = weights.firstIndex { $0 > 0 } ?? 0
      let last = weights.lastIndex { $0 > 0 } ?? -1
      return Filter(first: first, weights: weights[first..<max(last + 1, first)].map { Scalar($0) })
    }
  }

  /// The filters as a matrix, `[bands, bins]`, row after row.
  public var weights: [Scalar] {
    filters.flatMap { filter in
      [Scalar](repeating: 0, count: filter.first) + filter.weights
        + [Scalar](repeating: 0, count: binCount - filter.first - filter.weights.count)
    }
  }

  /// Bands of spectra of power or magnitude.
  ///
  /// - Parameter spectra: `[frames, bins]`.
  /// - Returns: `[frames, bands]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func bands(of spectra: [Scalar]) -> [Scalar] {
    let frames = rows(spectra.count, of: binCount)
    var result = [Scalar](repeating: 0, count: frames * bandCount)
    for frame in 0..<frames {
      for (band, filter) in filters.enumerated() {
        var sum: Scalar = 0
        let place = frame * binCount + filter.first
        for (index, weight) in filter.weights.enumerated() { sum += weight * spectra[place + index] }
        result[frame * bandCount + band] = sum
      }
    }
    return result
  }

  /// Transpose of `bands(of:)`: gradients `[frames, bands]` to `[frames, bins]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func adjoint(_ gradients: [Scalar]) -> [Scalar] {
    let frames = rows(gradients.count, of: bandCount)
    var result = [Scalar](repeating: 0, count: frames * binCount)
    for frame in 0..<frames {
      for (band, filter) in filters.enumerated() {
        let gradient = gradients[frame * bandCount + band]
        let place = frame * binCount + filter.first
        for (index, weight) in filter.weights.enumerated() { result[place + index] += weight * gradient }
      }
    }
    return result
  }

  /// Bands of power in dB, `[frames, bands]`, as `Decibels.ofPower`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func logMel(_ spectrogram: Spectrogram<Scalar>, floor: Double = 1e-10, range: Double? = nil) -> [Scalar] {
    Decibels.ofPower(bands(of: spectrogram.power), floor: floor, range: range)
  }

  private func rows(_ count: Int, of width: Int) -> Int {
    precondition(count % width == 0, "MelFilterBank: \(count) values are no whole rows of \(width)")
    return count / width
  }
}
