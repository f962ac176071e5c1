internal import Glibc
internal import Tensors

/// Fresh mixtures of a target and something else at equal level.
public struct SceneTest: Sendable {
  /// Class of each target.
  public let targets: [Int]
  /// Class of what is added, as `SoundEvent` numbers it.
  public let others: [Int]
  /// The sounds asked for.
  public let wanted: [[Float]]
  /// The sounds added.
  public let unwanted: [[Float]]
  /// Their sums.
  public let mixtures: [[Float]]

  /// Makes mixtures.
  ///
  /// - Parameters:
  ///   - perClass: mixtures for each of the eight classes.
  ///   - offScreen: whether a noise class is added; another target class where not.
  ///   - seed: of all draws.
  public init(perClass: Int, offScreen: Bool, seed: UInt64) {
    var random = RandomStream(seed: seed, stream: offScreen ? 5 : 4)
    var parts: (targets: [Int], others: [Int], wanted: [[Float]], unwanted: [[Float]]) = ([], [], [], [])
    for target in 0..<8 {
      for item in 0..<perClass {
        let other = offScreen ? 8 + item % 4 : (target + 1 + item % 7) % 8
        parts.targets.append(target)
        parts.others.append(other)
        parts.wanted.append(SoundEvent.allCases[target].samples(8000, &random))
        parts.unwanted.append(SoundEvent.allCases[other].samples(8000, &random))
      }
    }
    (targets, others, wanted, unwanted) = parts
    mixtures = zip(parts.wanted, parts.unwanted).map { zip($0, $1).map { $0 + $1 } }
  }

  /// A class for each mixture that is neither in it nor asked for.
  public var wrongClasses: [Int] {
    targets.indices.map { item in
      (3..<8).map { (targets[item] + $0) % 8 }.first { $0 != others[item] } ?? targets[item]
    }
  }

  /// How estimates compare with what was wanted.
  ///
  /// - Parameter sounds: one estimate a mixture.
  /// - Returns: the score.
  /// - Throws: `QueriedSeparationError.wrongCount`.
  public func score(_ sounds: [QueriedSound]) throws(QueriedSeparationError) -> SceneScore {
    guard sounds.count == mixtures.count else {
      throw .wrongCount(what: "estimates", expected: mixtures.count, got: sounds.count)
    }
    var score = SceneScore()
    for (item, sound) in sounds.enumerated() {
      let right = Self.ratio(wanted[item], sound.samples)
      score.gains.append(right - Self.ratio(wanted[item], mixtures[item]))
      score.selected.append(right > Self.ratio(unwanted[item], sound.samples))
    }
    return score
  }

  /// 10 lg(|s|² / |s - ŝ|²), in dB.
  private static func ratio(_ reference: [Float], _ estimate: [Float]) -> Double {
    let power = reference.reduce(0) { $0 + Double($1) * Double($1) }
    let rest = zip(reference, estimate).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    return 10 * log10(power / max(rest, 1e-20))
  }
}

/// Scores of a kind of query on a test.
public struct SceneScore: Sendable, Equatable {
  /// Rise of the signal to distortion ratio over the mixture, in dB, one a mixture.
  public var gains: [Double] = []
  /// Whether the estimate is nearer to what was wanted than to the rest.
  public var selected: [Bool] = []

  /// Mean gain, in dB.
  public var mean: Double { gains.reduce(0, +) / Double(max(gains.count, 1)) }
  /// Median gain, in dB.
  public var median: Double {
    let sorted = gains.sorted()
    guard !sorted.isEmpty else { return .nan }
    return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
  }
  /// Share of mixtures whose right source was selected.
  public var selectionRate: Double { Double(selected.count { $0 }) / Double(max(selected.count, 1)) }
}
