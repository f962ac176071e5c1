internal import Tensors

/// What a made song plays: key, chords, patterns, and notes in sixteenths.
struct SongScore {
  /// One note.
  struct Note {
    /// When it begins, and how long it sounds, in sixteenths.
    var start, length: Int
    /// MIDI number.
    var pitch: Int
  }

  let tempo: Double
  let bars = 8
  var sixteenths: Int { 16 * bars }
  /// Sixteenths of a bar on which bass drum, snare and cymbal sound.
  let drumPattern: [Set<Int>]
  private let key: Int
  private let scale: [Int]
  private let progression: [Int]
  private let bassStyle: Int
  private let chordStyle: Int

  private static let patterns: [[Set<Int>]] = [
    [[0, 8], [4, 12], [0, 2, 4, 6, 8, 10, 12, 14]], [[0, 6, 10], [4, 12], [0, 4, 8, 12]],
    [[0, 4, 8, 12], [4, 12], [2, 6, 10, 14]], [[0, 3, 8, 11], [4, 12, 15], [0, 2, 4, 6, 8, 10, 12, 14]],
    [[0, 10], [8], [0, 3, 6, 8, 11, 14]],
  ]
  /// Degrees of the scale, one chord a bar.
  private static let progressions = [[0, 4, 5, 3], [0, 5, 3, 4], [5, 3, 0, 4], [0, 3, 0, 4], [0, 3, 4, 3]]

  init(_ random: inout RandomStream) {
    tempo = 84 + 56 * random.uniform()
    key = random.integer(in: 40..<52)
    scale = random.uniform() < 0.5 ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10]
    progression = Self.progressions[random.integer(in: 0..<Self.progressions.count)]
    drumPattern = Self.patterns[random.integer(in: 0..<Self.patterns.count)]
    bassStyle = random.integer(in: 0..<3)
    chordStyle = random.integer(in: 0..<3)
  }

  /// The pitch of a degree of the scale, counted on through octaves.
  private func pitch(_ degree: Int) -> Int {
    let octave = Int((Double(degree) / 7).rounded(.down))
    return key + 12 * octave + scale[degree - 7 * octave]
  }

  private func root(_ bar: Int) -> Int { progression[bar % 4] }

  /// Eighths with octaves, a syncopated root, or a broken chord.
  func bassNotes() -> [Note] {
    (0..<bars).flatMap { bar -> [Note] in
      let low = root(bar) - 7
      switch bassStyle {
      case 0:
        return (0..<8).map { Note(start: 16 * bar + 2 * $0, length: 2, pitch: pitch(low) + ($0 % 4 == 3 ? 12 : 0)) }
      case 1:
        return [(0, 3), (3, 3), (6, 4), (11, 2), (14, 2)].map {
          Note(start: 16 * bar + $0.0, length: $0.1, pitch: pitch(low))
        }
      default:
        return (0..<8).map { Note(start: 16 * bar + 2 * $0, length: 2, pitch: pitch(low + [0, 2, 4, 2][$0 % 4])) }
      }
    }
  }

  /// Held triads, chords on quarters, or broken chords.
  func chordNotes() -> [Note] {
    (0..<bars).flatMap { bar -> [Note] in
      let triad = [0, 2, 4].map { pitch(root(bar) + $0 + 7) }
      switch chordStyle {
      case 0: return triad.map { Note(start: 16 * bar, length: 16, pitch: $0) }
      case 1: return (0..<4).flatMap { beat in triad.map { Note(start: 16 * bar + 4 * beat, length: 3, pitch: $0) } }
      default: return (0..<8).map { Note(start: 16 * bar + 2 * $0, length: 2, pitch: triad[[0, 1, 2, 1][$0 % 4]]) }
      }
    }
  }

  /// A random walk over the scale with rests.
  func leadNotes(_ random: inout RandomStream) -> [Note] {
    var notes: [Note] = []
    var (start, degree) = (0, 14)
    while start < sixteenths {
      let length = random.integer(in: 2..<9)
      if random.uniform() > 0.2 {
        degree = max(10, min(20, degree + random.integer(in: -2..<3)))
        notes.append(Note(start: start, length: length, pitch: pitch(degree)))
      }
      start += length
    }
    return notes
  }
}
