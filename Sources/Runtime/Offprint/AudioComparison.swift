/// Clips to be compared by ear: a table with a row for each item and a column for each system, all equally loud.
///
/// ```swift
/// AudioComparison(
///   items: ["speaker A", "speaker B"], systems: ["mixture", "reference", "estimate"],
///   clips: [[mixture, first, firstFound], [mixture, second, secondFound]])
/// ```
public struct AudioComparison: Displayable, Sendable {
  private let items: [String]
  private let systems: [String]
  private let clips: [[Audio]]
  private let loudness: Double

  /// Brings clips beside each other.
  ///
  /// - Parameters:
  ///   - items: names of the rows.
  ///   - systems: names of the columns.
  ///   - clips: for each item one clip of each system, in their order; each at least 0.4 s long.
  ///   - loudness: wanted integrated loudness in LUFS; it is lowered for all clips where one of them would leave -1…1.
  public init(items: [String], systems: [String], clips: [[Audio]], loudness: Double = -23) {
    self.items = items
    self.systems = systems
    self.clips = clips
    self.loudness = loudness
  }

  /// The players, each named "item / system".
  ///
  /// - Throws: `AudioError.wrongCount` where clips are missing or too many, `.outOfRange` for a clip shorter than 0.4 s, and
  ///   what showing one clip throws. Silent clips stay silent.
  public func output() throws -> Output {
    guard clips.count == items.count else {
      throw AudioError.wrongCount(
        function: "AudioComparison",
        argument: "clips",
        expected: items.count,
        got: clips.count
      )
    }
    for (item, row) in zip(items, clips) where row.count != systems.count {
      throw AudioError.wrongCount(
        function: "AudioComparison",
        argument: "clips of '\(item)'",
        expected: systems.count,
        got: row.count
      )
    }
    let levels = try clips.map { try $0.map { try $0.loudness() } }
    let common = attainable(levels)
    var outputs: [Output] = []
    for (row, item) in items.enumerated() {
      for (column, system) in systems.enumerated() {
        let level = levels[row][column]
        let clip = clips[row][column].titled("\(item) / \(system)")
        let heard = level.isFinite ? try clip.normalized(loudness: common) : clip
        guard case .audio(var audio) = try heard.output() else { continue }
        audio.loudness = level.isFinite ? common : nil
        outputs.append(.audio(audio))
      }
    }
    return .group(outputs)
  }

  /// The highest loudness, at most the wanted one, at which no sample of any clip leaves -1…1.
  private func attainable(_ levels: [[Double]]) -> Double {
    zip(clips.joined(), levels.joined()).reduce(loudness) { common, clip in
      guard clip.1.isFinite, clip.0.peak > 0 else { return common }
      return min(common, clip.1 - Decibels.ofAmplitude([Double(clip.0.peak)])[0])
    }
  }
}
