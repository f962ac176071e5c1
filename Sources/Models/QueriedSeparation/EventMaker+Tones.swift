internal import Glibc
internal import Tensors

/// Classes with a pitch.
extension EventMaker {
  mutating func organ() -> [Double] {
    let pitch = logUniform(180, 420)
    let phases = (0..<6).map { _ in uniform(0, 2 * .pi) }
    return (0..<count).map { index in
      var sum = 0.0
      for k in 1...6 {
        let amplitude = (k % 2 == 1 ? 1 : 0.5) / Double(k)
        sum += amplitude * sin(2 * .pi * pitch * Double(k) * time(index) + phases[k - 1])
      }
      return sum
    }
  }

  mutating func flute() -> [Double] {
    let (pitch, vibrato, start) = (logUniform(500, 1100), uniform(5, 7), uniform(0, 2 * .pi))
    let breath = noise()
    var phase = uniform(0, 2 * .pi)
    return (0..<count).map { index in
      phase += 2 * .pi * pitch * (1 + 0.015 * sin(2 * .pi * vibrato * time(index) + start)) / rate
      return sin(phase) + 0.25 * sin(2 * phase) + 0.08 * sin(3 * phase) + 0.02 * breath[index]
    }
  }

  mutating func pluck() -> [Double] {
    var wave = [Double](repeating: 0, count: count)
    var start = -uniform(0, 0.2)
    while start < time(count) {
      let pitch = logUniform(200, 600)
      add(&wave, at: start, lasting: 1.5) { t in
        var sum = 0.0
        for k in 1...8 where pitch * Double(k) < 3900 {
          let decay = exp(-(3 + 2 * Double(k)) * t) / Double(k)
          sum += sin(2 * .pi * pitch * Double(k) * t) * decay
        }
        return sum
      }
      start += uniform(0.2, 0.35)
    }
    return wave
  }

  mutating func bird() -> [Double] {
    var wave = [Double](repeating: 0, count: count)
    var start = -uniform(0, 0.1)
    while start < time(count) {
      let (length, low, high) = (uniform(0.08, 0.15), uniform(1800, 2600), uniform(2600, 3700))
      add(&wave, at: start, lasting: length) { t in
        let window = sin(.pi * t / length)
        return window * window * sin(2 * .pi * (low * t + (high - low) * t * t / (2 * length)))
      }
      start += length + uniform(0.04, 0.15)
    }
    return wave
  }

  mutating func cricket() -> [Double] {
    let (carrier, pulse) = (uniform(3000, 3700), uniform(25, 40))
    let (offset, phase) = (uniform(0, 0.45), uniform(0, 2 * .pi))
    return (0..<count).map { index in
      let t = time(index)
      guard (t + offset).truncatingRemainder(dividingBy: 0.45) < 0.3 else { return 0 }
      return sin(2 * .pi * carrier * t) * max(0, sin(2 * .pi * pulse * t + phase))
    }
  }

  mutating func frog() -> [Double] {
    let (pulse, pitch, offset) = (uniform(20, 35), uniform(500, 900), uniform(0, 0.5))
    return (0..<count).map { index in
      let t = time(index) + offset
      guard t.truncatingRemainder(dividingBy: 0.5) < 0.3 else { return 0 }
      let since = t.truncatingRemainder(dividingBy: 1 / pulse)
      return sin(2 * .pi * pitch * since) * exp(-90 * since)
    }
  }

  mutating func engine() -> [Double] {
    let (pitch, tremolo, start) = (uniform(28, 60), uniform(3, 6), uniform(0, 2 * .pi))
    let amplitudes = (1...12).map { uniform(0.3, 1) / Double($0).squareRoot() }
    let hiss = lowPassed(noise(), at: 400)
    return (0..<count).map { index in
      let t = time(index)
      var tone = 0.0
      for k in 1...12 {
        let phase: Double = 2 * .pi * pitch * Double(k) * t + Double(k * k)
        tone += amplitudes[k - 1] * sin(phase)
      }
      return tone * (1 + 0.2 * sin(2 * .pi * tremolo * t + start)) + 0.1 * hiss[index]
    }
  }

  mutating func alarm() -> [Double] {
    let (pitch, offset) = (uniform(700, 900), uniform(0, 0.5))
    var phase = 0.0
    return (0..<count).map { index in
      let isHigh = (time(index) + offset).truncatingRemainder(dividingBy: 0.5) >= 0.25
      phase += 2 * .pi * pitch * (isHigh ? 1.25 : 1) / rate
      return sin(phase) + sin(3 * phase) / 3
    }
  }
}
