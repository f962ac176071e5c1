public import Acoustics
internal import Glibc
public import Tensors

/// A recording of which only the classes are known that sound somewhere in it.
public struct WeakClip: Sendable {
  /// One sound of a made clip and where it is: known to the maker, never shown to a learner.
  public struct Event: Sendable, Equatable {
    /// What sounds.
    public var kind: SceneSound
    /// Samples in which it sounds.
    public var range: Range<Int>
  }

  /// Samples of the clip.
  public var samples: [Float]
  /// Samples a second, in Hz.
  public var sampleRate: Double
  /// Numbers of the classes that sound somewhere.
  public var labels: [Int]
  /// What sounds where; empty for recordings, of which nobody knows.
  public var events: [Event]

  /// Takes a recording with its labels.
  public init(samples: [Float], sampleRate: Double, labels: [Int]) {
    (self.samples, self.sampleRate, self.labels, events) = (samples, sampleRate, labels, [])
  }

  /// Draws a clip: faint noise (RMS 0.003), and one or two kinds of sound (two in 60 % of clips).
  ///
  /// Each kind sounds once, for 1.2 to 2 s, at a level between -4 and 4 dB about RMS 0.1.
  ///
  /// - Parameters:
  ///   - seconds: length of the clip.
  ///   - random: draws kinds, places, levels and sounds.
  public init(drawing seconds: Double = 4, random: inout RandomStream) {
    sampleRate = 8000
    let count = Int(seconds * sampleRate)
    samples = random.normal([count], deviation: 0.003).values
    events = []
    let kinds = random.permutation(SceneSound.allCases.count).prefix(random.uniform() < 0.6 ? 2 : 1)
    for index in kinds {
      let kind = SceneSound.allCases[index]
      let length = min(count, Int((1.2 + 0.8 * random.uniform()) * sampleRate))
      let start = random.integer(in: 0..<count - length + 1)
      let gain = Float(pow(10, (8 * random.uniform() - 4) / 20))
      for (place, value) in kind.event(count: length, random: &random).enumerated() {
        samples[start + place] += gain * value
      }
      events.append(Event(kind: kind, range: start..<start + length))
    }
    labels = events.map(\.kind.rawValue).sorted()
  }

  /// Draws a clip from recordings, each of which is a class: one or two of them (two in 60 % of clips) over faint noise.
  ///
  /// Each sounds once, for 1.2 to 2 s where the recording is long enough, at a level between -3 and 3 dB about RMS 0.1.
  ///
  /// - Parameters:
  ///   - recordings: at 8 kHz, one or more samples each.
  ///   - seconds: length of the clip.
  ///   - random: draws recordings, stretches, places and levels.
  public init(from recordings: [[Float]], seconds: Double = 4, random: inout RandomStream) {
    sampleRate = 8000
    events = []
    let count = Int(seconds * sampleRate)
    samples = random.normal([count], deviation: 0.003).values
    labels = random.permutation(recordings.count).prefix(random.uniform() < 0.6 ? 2 : 1).sorted()
    for label in labels {
      let wanted = min(count, Int((1.2 + 0.8 * random.uniform()) * sampleRate))
      let crop = Self.crop(recordings[label], length: wanted, random: &random)
      let start = random.integer(in: 0..<count - crop.count + 1)
      let gain = Float(pow(10, (6 * random.uniform() - 3) / 20))
      for (place, value) in crop.enumerated() { samples[start + place] += gain * value }
    }
  }

  /// A stretch of a recording from a random place, at RMS 0.1; the whole of it where it is shorter.
  public static func crop(_ recording: [Float], length: Int, random: inout RandomStream) -> [Float] {
    let length = min(length, recording.count)
    let start = random.integer(in: 0..<recording.count - length + 1)
    let part = recording[start..<start + length]
    let power = part.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, length))
    let factor = Float(0.1 / max(power.squareRoot(), 1e-4))
    return part.map { $0 * factor }
  }

  /// As many clips as asked for.
  public static func draw(_ count: Int, random: inout RandomStream) -> [WeakClip] {
    var clips: [WeakClip] = []
    for _ in 0..<count { clips.append(WeakClip(random: &random)) }
    return clips
  }

  /// The share of a range of samples in which a class sounds, by what the maker knows.
  public func activeShare(_ range: Range<Int>, of label: Int) -> Double {
    let active = events.filter { $0.kind.rawValue == label }.map { $0.range.clamped(to: range).count }
    return Double(active.reduce(0, +)) / Double(max(1, range.count))
  }

  /// Throws unless a learner can use clips.
  ///
  /// - Parameters:
  ///   - clips: that are to be learned from.
  ///   - rate: samples a second that the learner takes, in Hz.
  ///   - anchor: samples of an anchor segment.
  ///   - classes: number of classes.
  /// - Throws: `.noLabels`, `.unknownClass`, `.wrongRate`, `.tooShort` or `.notFinite`.
  public static func check(
    _ clips: [WeakClip],
    rate: Double,
    anchor: Int,
    classes: Int
  ) throws(UniversalSeparationError) {
    for (index, clip) in clips.enumerated() {
      guard !clip.labels.isEmpty else { throw .noLabels(clip: index) }
      for label in clip.labels { try UniversalSeparationError.checkClass(label, classes) }
      guard clip.sampleRate == rate else { throw .wrongRate(expected: rate, got: clip.sampleRate) }
      guard clip.samples.count >= anchor else {
        throw .tooShort(what: "clip \(index)", samples: clip.samples.count, needed: anchor)
      }
      try UniversalSeparationError.checkFinite(clip.samples, "clip \(index)")
    }
  }
}
