#if canImport(Glibc)
  internal import Glibc
#endif
public import Tensors

/// A made voice: pulses of a gliding pitch, or noise, through three formants that move from sound to sound.
///
/// It is no speech, but has what separators use: harmonics, formants of a vocal tract, syllables and pauses.
public struct SyntheticVoice: Sendable, Equatable {
  /// Mean pitch, in Hz.
  public var pitch: Double
  /// Length of the vocal tract as a factor of its resonances; 1 for a long one, 1.18 for a short one.
  public var tract: Double
  /// Syllables a second.
  public var pace: Double

  /// Makes a voice.
  public init(pitch: Double, tract: Double, pace: Double) { (self.pitch, self.tract, self.pace) = (pitch, tract, pace) }

  /// A low voice.
  public static let low = SyntheticVoice(pitch: 105, tract: 1, pace: 4.5)
  /// A high voice.
  public static let high = SyntheticVoice(pitch: 205, tract: 1.17, pace: 5.2)

  /// Centres of the formants of five vowels, in Hz.
  private static let vowels: [[Double]] = [
    [730, 1090, 2440], [530, 1840, 2480], [270, 2290, 3010], [570, 840, 2410], [300, 870, 2240],
  ]

  /// Some seconds of babble.
  ///
  /// - Parameters:
  ///   - seconds: length.
  ///   - sampleRate: samples a second, in Hz.
  ///   - random: supplies sounds, pitch and pauses.
  /// - Returns: samples of RMS 0.1.
  public func babble(seconds: Double, sampleRate: Double = 8000, _ random: inout RandomStream) -> [Float] {
    let count = Int(seconds * sampleRate)
    var result: [Float] = []
    var phase = 0.0
    while result.count < count {
      if random.uniform() < 0.12 { result += [Float](repeating: 0, count: Int(0.12 * sampleRate)) }
      result += syllable(sampleRate, &phase, &random)
    }
    let sound = Array(result.prefix(count))
    let level = (sound.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, count))).squareRoot()
    return sound.map { $0 * Float(0.1 / max(level, 1e-9)) }
  }

  /// A consonant of noise and a vowel.
  private func syllable(_ rate: Double, _ phase: inout Double, _ random: inout RandomStream) -> [Float] {
    let length = Int(rate * (0.7 + 0.6 * random.uniform()) / pace)
    let noisy = Int(Double(length) * 0.25 * random.uniform())
    let vowel = Self.vowels[random.integer(in: 0..<Self.vowels.count)].map {
      $0 * tract * (0.95 + 0.1 * random.uniform())
    }
    let start = pitch * (0.85 + 0.35 * random.uniform())
    let end = pitch * (0.8 + 0.3 * random.uniform())
    let loudness = 0.5 + random.uniform()
    var excitation = [Double](repeating: 0, count: length)
    for index in 0..<length {
      let share = Double(index) / Double(length)
      phase += (start + (end - start) * share) * (1 + 0.004 * random.normal()) / rate
      let isPulse = phase >= 1
      if isPulse { phase -= 1 }
      let envelope = min(1, share * 12) * min(1, (1 - share) * 6)
      let breath = (index < noisy ? 0.25 : 0.01) * random.normal()
      excitation[index] = loudness * envelope * ((isPulse && index >= noisy ? 1 : 0) + breath)
    }
    var sound = excitation
    for (center, width) in zip(vowel.map { min($0, 3700) }, [70.0, 100, 160]) {
      sound = Self.resonated(sound, center, width, rate)
    }
    return sound.map { Float($0) }
  }

  /// A resonance of second order with unit gain at its centre, roughly.
  private static func resonated(_ x: [Double], _ center: Double, _ width: Double, _ rate: Double) -> [Double] {
    let radius = exp(-.pi * width / rate)
    let turn = 2 * radius * cos(2 * .pi * center / rate)
    let gain = 1 - turn + radius * radius
    var (y1, y2) = (0.0, 0.0)
    return x.map { value in
      let y = gain * value + turn * y1 - radius * radius * y2
      (y1, y2) = (y, y1)
      return y
    }
  }
}
