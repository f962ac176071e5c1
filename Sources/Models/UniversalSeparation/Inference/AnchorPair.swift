public import Acoustics
internal import Layers
public import Tensors

/// Two sounds of different classes at the same level that no training has met; the first is to be found by a query.
public struct AnchorPair: Sendable {
  /// What is wanted.
  public let kind: SceneSound
  /// What it is mixed with.
  public let otherKind: SceneSound
  /// The wanted sound, a second at 8 kHz.
  public let target: [Float]
  /// The other one.
  public let other: [Float]

  /// Their sum.
  public var mixture: [Float] { zip(target, other).map(+) }

  /// Draws a pair for a kind.
  public init(_ kind: SceneSound, random: inout RandomStream) {
    let count = SceneSound.allCases.count
    self.kind = kind
    otherKind = SceneSound.allCases[(kind.rawValue + 1 + random.integer(in: 0..<count - 1)) % count]
    target = kind.event(random: &random)
    other = otherKind.event(random: &random)
  }

  /// As many pairs for each kind as asked for.
  public static func draw(perKind count: Int, random: inout RandomStream) -> [AnchorPair] {
    var pairs: [AnchorPair] = []
    for kind in SceneSound.allCases {
      for _ in 0..<count { pairs.append(AnchorPair(kind, random: &random)) }
    }
    return pairs
  }
}

/// What came out for a pair.
public struct AnchorPairResult: Sendable {
  /// The kind that was asked for.
  public let kind: SceneSound
  /// The sound that came out.
  public let estimate: [Float]
  /// Signal to distortion of the estimate, in dB.
  public let ratio: Double
  /// What of it the separation gained over the mixture, in dB.
  public let gain: Double
  /// Whether the estimate is nearer to what was asked for than to the other sound.
  public let isSelected: Bool
}

extension ConditionalUNet {
  /// Separates pairs, each by its own condition.
  ///
  /// - Parameters:
  ///   - pairs: to be separated.
  ///   - conditions: `[pairs, conditionSize]`.
  /// - Returns: one result a pair.
  /// - Throws: `UniversalSeparationError`, or `SignalError`.
  public func results(_ pairs: [AnchorPair], conditions: Tensor<Float>) throws -> [AnchorPairResult] {
    var copy = self
    var results: [AnchorPairResult] = []
    for start in stride(from: 0, to: pairs.count, by: 12) {
      let part = start..<min(start + 12, pairs.count)
      let mixtures = Tensor<Float>(rows: pairs[part].map(\.mixture))
      let estimates = try copy(mixtures, conditions: conditions.sliced(part), mode: .evaluation)
      for (index, pair) in pairs[part].enumerated() {
        let estimate = estimates.selected(index).values
        let ratio = SignalRatio.sdr(pair.target, estimate)
        results.append(
          AnchorPairResult(
            kind: pair.kind,
            estimate: estimate,
            ratio: ratio,
            gain: ratio - SignalRatio.sdr(pair.target, pair.mixture),
            isSelected: ratio > SignalRatio.sdr(pair.other, estimate)
          )
        )
      }
    }
    return results
  }
}
