internal import Glibc
public import Tensors

/// A made sound of one of twelve classes, one second at 8 kHz by default.
///
/// Eight classes can be asked for; four stand for what a camera does not see.
public enum SoundEvent: Int, Sendable, CaseIterable {
  case organ, flute, pluck, bird, cricket, frog, engine, alarm
  case clock, rain, wind, bubbles

  /// Classes that pictures and captions speak of.
  public static let targets = Array(allCases.prefix(8))
  /// Classes that are only ever noise.
  public static let offScreen = Array(allCases.suffix(4))

  /// The name.
  public var name: String { "\(self)" }

  /// A new event of root mean square 0.1, faded over 15 ms at both ends.
  ///
  /// - Parameters:
  ///   - samples: length.
  ///   - rate: samples a second, in Hz.
  ///   - random: supplies all choices.
  /// - Returns: `[samples]`.
  public func samples(_ samples: Int, rate: Double = 8000, _ random: inout RandomStream) -> [Float] {
    var maker = EventMaker(count: samples, rate: rate, random: random)
    var wave = maker.wave(self)
    random = maker.random
    let ramp = min(Int(0.015 * rate), samples / 2)
    for index in 0..<ramp {
      let gain = 0.5 * (1 - cos(.pi * (Double(index) + 0.5) / Double(ramp)))
      wave[index] *= gain
      wave[samples - 1 - index] *= gain
    }
    let level = (wave.reduce(0) { $0 + $1 * $1 } / Double(max(samples, 1))).squareRoot()
    return wave.map { Float($0 * 0.1 / max(level, 1e-9)) }
  }
}

/// Generators of the classes.
struct EventMaker {
  let count: Int
  let rate: Double
  var random: RandomStream

  mutating func wave(_ event: SoundEvent) -> [Double] {
    switch event {
    case .organ: organ()
    case .flute: flute()
    case .pluck: pluck()
    case .bird: bird()
    case .cricket: cricket()
    case .frog: frog()
    case .engine: engine()
    case .alarm: alarm()
    case .clock: clock()
    case .rain: rain()
    case .wind: wind()
    case .bubbles: bubbles()
    }
  }

  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
  mutating func logUniform(_ low: Double, _ high: Double) -> Double { exp(uniform(log(low), log(high))) }
  mutating func noise() -> [Double] { random.normal([count], of: Double.self).values }

  func time(_ index: Int) -> Double { Double(index) / rate }

  /// Adds a part that begins at a time and has its own clock.
  func add(_ wave: inout [Double], at start: Double, lasting seconds: Double, _ part: (Double) -> Double) {
    let first = Int((start * rate).rounded(.up))
    for index in max(0, first)..<max(0, first, min(count, Int((start + seconds) * rate))) {
      wave[index] += part(time(index) - start)
    }
  }

  /// The difference of neighbours, which takes the low frequencies out.
  func differences(_ values: [Double]) -> [Double] {
    values.indices.map { values[$0] - ($0 > 0 ? values[$0 - 1] : 0) }
  }

  /// A low-pass with one pole.
  func lowPassed(_ values: [Double], at frequency: Double) -> [Double] {
    let share = 1 - exp(-2 * .pi * frequency / rate)
    var state = 0.0
    return values.map { value in
      state += share * (value - state)
      return state
    }
  }
}
