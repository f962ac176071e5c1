public import Acoustics
public import Tensors

/// Two sounds of different kinds at the same level, of which a caption asks for one.
public struct ScenePair: Sendable {
  /// The kind that is asked for.
  public let kind: SceneSound
  /// The other kind.
  public let otherKind: SceneSound
  /// What is asked for.
  public let caption: String
  /// The sound that is asked for, at 8 kHz.
  public let target: [Float]
  /// The other sound.
  public let other: [Float]

  /// Their sum.
  public var mixture: [Float] { zip(target, other).map(+) }

  /// Draws a pair of one second.
  ///
  /// - Parameters:
  ///   - usesHeldOut: whether the caption joins words that training never joins.
  ///   - random: draws kinds, sounds and words.
  public init(usesHeldOut: Bool = false, random: inout RandomStream) {
    let kinds = SceneSound.allCases
    let first = random.integer(in: 0..<kinds.count)
    let second = (first + 1 + random.integer(in: 0..<kinds.count - 1)) % kinds.count
    (kind, otherKind) = (kinds[first], kinds[second])
    target = kind.event(random: &random)
    other = otherKind.event(random: &random)
    caption = SceneCaption.draw(kind, usesHeldOut: usesHeldOut, random: &random)
  }

  /// As many pairs as asked for.
  public static func draw(_ count: Int, usesHeldOut: Bool = false, random: inout RandomStream) -> [ScenePair] {
    var pairs: [ScenePair] = []
    for _ in 0..<count { pairs.append(ScenePair(usesHeldOut: usesHeldOut, random: &random)) }
    return pairs
  }
}
