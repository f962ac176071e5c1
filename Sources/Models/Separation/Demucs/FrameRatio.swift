#if canImport(Glibc)
  internal import Glibc
#endif

/// The SDR of museval's version 4 for whole images: signal to noise over all channels, frame by frame.
///
/// 10 lg(Σ s² / Σ (s - ŝ)²). A frame in which any reference or estimate is silent counts for no source.
///
/// Source: F.-R. Stöter, A. Liutkus, N. Ito, 2018; equal to museval 0.4.1.
public enum FrameRatio {
  /// Ratios in dB, `[sources][frames]`; NaN where a frame does not count.
  ///
  /// - Parameters:
  ///   - references: `[sources][channels][samples]`.
  ///   - estimates: the same shape.
  ///   - window: samples of a frame; a second in the paper.
  /// - Returns: one ratio a source and whole frame.
  /// - Throws: `SeparationError.wrongCount` for other shapes, `.tooShort` for less than a frame.
  public static func frames(
    references: [[[Float]]],
    estimates: [[[Float]]],
    window: Int
  ) throws(SeparationError) -> [[Double]] {
    guard references.count == estimates.count else {
      throw .wrongCount(what: "estimates", expected: references.count, got: estimates.count)
    }
    let count = references.first?.first?.count ?? 0
    for signal in references.joined() where signal.count != count {
      throw .wrongCount(what: "samples of a reference", expected: count, got: signal.count)
    }
    for signal in estimates.joined() where signal.count != count {
      throw .wrongCount(what: "samples of an estimate", expected: count, got: signal.count)
    }
    guard count >= window, window > 0 else { throw .tooShort(samples: count, needed: window) }
    let ranges = (0..<count / window).map { $0 * window..<($0 + 1) * window }
    return references.indices.map { source in
      ranges.map { range in
        let isSilent = (references + estimates).contains { $0.allSatisfy { $0[range].allSatisfy { $0 == 0 } } }
        return isSilent ? .nan : ratio(references[source], estimates[source], range)
      }
    }
  }

  /// The median of the frames that count.
  ///
  /// - Parameter frames: ratios in dB.
  /// - Returns: their median.
  /// - Throws: `SeparationError.wrongCount` where no frame counts.
  public static func median(_ frames: [Double]) throws(SeparationError) -> Double {
    let sorted = frames.filter { !$0.isNaN }.sorted()
    guard !sorted.isEmpty else { throw .wrongCount(what: "frames with sound in all sources", expected: 1, got: 0) }
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }

  private static func ratio(_ reference: [[Float]], _ estimate: [[Float]], _ range: Range<Int>) -> Double {
    var (signal, noise) = (0.0, 0.0)
    for (s, e) in zip(reference, estimate) {
      for index in range {
        let difference = Double(s[index]) - Double(e[index])
        signal += Double(s[index]) * Double(s[index])
        noise += difference * difference
      }
    }
    return noise == 0 ? .infinity : 10 * log10(signal / noise)
  }
}
