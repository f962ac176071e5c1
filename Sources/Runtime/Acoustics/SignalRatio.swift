#if canImport(Glibc)
  internal import Glibc
#endif

/// Ratios of a wanted signal to what is not wanted, in dB, sample by sample.
public enum SignalRatio {
  /// Signal to noise, 10 lg(|s|² / |s - ŝ|²).
  ///
  /// - Throws: `AudioError.silent` or `.wrongCount`.
  public static func snr(_ reference: [Double], _ estimate: [Double]) throws(AudioError) -> Double {
    try check(reference, estimate, "SignalRatio.snr")
    let noise = zip(reference, estimate).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return decibels(energy(reference), noise)
  }

  /// Signal to distortion of a queried sound, 10 lg(max(mean s², 10⁻¹⁰) / max(mean (ŝ - s)², 10⁻¹⁰)).
  ///
  /// The floors make it finite for silence and for a perfect estimate. Both signals have as many samples.
  ///
  /// Source: Q. Kong and others, "Universal source separation with weakly labelled data", 2023, as bytedance/uss computes it.
  public static func sdr(_ reference: [Float], _ estimate: [Float]) -> Double {
    precondition(
      reference.count == estimate.count && !reference.isEmpty,
      "SignalRatio.sdr: \(reference.count) and \(estimate.count) samples must be as many, and some"
    )
    let count = Double(reference.count)
    let wanted = reference.reduce(0.0) { $0 + Double($1) * Double($1) } / count
    let wrong = zip(reference, estimate).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) } / count
    return 10 * log10(max(wanted, 1e-10) / max(wrong, 1e-10))
  }

  /// Scale-invariant signal to distortion: the reference is scaled so that the rest stands at a right angle to it.
  ///
  /// a = ⟨ŝ, s⟩ / |s|²; 10 lg(|a s|² / |ŝ - a s|²).
  ///
  /// - Throws: `AudioError.silent` or `.wrongCount`.
  ///
  /// Source: Le Roux, Wisdom, Erdogan and Hershey, "SDR: half-baked or well done?", 2019.
  public static func siSDR(_ reference: [Double], _ estimate: [Double]) throws(AudioError) -> Double {
    try check(reference, estimate, "SignalRatio.siSDR")
    let split = projected(reference, estimate)
    return decibels(split.scale * split.scale * energy(reference), energy(split.rest))
  }

  /// Scale-invariant signal to noise: `siSDR` of signals whose means are taken off.
  ///
  /// - Throws: `AudioError.silent` or `.wrongCount`.
  ///
  /// Source: Luo and Mesgarani, "Conv-TasNet", 2019, equation (15).
  public static func siSNR(_ reference: [Double], _ estimate: [Double]) throws(AudioError) -> Double {
    try check(reference, estimate, "SignalRatio.siSNR")
    return try siSDR(centred(reference), centred(estimate))
  }

  /// Gradient of `siSNR` by the estimate, `[samples]`, in dB for each unit of a sample.
  ///
  /// 20 / ln 10 (s / ⟨ŝ, s⟩ - e / |e|²), e = ŝ - a s, both signals without their means.
  ///
  /// - Throws: `AudioError.silent` or `.wrongCount`.
  public static func siSNRGradient(_ reference: [Double], _ estimate: [Double]) throws(AudioError) -> [Double] {
    try check(reference, estimate, "SignalRatio.siSNRGradient")
    let reference = centred(reference)
    let split = projected(reference, centred(estimate))
    let product = split.scale * energy(reference)
    let noise = energy(split.rest)
    return zip(reference, split.rest).map { 20 / M_LN10 * ($0 / product - $1 / noise) }
  }

  static func decibels(_ numerator: Double, _ denominator: Double) -> Double {
    denominator == 0 ? .infinity : 10 * log10(numerator / denominator)
  }

  static func energy(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }

  private static func projected(_ s: [Double], _ e: [Double]) -> (scale: Double, rest: [Double]) {
    let scale = zip(s, e).reduce(0) { $0 + $1.0 * $1.1 } / energy(s)
    return (scale, zip(s, e).map { $1 - scale * $0 })
  }

  private static func centred(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }

  private static func check(_ reference: [Double], _ estimate: [Double], _ name: String) throws(AudioError) {
    guard reference.count == estimate.count else {
      throw .wrongCount(function: name, argument: "estimate", expected: reference.count, got: estimate.count)
    }
    // A constant has no energy beside its mean.
    let isCentred = name.contains("SNR")
    let first = reference.first ?? 0
    guard reference.contains(where: { $0 != (isCentred ? first : 0) }) else { throw .silent(function: name, source: 0) }
  }
}
