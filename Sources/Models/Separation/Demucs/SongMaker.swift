#if canImport(Glibc)
  internal import Glibc
#endif
internal import Tensors

/// Songs of four stems, composed and played by rule: drums, bass, other and lead.
///
/// Eight bars in four-four time: a chord progression in a key, one of five drum patterns, and three styles of playing each
/// for bass and chords; the lead walks at random over the scale with vibrato and the formants of a vowel. Drums and bass
/// are played with recorded sounds where those are given.
public struct SongMaker: Sendable {
  /// Names of the stems in order.
  public static let stems = ["drums", "bass", "other", "lead"]

  /// Recorded single sounds for a stem's parts, at the maker's rate.
  public struct Recordings: Sendable, Equatable {
    /// Bass drums, snares, and closed cymbals or the like.
    public var kicks, snares, hats: [[Float]]
    /// Bass notes at the pitch of C.
    public var basses: [[Float]]

    /// Gathers sounds; made ones stand in for empty lists.
    public init(kicks: [[Float]] = [], snares: [[Float]] = [], hats: [[Float]] = [], basses: [[Float]] = []) {
      (self.kicks, self.snares, self.hats, self.basses) = (kicks, snares, hats, basses)
    }
  }

  /// Samples a second, in Hz.
  public let sampleRate: Double
  /// Recorded sounds.
  public let recordings: Recordings

  /// Makes a maker.
  public init(sampleRate: Double = 8000, recordings: Recordings = Recordings()) {
    (self.sampleRate, self.recordings) = (sampleRate, recordings)
  }

  /// Composes and plays a song.
  ///
  /// - Parameter seed: which song.
  /// - Returns: stems, `[sources][samples]`, each of RMS 0.08 within 3 dB.
  public func song(seed: UInt64) -> [[Float]] {
    var random = RandomStream(seed: seed)
    let score = SongScore(&random)
    let sixteenth = 60 / score.tempo / 4
    let count = Int(Double(score.sixteenths) * sixteenth * sampleRate)
    let stems = [
      drums(score, sixteenth, count, &random), bass(score, sixteenth, count, &random),
      chords(score, sixteenth, count, &random), lead(score, sixteenth, count, &random),
    ]
    return stems.map { stem in
      let level = (stem.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(count)).squareRoot()
      let wanted = 0.08 * pow(10, (2 * random.uniform() - 1) * 3 / 20)
      return stem.map { $0 * Float(wanted / max(level, 1e-9)) }
    }
  }

  private func drums(_ score: SongScore, _ step: Double, _ count: Int, _ random: inout RandomStream) -> [Float] {
    let kick = Self.choice(recordings.kicks, &random) ?? hit(0.25, from: 130, to: 45, noise: 0.02, &random)
    let snare = Self.choice(recordings.snares, &random) ?? hit(0.18, from: 220, to: 160, noise: 0.8, &random)
    let hat = Self.choice(recordings.hats, &random) ?? hit(0.06, from: 3200, to: 3200, noise: 1, &random)
    var stem = [Float](repeating: 0, count: count)
    for place in 0..<score.sixteenths {
      for (sound, pattern) in zip([kick, snare, hat], score.drumPattern)
      where pattern.contains(place % 16) && random.uniform() > 0.05 {
        let loudness = Float(0.55 + 0.35 * random.uniform()) * (sound == hat ? 0.5 : 1)
        Self.mix(sound, loudness, into: &stem, at: Int(Double(place) * step * sampleRate))
      }
    }
    return stem
  }

  private func bass(_ score: SongScore, _ step: Double, _ count: Int, _ random: inout RandomStream) -> [Float] {
    let recorded = Self.choice(recordings.basses, &random)
    let timbre = Timbre(slope: 1.3 + random.uniform(), decay: 2 + 3 * random.uniform(), &random)
    var stem = [Float](repeating: 0, count: count)
    for note in score.bassNotes() {
      let seconds = Double(note.length) * step * 0.95
      let sound =
        recorded.map { pitched($0, by: Double(note.pitch - 36), seconds) }
        ?? played(note.pitch, seconds, timbre, vibrato: 0)
      Self.mix(sound, 0.9, into: &stem, at: Int(Double(note.start) * step * sampleRate))
    }
    return stem
  }

  private func chords(_ score: SongScore, _ step: Double, _ count: Int, _ random: inout RandomStream) -> [Float] {
    let timbre = Timbre(slope: 0.8 + random.uniform(), decay: 4 * random.uniform(), &random)
    var stem = [Float](repeating: 0, count: count)
    for note in score.chordNotes() {
      let sound = played(note.pitch, Double(note.length) * step, timbre, vibrato: 0)
      Self.mix(sound, Float(0.6 + 0.3 * random.uniform()), into: &stem, at: Int(Double(note.start) * step * sampleRate))
    }
    return stem
  }

