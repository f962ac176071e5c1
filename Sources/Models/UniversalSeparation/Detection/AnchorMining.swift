public import Tensors

/// Where in a clip a class is most likely active: the stretch under the largest area of its probability.
///
/// Source: Q. Kong and others, 2023, section on anchor segments; rounding and ends as in bytedance/uss.
public struct AnchorMining: Sendable, Equatable {
  /// Frames of a segment and one, so that it has a middle.
  public let window: Int
  /// Samples between frames.
  public let hop: Int

  /// Describes segments.
  ///
  /// - Parameters:
  ///   - frames: frames of a segment.
  ///   - hop: samples between frames.
  /// - Throws: `.size`.
  public init(frames: Int, hop: Int) throws(UniversalSeparationError) {
    guard frames > 0, hop > 0 else {
      throw .size(what: "frames of a segment and samples between frames", expected: "positive", got: min(frames, hop))
    }
    (window, self.hop) = (frames + 1, hop)
  }

  /// Samples of a segment.
  public var segmentLength: Int { window / 2 * 2 * hop }

  /// The mean probability of the window around each frame; beyond the ends the end values go on.
  ///
  /// - Parameter probabilities: of one class, `[frames]`.
  /// - Returns: `[frames]`.
  public func scores(_ probabilities: [Float]) -> [Float] {
    guard let first = probabilities.first, let last = probabilities.last else { return [] }
    let half = window / 2
    let padded = [Float](repeating: first, count: half) + probabilities + [Float](repeating: last, count: half)
    var sum = padded.prefix(window).reduce(0.0) { $0 + Double($1) }
    return probabilities.indices.map { frame in
      if frame > 0 { sum += Double(padded[frame + 2 * half]) - Double(padded[frame - 1]) }
      return Float(sum / Double(window))
    }
  }

  /// The segment of a clip with the largest score, moved inside the clip.
  ///
  /// - Parameter probabilities: of one class, `[frames]`; no fewer frames than a segment has.
  /// - Returns: samples from the beginning of the clip.
  /// - Throws: `.tooShort`.
  public func segment(_ probabilities: [Float]) throws(UniversalSeparationError) -> Range<Int> {
    let scores = scores(probabilities)
    var best = 0
    for index in scores.indices where scores[index] > scores[best] { best = index }
    return try segment(around: best, of: probabilities.count)
  }

  /// A segment that does not look at the sound, as the paper's released code draws it: from the beginning of the clip.
  ///
  /// The middle is drawn from as many frames as a segment has and then moved inside the clip, so that segments begin in the
  /// first half second of a segment of one second, wherever the sound is.
  ///
  /// - Parameters:
  ///   - frames: frames of the clip.
  ///   - random: draws the middle.
  /// - Returns: samples from the beginning of the clip.
  /// - Throws: `.tooShort`.
  public func randomSegment(frames: Int, random: inout RandomStream) throws(UniversalSeparationError) -> Range<Int> {
    try segment(around: random.integer(in: 0..<window), of: frames)
  }

  /// A segment from anywhere in the clip, each place as likely.
  ///
  /// - Parameters:
  ///   - frames: frames of the clip.
  ///   - random: draws the middle.
  /// - Returns: samples from the beginning of the clip.
  /// - Throws: `.tooShort`.
  public func anySegment(frames: Int, random: inout RandomStream) throws(UniversalSeparationError) -> Range<Int> {
    let half = window / 2
    return try segment(around: half + random.integer(in: 0..<max(1, frames - 2 * half + 1)), of: frames)
  }

  private func segment(around frame: Int, of frames: Int) throws(UniversalSeparationError) -> Range<Int> {
    let half = window / 2
    guard frames >= 2 * half else {
      throw .tooShort(what: "the clip", samples: frames * hop, needed: segmentLength)
    }
    let middle = min(max(frame, half), frames - half)
    return (middle - half) * hop..<(middle + half) * hop
  }
}
