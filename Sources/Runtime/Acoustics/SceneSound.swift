internal import Glibc
public import Tensors

/// Twelve kinds of sounds that a small generator makes: music, animals, machines, nature.
public enum SceneSound: Int, Sendable, CaseIterable {
  /// A chord pipe with strong odd partials.
  case organ
  /// Few partials with vibrato and breath.
  case flute
  /// Decaying notes that overlap.
  case pluck
  /// Rising chirps.
  case bird
  /// A gated carrier that throbs.
  case cricket
  /// Trains of damped pulses.
  case frog
  /// Low partials with tremolo and rumble.
  case engine
  /// Two tones in turn.
  case alarm
  /// Clicks at equal distances.
  case clock
  /// Bright noise.
  case rain
  /// Dark noise that swells.
  case wind
  /// Rising blips at random times.
  case bubbles

  /// The kind's name.
  public var name: String { "\(self)" }

  /// One event: RMS 0.1 after ramps of 15 ms at both ends.
  ///
  /// - Parameters:
  ///   - count: number of samples.
  ///   - rate: samples a second.
  ///   - random: draws pitch, tempo and phase.
  /// - Returns: `[count]`.
  public func event(count: Int = 8000, rate: Double = 8000, random: inout RandomStream) -> [Float] {
    var voice = SceneVoice(count: count, rate: rate, random: random)
    switch self {
    case .organ, .flute, .engine, .alarm: voice.addTone(self)
    case .pluck, .bird, .bubbles, .clock: voice.addNotes(self)
    case .cricket, .frog: voice.addPulses(self)
    case .rain, .wind: voice.addNoise(self)
    }
    random = voice.random
    return voice.ramped()
  }
}

/// Samples that a kind of sound fills.
struct SceneVoice {
  var samples: [Float]
  let rate: Double
  var random: RandomStream

  init(count: Int, rate: Double, random: RandomStream) {
    samples = [Float](repeating: 0, count: count)
    (self.rate, self.random) = (rate, random)
  }

  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
  mutating func logUniform(_ low: Double, _ high: Double) -> Double { exp(uniform(log(low), log(high))) }
  mutating func phase() -> Double { uniform(0, 2 * Double.pi) }

  func time(_ index: Int) -> Double { Double(index) / rate }

  /// Adds a function of time.
  mutating func add(_ value: (Double) -> Double) {
    for index in samples.indices { samples[index] += Float(value(time(index))) }
  }

  /// Adds a function of the time since a beginning, for a duration.
  mutating func add(from start: Double, lasting duration: Double, _ value: (Double) -> Double) {
    let first = max(0, Int((start * rate).rounded(.up)))
    let last = min(samples.count, Int((start + duration) * rate))
    guard first < last else { return }
    for index in first..<last { samples[index] += Float(value(time(index) - start)) }
  }

  /// Ramps of half a cosine at both ends, then the level.
  func ramped() -> [Float] {
    var result = samples
    let length = min(Int(0.015 * rate), samples.count / 2)
    for index in 0..<length {
      let gain = Float(0.5 - 0.5 * cos(Double.pi * (Double(index) + 0.5) / Double(length)))
      result[index] *= gain
      result[result.count - 1 - index] *= gain
    }
    let power = result.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, result.count))
    let factor = Float(0.1 / max(power.squareRoot(), 1e-9))
    return result.map { $0 * factor }
  }
}
