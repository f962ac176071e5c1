import Signals
import Testing
import TestSupport

@Suite("Short-time Fourier transforms")
struct STFTTests {
  static let paddings: [(name: String, padding: STFT<Double>.Padding)] = [
    ("reflect", .reflect), ("zeros", .zeros), ("plain", .none), ("odd", .reflect), ("short", .reflect),
  ]

  @Test("frames and their inverse equal those of torch", arguments: paddings)
  func torch(name: String, padding: STFT<Double>.Padding) throws {
    let data = try #require(Parity.cases("signals", prefix: "stft_" + name).first).load()
    let options = try data["options"].map { Int($0) }
    let stft = STFT<Double>(
      frameLength: options[0],
      hop: options[1],
      window: .hamming,
      windowLength: options[2],
      padding: padding
    )
    var spectrogram = try stft.forward(data["x"])
    // Rounding of sums of at most 64 values of order 1.
    let tolerance = 1e-13
    #expect(mismatch(spectrogram.values.real, try data["re"], absolute: tolerance) == nil)
    #expect(mismatch(spectrogram.values.imaginary, try data["im"], absolute: tolerance) == nil)
    let noise = try (data["noise_re"], data["noise_im"])
    for index in noise.0.indices {
      spectrogram.values.real[index] += noise.0[index]
      spectrogram.values.imaginary[index] += noise.1[index]
    }
    // The windows divide by sums down to 0.006 at the ends without padding.
    #expect(mismatch(try stft.inverse(spectrogram), try data["y"], absolute: 1e-11) == nil)
  }

  /// A drawn transform and signal.
  struct Draw {
    let stft: STFT<Double>
    let signal: [Double]

    init(seed: UInt64) {
      var random = SplitMix(seed: seed)
      let frame = Int.random(in: 4...90, using: &random)
      let hop = Int.random(in: 1...max(frame / 2, 1), using: &random)
      let padding = [STFT<Double>.Padding.none, .reflect, .zeros].randomElement(using: &random)!
      // Hamming's window has no zeros: every sample that a frame covers is determined.
      stft = STFT(frameLength: frame, hop: hop, window: .hamming, padding: padding)
      signal = (0..<Int.random(in: frame...400, using: &random)).map { _ in random.roughlyNormal() }
    }
  }

  @Test("the inverse gives every covered sample back: 200 draws")
  func inverse() throws {
    for seed in 0..<200 as Range<UInt64> {
      let draw = Draw(seed: seed)
      let spectrogram = try draw.stft.forward(draw.signal)
      let back = try draw.stft.inverse(spectrogram)
      let covered = Array(draw.signal.prefix(back.count))
      #expect(mismatch(Array(back.prefix(covered.count)), covered, absolute: 1e-12) == nil, "seed \(seed)")
      #expect(try draw.stft.inverse(spectrogram, length: draw.signal.count).count == draw.signal.count)
    }
  }

  @Test("adjoints turn inner products around: 200 draws")
  func adjoint() throws {
    for seed in 200..<400 as Range<UInt64> {
      let draw = Draw(seed: seed)
      var random = SplitMix(seed: seed ^ 0xabc)
      let x = try draw.stft.forward(draw.signal)
      var y = x
      for index in 0..<y.values.count {
        y.values[index] = Complex(random.roughlyNormal(), random.roughlyNormal())
      }
      let left = dot(x, y)
      let right = dot(draw.signal, draw.stft.forwardAdjoint(y, length: draw.signal.count))
      #expect(abs(left - right) <= 1e-11 * (abs(left) + 100), "seed \(seed)")
      let signal = try draw.stft.inverse(y)
      let z = signal.map { _ in random.roughlyNormal() }
      let adjoint = try draw.stft.inverseAdjoint(z, frames: y.frameCount)
      #expect(abs(dot(signal, z) - dot(y, adjoint)) <= 1e-11 * 100, "seed \(seed)")
    }
  }

  @Test("single precision agrees with double")
  func float() throws {
    var random = SplitMix(seed: 5)
    let signal = (0..<5000).map { _ in random.roughlyNormal() }
    let double = try STFT<Double>(frameLength: 512, hop: 128).forward(signal)
    let transform = STFT<Float>(frameLength: 512, hop: 128)
    let single = try transform.forward(signal.map { Float($0) })
    // Sums of 512 values with rounding 6e-8 each, at random.
    #expect(mismatch(single.values.real.map { Double($0) }, double.values.real, absolute: 5e-5) == nil)
    let back = try transform.inverse(single, length: 5000)
    #expect(mismatch(back.map { Double($0) }, signal, absolute: 1e-5) == nil)
  }

  @Test("what cannot be transformed says why")
  func refused() throws {
    let stft = STFT<Double>(frameLength: 16, hop: 4)
    var error = #expect(throws: SignalError.self) { try stft.forward([1, 2, 3]) }
    #expect(
      error?.description == "STFT.forward: the signal must have at least 9 samples, got 3; pad it with zeros"
    )
    let plain = STFT<Double>(frameLength: 16, hop: 20, padding: .none)
    error = #expect(throws: SignalError.self) { try plain.inverse(plain.forward([Double](repeating: 1, count: 50))) }
    #expect(error == .windowGap(frameLength: 16, hop: 20, sample: 0))
  }

  @Test("Griffin and Lim's method comes near the magnitudes and gains with its steps")
  func griffinLim() throws {
    var random = SplitMix(seed: 6)
    let signal = (0..<2000).map { index in
      let tone = Complex<Double>.polar(1, 0.1 * Double(index) + 1e-5 * Double(index * index)).real
      return tone + 0.01 * random.roughlyNormal()
    }
    let stft = STFT<Double>(frameLength: 128, hop: 32)
    let magnitude = try stft.forward(signal).magnitude
    func distance(steps: Int) throws -> Double {
      let found = try GriffinLim(stft, steps: steps).signal(magnitude: magnitude, length: signal.count)
      let got = try stft.forward(found).magnitude
      let error = zip(got, magnitude).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      return (error / magnitude.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
    let few = try distance(steps: 2)
    let many = try distance(steps: 100)
    #expect(many < 0.5 * few)
    #expect(many < 0.2)
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private func dot(_ a: Spectrogram<Double>, _ b: Spectrogram<Double>) -> Double {
    dot(a.values.real, b.values.real) + dot(a.values.imaginary, b.values.imaginary)
  }
}
