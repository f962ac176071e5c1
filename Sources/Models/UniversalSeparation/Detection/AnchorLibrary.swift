public import Tensors

/// Anchor segments of clips: for each clip and each of its classes the stretch that is taken for the class.
public struct AnchorLibrary: Sendable {
  /// How the stretch is found.
  public enum Choice: Sendable, Equatable, CaseIterable {
    /// Under the largest area of the class's probability.
    case mined
    /// At random from the beginning of the clip, as the paper's released code draws it.
    case opening
    /// At random from anywhere in the clip.
    case anywhere
  }

  /// Samples of the segments, `[count, samples]`.
  public let sounds: Tensor<Float>
  /// What the tagger hears in the segments, `[count, classes]`.
  public let conditions: Tensor<Float>
  /// The class for which a segment was taken.
  public let labels: [Int]
  /// The clip that a segment comes from.
  public let clips: [Int]
  /// Where in the clip it stands.
  public let ranges: [Range<Int>]

  /// Takes segments of a second from clips of one length.
  ///
  /// - Parameters:
  ///   - clips: at 8 kHz.
  ///   - tagger: hears where a class sounds, and what a segment holds.
  ///   - choice: how segments are found.
  ///   - random: draws segments that are not mined.
  /// - Throws: `UniversalSeparationError` for clips that cannot be used, or `SignalError`.
  public init(_ clips: [WeakClip], tagger: SoundTagger, choice: Choice, random: inout RandomStream) throws {
    let mining = try AnchorMining(frames: Int(SoundTagger.sampleRate) / SoundTagger.frameHop, hop: SoundTagger.frameHop)
    let (rate, length) = (SoundTagger.sampleRate, mining.segmentLength)
    try WeakClip.check(clips, rate: rate, anchor: length, classes: tagger.classCount)
    let heard = choice == .mined ? try tagger.frameProbabilities(clips.map(\.samples)) : []
    var (labels, origins, ranges, sounds): ([Int], [Int], [Range<Int>], [[Float]]) = ([], [], [], [])
    for (index, clip) in clips.enumerated() {
      let frames = clip.samples.count / SoundTagger.frameHop
      for label in clip.labels {
        let range =
          switch choice {
          case .mined: try mining.segment(heard[index][label])
          case .opening: try mining.randomSegment(frames: frames, random: &random)
          case .anywhere: try mining.anySegment(frames: frames, random: &random)
          }
        labels.append(label)
        origins.append(index)
        ranges.append(range)
        sounds.append(Array(clip.samples[range]))
      }
    }
    (self.labels, self.clips, self.ranges) = (labels, origins, ranges)
    conditions = try tagger.clipProbabilities(sounds)
    self.sounds = Tensor(sounds.flatMap { $0 }, shape: [sounds.count, length])
  }

  /// Number of segments.
  public var count: Int { labels.count }

  /// Conditions that name the class of each segment and nothing else, `[count, classes]`.
  public var oneHot: Tensor<Float> { .oneHot(Tensor<Int>(labels), classes: conditions.shape[1]) }
}
