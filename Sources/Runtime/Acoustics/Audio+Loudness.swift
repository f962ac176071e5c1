#if canImport(Glibc)
  internal import Glibc
#endif

extension Audio {
  /// Integrated loudness in LUFS, all channels at front; -∞ for what the gates leave empty.
  ///
  /// Blocks of 0.4 s that overlap by three quarters, weighted by the ear's curve, gated at -70 LUFS and 10 LU below the mean.
  ///
  /// - Throws: `AudioError.outOfRange` where the sound is shorter than one block.
  ///
  /// Source: ITU-R BS.1770-4; filters for any rate as De Man, "Evaluation of implementations of the EBU R128 loudness
  /// measurement", 2018.
  public func loudness() throws(AudioError) -> Double {
    let length = 0.4
    guard duration >= length else {
      throw .outOfRange(function: "Audio.loudness", argument: "duration", expected: "at least 0.4 s", got: duration)
    }
    let blocks = Int(((duration - length) / (length / 4)).rounded()) + 1
    let weighted = channels.map { Self.weighted($0, sampleRate) }
    let powers = (0..<blocks).map { block -> Double in
      let first = Int(length * Double(block) / 4 * sampleRate)
      let last = min(Int(length * (Double(block) / 4 + 1) * sampleRate), frameCount)
      return weighted.reduce(0) { $0 + $1[first..<last].reduce(0) { $0 + $1 * $1 } } / (length * sampleRate)
    }
    let audible = powers.filter { Self.level($0) > -70 }
    guard !audible.isEmpty else { return -.infinity }
    let gate = Self.level(audible.reduce(0, +) / Double(audible.count)) - 10
    let loud = audible.filter { Self.level($0) > gate }
    return Self.level(loud.reduce(0, +) / Double(loud.count))
  }

  /// The sound at a given integrated loudness in LUFS; samples may leave -1…1.
  ///
  /// - Throws: as `loudness()`, and `AudioError.silent` where there is nothing to amplify.
  public func normalized(loudness wanted: Double) throws(AudioError) -> Audio {
    let level = try loudness()
    guard level.isFinite else { throw .silent(function: "Audio.normalized", source: 0) }
    return scaled(by: Float(pow(10, (wanted - level) / 20)))
  }

  private static func level(_ power: Double) -> Double { -0.691 + 10 * log10(power) }

  /// Samples after the shelf of a head and the cut of low frequencies.
  private static func weighted(_ samples: [Float], _ rate: Double) -> [Double] {
    let shelf = tan(.pi * 1681.97445095 / rate)
    let (shelfQ, high) = (0.7071752369554193, pow(10, 3.99984385397 / 20))
    let middle = pow(high, 0.499666774155)
    let head = Biquad(
      b: (
        high + middle * shelf / shelfQ + shelf * shelf, 2 * (shelf * shelf - high),
        high - middle * shelf / shelfQ + shelf * shelf
      ),
      a: (1 + shelf / shelfQ + shelf * shelf, 2 * (shelf * shelf - 1), 1 - shelf / shelfQ + shelf * shelf)
    )
    let cut = tan(.pi * 38.13547087602444 / rate)
    let cutQ = 0.5003270373238773
    let scale = 1 + cut / cutQ + cut * cut
    let low = Biquad(
      b: (scale, -2 * scale, scale),
      a: (scale, 2 * (cut * cut - 1), 1 - cut / cutQ + cut * cut)
    )
    return low.filtered(head.filtered(samples.map { Double($0) }))
  }
}

/// A recursive filter of second order.
private struct Biquad {
  let b: (Double, Double, Double)
  let a: (Double, Double)

  /// Divides all coefficients by the first one of the recursion.
  init(b: (Double, Double, Double), a: (Double, Double, Double)) {
    self.b = (b.0 / a.0, b.1 / a.0, b.2 / a.0)
    self.a = (a.1 / a.0, a.2 / a.0)
  }

  func filtered(_ x: [Double]) -> [Double] {
    var (s1, s2) = (0.0, 0.0)
    return x.map { value in
      let y = b.0 * value + s1
      s1 = b.1 * value - a.0 * y + s2
      s2 = b.2 * value - a.1 * y
      return y
    }
  }
}
