internal import Glibc
internal import Tensors

/// Classes of noise and of blips, which no query asks for.
extension EventMaker {
  mutating func clock() -> [Double] {
    let crackle = differences(noise())
    var wave = [Double](repeating: 0, count: count)
    let period = uniform(0.25, 0.4)
    var start = uniform(-period, 0)
    while start < time(count) {
      let first = start
      add(&wave, at: first, lasting: 0.05) { t in
        crackle[min(count - 1, max(0, Int((first + t) * rate)))] * exp(-t / 0.008)
      }
      start += period
    }
    return wave
  }

  mutating func rain() -> [Double] {
    let (drops, pace, start) = (differences(noise()), uniform(0.5, 2), uniform(0, 2 * .pi))
    return drops.indices.map { drops[$0] * (1 + 0.3 * sin(2 * .pi * pace * time($0) + start)) }
  }

  mutating func wind() -> [Double] {
    let air = lowPassed(lowPassed(noise(), at: 300), at: 300)
    let (pace, start) = (uniform(0.3, 0.8), uniform(0, 2 * .pi))
    return air.indices.map { air[$0] * (1.05 + sin(2 * .pi * pace * time($0) + start)) }
  }

  mutating func bubbles() -> [Double] {
    var wave = [Double](repeating: 0, count: count)
    // Waiting times of a Poisson process, 15 a second, and three blips more.
    var starts = (0..<3).map { _ in uniform(0, time(count)) }
    var next = -log(max(random.uniform(), 1e-12)) / 15
    while next < time(count) {
      starts.append(next)
      next -= log(max(random.uniform(), 1e-12)) / 15
    }
    for start in starts {
      let (pitch, amplitude) = (uniform(400, 1000), uniform(0.4, 1))
      add(&wave, at: start, lasting: 0.12) { t in
        amplitude * sin(2 * .pi * (pitch * t + 2 * pitch * t * t)) * exp(-t / 0.03)
      }
    }
    return wave
  }
}
