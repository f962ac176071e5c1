#if canImport(Glibc)
  internal import Glibc
#endif
public import Tensors

/// Mixtures of voices: who speaks, what, and how loud are drawn anew for each.
public struct SpeechMixer: Sendable {
  /// A mixture and what it is made of.
  public struct Item: Sendable, Equatable {
    /// The sum, `[samples]`.
    public var mixture: [Float]
    /// What was added, `[sources][samples]`.
    public var sources: [[Float]]
    /// Number of the voice of each source.
    public var voices: [Int]
  }

  /// Recordings without silence, each of RMS 0.1, `[voices][recordings][samples]`.
  public let voices: [[[Float]]]
  /// Voices in a mixture.
  public let sources: Int
  /// Half the width of the range that level differences are drawn from, in dB.
  public var spread = 2.5

  /// Prepares recordings: silence at the ends is cut, files of less than 0.8 s are left out, each is brought to RMS 0.1.
  ///
  /// - Parameters:
  ///   - voices: recordings of each voice, `[voices][recordings][samples]`.
  ///   - sampleRate: samples a second, in Hz.
  ///   - sources: voices in a mixture.
  /// - Throws: `SeparationError.tooLittleSpeech` for a voice with less than a second left, `.wrongCount` for too few voices.
  public init(voices: [[[Float]]], sampleRate: Double = 8000, sources: Int = 2) throws(SeparationError) {
    guard voices.count >= sources else {
      throw .wrongCount(what: "voices", expected: sources, got: voices.count)
    }
    let margin = Int(0.05 * sampleRate)
    self.sources = sources
    self.voices = voices.map { recordings in
      recordings.compactMap { samples in
        let trimmed = Self.trimmed(samples, margin: margin)
        guard Double(trimmed.count) >= 0.8 * sampleRate else { return nil }
        let factor = 0.1 / Self.rootMeanSquare(trimmed[...])
        return trimmed.map { $0 * factor }
      }
    }
    for (index, recordings) in self.voices.enumerated() {
      let seconds = Double(recordings.reduce(0) { $0 + $1.count }) / sampleRate
      guard seconds >= 1 else { throw .tooLittleSpeech(voice: index, seconds: seconds, needed: 1) }
    }
  }

  /// Draws a mixture.
  ///
  /// Each source is a crop whose RMS is above 0.03, brought to unit RMS; levels differ by up to `spread` dB to both sides; all is
  /// scaled by 0.1. A recording shorter than the crop is followed by another one of the same voice.
  ///
  /// - Parameters:
  ///   - samples: length.
  ///   - random: supplies the choices.
  /// - Returns: the mixture with its sources.
  public func item(samples: Int, _ random: inout RandomStream) -> Item {
    let chosen = Array(random.permutation(voices.count).prefix(sources))
    let level = (2 * random.uniform() - 1) * spread
    let parts = chosen.enumerated().map { index, voice -> [Float] in
      let crop = self.crop(voice, samples, &random)
      // Half of the difference goes up in one voice and half goes down in the others.
      let gain = pow(10, (index == 0 ? level : -level) / 40)
      let factor = Float(0.1 * gain) / Self.rootMeanSquare(crop[...])
      return crop.map { $0 * factor }
    }
    return Item(mixture: Self.sum(parts), sources: parts, voices: chosen)
  }

  /// Draws a fixed set of mixtures, such as one to test with.
  public func items(_ count: Int, samples: Int, seed: UInt64) -> [Item] {
    var random = RandomStream(seed: seed)
    return (0..<count).map { _ in item(samples: samples, &random) }
  }

  /// Draws a batch.
  ///
  /// - Parameters:
  ///   - count: number of mixtures.
  ///   - samples: length of each.
  ///   - random: supplies the choices.
  /// - Returns: `[count, 1, samples]` and `[count, sources, 1, samples]`.
  public func batch(_ count: Int, samples: Int, _ random: inout RandomStream) -> (
    mixture: Tensor<Float>, sources: Tensor<Float>
  ) {
    let items = (0..<count).map { _ in item(samples: samples, &random) }
    return (
      Tensor(items.flatMap(\.mixture), shape: [count, 1, samples]),
      Tensor(items.flatMap { $0.sources.flatMap { $0 } }, shape: [count, sources, 1, samples])
    )
  }

  private func crop(_ voice: Int, _ samples: Int, _ random: inout RandomStream) -> [Float] {
    var best: [Float] = []
    var loudest: Float = -1
    // Speech is rarely silent for long: a few attempts find a crop with sound in it.
    for _ in 0..<20 {
      var joined: [Float] = []
      while joined.count < samples { joined += voices[voice][random.integer(in: 0..<voices[voice].count)] }
      let start = random.integer(in: 0..<joined.count - samples + 1)
      let crop = Array(joined[start..<start + samples])
      let level = Self.rootMeanSquare(crop[...])
      if level > loudest { (best, loudest) = (crop, level) }
      if level > 0.03 { break }
    }
    return best
  }

  private static func trimmed(_ samples: [Float], margin: Int) -> [Float] {
    guard let first = samples.firstIndex(where: { abs($0) > 0.005 }),
      let last = samples.lastIndex(where: { abs($0) > 0.005 })
    else { return [] }
    return Array(samples[max(0, first - margin)..<min(samples.count, last + margin + 1)])
  }

  private static func rootMeanSquare(_ samples: ArraySlice<Float>) -> Float {
    let sum = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
    return Float((sum / Double(max(1, samples.count))).squareRoot().nextUp) + 1e-12
  }

  private static func sum(_ parts: [[Float]]) -> [Float] {
    parts[0].indices.map { index in parts.reduce(0) { $0 + $1[index] } }
  }
}