  private func lead(_ score: SongScore, _ step: Double, _ count: Int, _ random: inout RandomStream) -> [Float] {
    var timbre = Timbre(slope: 1, decay: 0.3, &random)
    timbre.attack = 0.05
    timbre.formants = Self.vowels[random.integer(in: 0..<Self.vowels.count)]
    var stem = [Float](repeating: 0, count: count)
    for note in score.leadNotes(&random) {
      let sound = played(note.pitch, Double(note.length) * step * 0.95, timbre, vibrato: 0.012)
      Self.mix(sound, 0.8, into: &stem, at: Int(Double(note.start) * step * sampleRate))
    }
    return stem
  }

  private static let vowels: [[Double]] = [[730, 1090], [530, 1840], [300, 870], [570, 840]]

  /// A note of harmonics that fall off and decay.
  private func played(_ pitch: Int, _ seconds: Double, _ timbre: Timbre, vibrato: Double) -> [Float] {
    let frequency = 440 * pow(2, Double(pitch - 69) / 12)
    let count = max(1, Int(seconds * sampleRate))
    let harmonics = min(12, max(1, Int(0.45 * sampleRate / frequency)))
    let weights = (1...harmonics).map { timbre.weight(harmonic: $0, frequency: frequency) }
    var phase = 0.0
    return (0..<count).map { index in
      let time = Double(index) / sampleRate
      phase += frequency * (1 + vibrato * sin(2 * .pi * 5.5 * time)) / sampleRate
      // Harmonics by the addition theorem: one sine and cosine a sample.
      let (s, c) = (sin(2 * .pi * phase), cos(2 * .pi * phase))
      var (before, now, sum) = (0.0, s, 0.0)
      for weight in weights {
        sum += weight * now
        (before, now) = (now, 2 * c * now - before)
      }
      let rise = min(1, time / timbre.attack)
      let fall = min(1, Double(count - index) / (0.01 * sampleRate))
      return Float(sum * rise * fall * exp(-timbre.decay * time))
    }
  }

  /// A drum: a gliding sine and noise that die away.
  private func hit(_ seconds: Double, from: Double, to: Double, noise: Double, _ random: inout RandomStream) -> [Float]
  {
    let count = Int(seconds * sampleRate)
    var phase = 0.0
    var last = 0.0
    return (0..<count).map { index in
      let share = Double(index) / Double(count)
      phase += (to + (from - to) * exp(-6 * share)) / sampleRate
      let value = random.normal()
      defer { last = value }
      // The difference of neighbours leaves the high part of the noise.
      return Float(exp(-5 * share) * ((1 - noise) * sin(2 * .pi * phase) + noise * 0.5 * (value - last)))
    }
  }

  /// A recorded sound some semitones higher, by linear interpolation, cut to a length.
  private func pitched(_ sound: [Float], by semitones: Double, _ seconds: Double) -> [Float] {
    let ratio = pow(2, semitones / 12)
    let count = min(Int(seconds * sampleRate), Int(Double(sound.count - 1) / ratio))
    let end = 0.01 * sampleRate
    return (0..<max(0, count)).map { index in
      let place = Double(index) * ratio
      let rest = Float(place - place.rounded(.down))
      let value = sound[Int(place)] * (1 - rest) + sound[min(Int(place) + 1, sound.count - 1)] * rest
      return value * Float(min(1, Double(count - index) / end))
    }
  }

  private static func mix(_ sound: [Float], _ gain: Float, into stem: inout [Float], at start: Int) {
    for index in sound.indices where start + index < stem.count { stem[start + index] += gain * sound[index] }
  }

  private static func choice(_ sounds: [[Float]], _ random: inout RandomStream) -> [Float]? {
    sounds.isEmpty ? nil : sounds[random.integer(in: 0..<sounds.count)]
  }
}

/// How a made instrument sounds.
private struct Timbre {
  var slope: Double
  var decay: Double
  var attack: Double
  var evenWeight: Double
  var formants: [Double] = []

  init(slope: Double, decay: Double, _ random: inout RandomStream) {
    (self.slope, self.decay) = (slope, decay)
    attack = 0.004 + 0.02 * random.uniform()
    evenWeight = random.uniform()
  }

  func weight(harmonic: Int, frequency: Double) -> Double {
    let base = pow(Double(harmonic), -slope) * (harmonic % 2 == 0 ? evenWeight : 1)
    guard !formants.isEmpty else { return base }
    let place = Double(harmonic) * frequency
    return base * formants.reduce(0.08) { $0 + exp(-pow(($1 - place) / 180, 2)) }
  }
}
