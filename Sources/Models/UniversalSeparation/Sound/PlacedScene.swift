public import Acoustics
public import Tensors

/// A longer sound in which classes come and go, with what each of them adds to it.
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

  /// A stretch of a recording, the class that it belongs to, and when it begins, in seconds.
  public typealias Stretch = (label: Int, start: Double, samples: [Float])

  /// The sum of all parts, at 8 kHz.
  public let mixture: Audio
  /// What each part adds, as long as the mixture.
  private let stems: [(label: Int, samples: [Float])]

  /// Makes a scene of made sounds and faint noise (RMS 0.003).
  ///
  /// - Parameters:
  ///   - parts: what sounds when; each at RMS 0.1.
  ///   - seconds: length of the scene; parts are cut to it.
  ///   - random: draws the sounds and the noise.
  public init(_ parts: [Part], seconds: Double, random: inout RandomStream) {
    var stretches: [Stretch] = []
    for part in parts {
      let range = Int(part.seconds.lowerBound * 8000)..<Int(part.seconds.upperBound * 8000)
      let event = part.kind.event(count: range.count, random: &random)
      stretches.append((part.kind.rawValue, part.seconds.lowerBound, event))
    }
    let noise: [Float] = random.normal([Int(seconds * 8000)], deviation: 0.003).values
    self.init(stretches, over: noise)
  }

  /// Makes a scene of recordings.
  ///
  /// - Parameters:
  ///   - stretches: what sounds when, at 8 kHz.
  ///   - seconds: length of the scene; stretches are cut to it.
  public init(_ stretches: [Stretch], seconds: Double) {
    self.init(stretches, over: [Float](repeating: 0, count: Int(seconds * 8000)))
  }

  private init(_ stretches: [Stretch], over ground: [Float]) {
    var sum = ground
    stems = stretches.map { stretch in
      var stem = [Float](repeating: 0, count: ground.count)
      let start = Int(stretch.start * 8000)
      for (place, value) in zip(start..<ground.count, stretch.samples) {
        stem[place] = value
        sum[place] += value
      }
      return (stretch.label, stem)
    }
    mixture = Audio(sum, sampleRate: 8000)
  }

  /// The sum of what some classes add; nil where none of them sounds.
  public func reference(classes: [Int]) -> [Float]? {
    let own = stems.filter { classes.contains($0.label) }.map(\.samples)
    guard let first = own.first else { return nil }
    return own.dropFirst().reduce(first) { sum, stem in zip(sum, stem).map(+) }
  }
}
