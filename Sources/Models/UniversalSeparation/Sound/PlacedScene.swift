public import Acoustics
public import Tensors

/// A longer sound in which kinds come and go, with what each of them adds to it.
public struct PlacedScene: Sendable {
  /// A kind and the seconds in which it sounds.
  public struct Part: Sendable, Equatable {
    /// What sounds.
    public var kind: SceneSound
    /// When it sounds, in seconds.
    public var seconds: Range<Double>

    /// Describes a part.
    public init(_ kind: SceneSound, _ seconds: Range<Double>) { (self.kind, self.seconds) = (kind, seconds) }
  }

  /// What sounds when.
  public let parts: [Part]
  /// The sum of all parts and faint noise (RMS 0.003), at 8 kHz.
  public let mixture: Audio
  private let stems: [[Float]]

  /// Makes a scene.
  ///
  /// - Parameters:
  ///   - parts: what sounds when; each at RMS 0.1.
  ///   - seconds: length of the scene; parts are cut to it.
  ///   - random: draws the sounds and the noise.
  public init(_ parts: [Part], seconds: Double, random: inout RandomStream) {
    let (rate, count) = (8000.0, Int(seconds * 8000))
    var stems: [[Float]] = []
    for part in parts {
      let range = Int(part.seconds.lowerBound * rate)..<Int(part.seconds.upperBound * rate)
      var stem = [Float](repeating: 0, count: count)
      for (place, value) in zip(range, part.kind.event(count: range.count, random: &random)) where place < count {
        stem[place] = value
      }
      stems.append(stem)
    }
    var sum: [Float] = random.normal([count], deviation: 0.003).values
    for stem in stems { for index in stem.indices { sum[index] += stem[index] } }
    (self.parts, self.stems, mixture) = (parts, stems, Audio(sum, sampleRate: rate))
  }

  /// The sum of what the kinds of some classes add; nil where none of them sounds.
  public func reference(classes: [Int]) -> [Float]? {
    let own = parts.indices.filter { classes.contains(parts[$0].kind.rawValue) }
    guard let first = own.first else { return nil }
    return own.dropFirst().reduce(stems[first]) { sum, index in zip(sum, stems[index]).map(+) }
  }
}
