public import Acoustics
internal import Tensors

/// Fresh mixtures of a target and something else at equal level.
public struct SceneTest: Sendable {
  /// Class of each target, a number in `SceneClasses.onScreen`.
  public let targets: [Int]
  /// Kind of sound that is added.
  public let others: [SceneSound]
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
    let classes = SceneClasses.onScreen
    var parts: (targets: [Int], others: [SceneSound], wanted: [[Float]], unwanted: [[Float]]) = ([], [], [], [])
    for target in classes.indices {
      for item in 0..<perClass {
        let other = offScreen ? SceneClasses.offScreen[item % 4] : classes[(target + 1 + item % 7) % 8]
        parts.targets.append(target)
        parts.others.append(other)
        parts.wanted.append(classes[target].event(random: &random))
        parts.unwanted.append(other.event(random: &random))
      }
    }
    (targets, others, wanted, unwanted) = parts
    mixtures = zip(parts.wanted, parts.unwanted).map { zip($0, $1).map { $0 + $1 } }
  }

  /// A class for each mixture that is not in it.
  public var wrongClasses: [Int] {
    targets.indices.map { item in
      (3..<8).map { (targets[item] + $0) % 8 }.first { SceneClasses.onScreen[$0] != others[item] } ?? targets[item]
    }
  }

  /// How estimates compare with what was wanted.
  ///
  /// - Parameter sounds: one estimate a mixture.
  /// - Returns: the score.
  /// - Throws: `QueriedSeparationError.wrongCount`, or `AudioError`.
  public func score(_ sounds: [QueriedSound]) throws -> SceneScore {
    try check(sounds)
    var score = SceneScore()
    for (item, sound) in sounds.enumerated() {
      let estimate = sound.samples.map(Double.init)
      let (target, other) = (wanted[item].map(Double.init), unwanted[item].map(Double.init))
      let right = try SignalRatio.snr(target, estimate)
      score.gains.append(right - (try SignalRatio.snr(target, mixtures[item].map(Double.init))))
      score.selected.append(right > (try SignalRatio.snr(other, estimate)))
      score.silent.append(Self.isSilent(sound.samples))
    }
    return score
  }

  /// Of several estimates of each mixture the one that is nearest to what was wanted.
  ///
  /// - Parameter sounds: lists of one estimate a mixture.
  /// - Returns: one estimate a mixture.
  /// - Throws: `QueriedSeparationError.wrongCount`, or `AudioError`.
  public func better(of sounds: [[QueriedSound]]) throws -> [QueriedSound] {
    let gains = try sounds.map { try score($0).gains }
    return mixtures.indices.compactMap { item in
      sounds.indices.max { gains[$0][item] < gains[$1][item] }.map { sounds[$0][item] }
    }
  }

  /// BSS-eval of estimates, by the released protocol: the estimate and what is left of the mixture, against target and rest.
  ///
  /// - Parameters:
  ///   - sounds: one estimate a mixture.
  ///   - filterLength: taps of the distortion filters.
  /// - Returns: scores of the estimates; nil where the estimate, or what is left, is silent.
  /// - Throws: `QueriedSeparationError.wrongCount`, `AudioError` or `SolverError`.
  public func distortions(_ sounds: [QueriedSound], filterLength: Int = 512) throws -> [BSSEval.Scores?] {
    try check(sounds)
    let measure = BSSEval(filterLength: filterLength)
    return try sounds.enumerated().map { item, sound in
      let left = zip(mixtures[item], sound.samples).map { $0 - $1 }
      guard ![sound.samples, left].contains(where: Self.isSilent) else { return nil }
      return try measure.orderedSources(
        references: [wanted[item], unwanted[item]].map { $0.map(Double.init) },
        estimates: [sound.samples, left].map { $0.map(Double.init) }
      )[0]
    }
  }

  /// By the bound of the released evaluation.
  private static func isSilent(_ samples: [Float]) -> Bool { samples.reduce(0) { $0 + abs($1) } <= 1e-5 }

  private func check(_ sounds: [QueriedSound]) throws(QueriedSeparationError) {
    guard sounds.count == mixtures.count else {
      throw .wrongCount(what: "estimates", mixtures: mixtures.count, got: sounds.count)
    }
  }
}

/// Scores of a kind of query on a test.
public struct SceneScore: Sendable, Equatable {
  /// Rise of the signal to distortion ratio over the mixture, in dB, one a mixture.
  public var gains: [Double] = []
  /// Whether the estimate is nearer to what was wanted than to the rest; a silent one is not.
  public var selected: [Bool] = []
  /// Whether the estimate is silent: a mask that keeps nothing.
  public var silent: [Bool] = []

  /// Mean gain, in dB.
  public var mean: Double { gains.reduce(0, +) / Double(max(gains.count, 1)) }
  /// Median gain, in dB.
  public var median: Double {
    let sorted = gains.sorted()
    guard !sorted.isEmpty else { return .nan }
    return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
  }
  /// The scores of some mixtures only.
  public func of(_ isMeant: (Int) -> Bool) -> SceneScore {
    let items = gains.indices.filter(isMeant)
    return SceneScore(
      gains: items.map { gains[$0] },
      selected: items.map { selected[$0] },
      silent: items.map { silent[$0] }
    )
  }

  /// Share of mixtures whose right source was selected.
  public var selectionRate: Double { Double(selected.count { $0 }) / Double(max(selected.count, 1)) }
  /// Share of silent estimates.
  public var silentShare: Double { Double(silent.count { $0 }) / Double(max(silent.count, 1)) }
}
