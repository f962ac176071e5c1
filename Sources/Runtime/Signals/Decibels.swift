#if canImport(Glibc)
  internal import Glibc
#endif

/// Ratios on a logarithmic scale.
public enum Decibels {
  /// 10 lg(power / reference), `[n]`.
  ///
  /// - Parameters:
  ///   - power: values that are not negative.
  ///   - reference: power of 0 dB.
  ///   - floor: smallest power that is told apart from silence.
  ///   - range: largest distance below the loudest value, in dB; values below are raised to it. All are kept when nil.
  /// - Returns: `[n]`, in dB.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func ofPower<Scalar: BinaryFloatingPoint>(
    _ power: [Scalar],
    reference: Double = 1,
    floor: Double = 1e-10,
    range: Double? = nil
  ) -> [Scalar] {
    let offset = 10 * log10(max(reference, floor))
    let levels = power.map { 10 * log10(max(Double($0), floor)) - offset }
    let lowest = range.map { (levels.max() ?? 0) - $0 } ?? -.infinity
    return levels.map { Scalar(max($0, lowest)) }
  }

  /// 20 lg(amplitude), `[n]`, for amplitudes from `floor` on.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func ofAmplitude<Scalar: BinaryFloatingPoint>(_ values: [Scalar], floor: Double = 1e-5) -> [Scalar] {
    values.map { Scalar(20 * log10(max(abs(Double($0)), floor))) }
  }

  /// The power of a level in dB.
  public static func power(_ level: Double) -> Double { exp(level * (M_LN10 / 10)) }

  /// The amplitude of a level in dB.
  public static func amplitude(_ level: Double) -> Double { exp(level * (M_LN10 / 20)) }
}
