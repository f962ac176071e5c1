internal import Glibc
internal import Tensors

// The kinds of sound, each by a few lines of additive synthesis.
extension SceneVoice {
  mutating func addTone(_ kind: SceneSound) {
    switch kind {
    case .organ: addOrgan()
    case .flute: addFlute()
    case .engine: addEngine()
    default: addAlarm()
    }
  }

  private mutating func addOrgan() {
    let pitch = logUniform(180, 420)
    for partial in 1...6 {
      let (rate, start) = (2 * Double.pi * pitch * Double(partial), phase())
      let level = (partial % 2 == 1 ? 1 : 0.5) / Double(partial)
      add { level * sin(rate * $0 + start) }
    }
  }

  private mutating func addFlute() {
    let pitch = logUniform(500, 1100)
    let (speed, start, shift) = (uniform(5, 7), phase(), phase())
    // The phase is the integral of a frequency that sways by 1.5 %.
    let angle = { (t: Double) in
      2 * Double.pi * pitch * t + 0.015 * pitch / speed * sin(2 * Double.pi * speed * t + shift) + start
    }
    add { t in sin(angle(t)) + 0.25 * sin(2 * angle(t)) + 0.08 * sin(3 * angle(t)) }
    addWhite(0.02)
  }

  private mutating func addEngine() {
    let pitch = uniform(28, 60)
    for partial in 1...12 {
      let (level, order) = (uniform(0.3, 1) / Double(partial).squareRoot(), Double(partial))
      add { level * sin(2 * Double.pi * pitch * order * $0 + order * order) }
    }
    let (speed, shift) = (uniform(3, 6), phase())
    for index in samples.indices { samples[index] *= Float(1 + 0.2 * sin(2 * Double.pi * speed * time(index) + shift)) }
    let rumble = lowPassed(noise(), at: 400)
    for index in samples.indices { samples[index] += 0.1 * rumble[index] }
  }

  private mutating func addAlarm() {
    let (pitch, shift) = (uniform(700, 900), uniform(0, 0.5))
    var angle = phase()
    for index in samples.indices {
      let turn = Int((time(index) + shift) / 0.25) % 2
      angle += 2 * Double.pi * pitch * (turn == 0 ? 1 : 1.25) / rate
      samples[index] += Float(sin(angle) + sin(3 * angle) / 3)
    }
  }

  mutating func addNotes(_ kind: SceneSound) {
    let duration = time(samples.count)
    if kind == .bubbles { return addBubbles(duration) }
    let gap = kind == .clock ? uniform(0.25, 0.4) : 0
    var start = -uniform(0, 0.35)
    while start < duration {
      switch kind {
      case .pluck:
        addPluck(start)
        start += uniform(0.2, 0.35)
      case .bird:
        let length = uniform(0.08, 0.15)
        addChirp(start, length)
        start += length + uniform(0.04, 0.15)
      default:
        addClick(start)
        start += gap
      }
    }
  }

  private mutating func addPluck(_ start: Double) {
    let pitch = logUniform(200, 600)
    for partial in 1...8 where pitch * Double(partial) < 3900 {
      let order = Double(partial)
      let duration = 7 / (3 + 2 * order)
      add(from: start, lasting: duration) { t in
        sin(2 * Double.pi * pitch * order * t) * exp(-(3 + 2 * order) * t) / order
      }
    }
  }

  private mutating func addChirp(_ start: Double, _ length: Double) {
    let (low, high) = (uniform(1800, 2600), uniform(2600, 3700))
    add(from: start, lasting: length) { t in
      let window = sin(Double.pi * t / length)
      return window * window * sin(2 * Double.pi * (low * t + (high - low) * t * t / (2 * length)))
    }
  }

  private mutating func addClick(_ start: Double) {
    let white = random.normal([401]).values
    add(from: start, lasting: 0.05) { t in
      let place = min(399, Int(t * 8000))
      return Double(white[place + 1] - white[place]) * exp(-t / 0.008)
    }
  }

  private mutating func addBubbles(_ duration: Double) {
    // The waiting times of a Poisson process, and three blips for sure.
    var starts = (0..<3).map { _ in random.uniform() * duration }
    var start = -log(1 - random.uniform()) / 15
    while start < duration {
      starts.append(start)
      start += -log(1 - random.uniform()) / 15
    }
    for start in starts {
      let (pitch, level) = (uniform(400, 1000), uniform(0.4, 1))
      add(from: start, lasting: 0.12) { t in
        level * sin(2 * Double.pi * (pitch * t + 2 * pitch * t * t)) * exp(-t / 0.03)
      }
    }
  }

  mutating func addPulses(_ kind: SceneSound) {
    if kind == .cricket {
      let (carrier, speed, shift, turn) = (uniform(3000, 3700), uniform(25, 40), uniform(0, 0.45), phase())
      return add { t in
        guard (t + shift).truncatingRemainder(dividingBy: 0.45) < 0.3 else { return 0 }
        return max(0, sin(2 * Double.pi * speed * t + turn)) * sin(2 * Double.pi * carrier * t)
      }
    }
    let (speed, pitch, shift) = (uniform(20, 35), uniform(500, 900), uniform(0, 0.5))
    add { t in
      guard (t + shift).truncatingRemainder(dividingBy: 0.5) < 0.3 else { return 0 }
      let since = (t + shift).truncatingRemainder(dividingBy: 1 / speed)
      return sin(2 * Double.pi * pitch * since) * exp(-90 * since)
    }
  }

  mutating func addNoise(_ kind: SceneSound) {
    let white = noise()
    let isRain = kind == .rain
    let (speed, shift) = (isRain ? uniform(0.5, 2) : uniform(0.3, 0.8), phase())
    let swell = { (t: Double) in
      (isRain ? 1 : 1.05) + (isRain ? 0.3 : 1) * sin(2 * Double.pi * speed * t + shift)
    }
    let colored =
      isRain
      ? zip(white, [0] + white.dropLast()).map { $0 - $1 } : lowPassed(lowPassed(white, at: 300), at: 300)
    for index in samples.indices { samples[index] += colored[index] * Float(swell(time(index))) }
  }

  private mutating func noise() -> [Float] { random.normal([samples.count]).values }

  private mutating func addWhite(_ level: Float) {
    for (index, value) in noise().enumerated() { samples[index] += level * value }
  }

  private func lowPassed(_ values: [Float], at frequency: Double) -> [Float] {
    let share = Float(1 - exp(-2 * Double.pi * frequency / rate))
    var last: Float = 0
    return values.map {
      last += share * ($0 - last)
      return last
    }
  }
}
