import Signals
import Testing
import TestSupport

@Suite("Windows, bands and levels")
struct SpectrumTests {
  static let kinds: [Window] = [.hann, .hamming, .blackman, .blackmanHarris, .bartlett, .kaiser(beta: 8)]

  @Test("windows equal those of SciPy", arguments: Array(kinds.enumerated()))
  func windows(index: Int, kind: Window) throws {
    let data = try #require(Parity.cases("signals", prefix: "windows").first).load()
    let periodic: [Double] = kind.values(11)
    let symmetric: [Double] = kind.values(12, periodic: false)
    let expected = try data["periodic"]
    #expect(mismatch(periodic, Array(expected[index * 11..<index * 11 + 11]), absolute: 1e-15) == nil)
    #expect(mismatch(symmetric, Array(try data["symmetric"][index * 12..<index * 12 + 12]), absolute: 1e-15) == nil)
  }

  @Test("windows of one value are 1, and those of none are empty", arguments: kinds)
  func smallWindows(kind: Window) {
    #expect(kind.values(1) == [1.0])
    #expect(kind.values(0) == [Double]())
  }

  @Test("mel filters equal those of librosa", arguments: ["slaney", "htk"])
  func mel(name: String) throws {
    let data = try #require(Parity.cases("signals", prefix: "mel_" + name).first).load()
    let isSlaney = name == "slaney"
    let bank = try MelFilterBank<Double>(
      bands: 23,
      frameLength: 400,
      sampleRate: 16000,
      range: isSlaney ? nil : 50...7000,
      scale: isSlaney ? .slaney : .htk,
      isNormalized: isSlaney
    )
    #expect(mismatch(bank.weights, try data["weights"], absolute: 1e-13) == nil)
  }

  @Test("mel and frequency undo each other", arguments: [MelScale.slaney, .htk])
  func scale(scale: MelScale) {
    for frequency in stride(from: 0.0, through: 20000, by: 137) {
      #expect(abs(scale.frequency(scale.mel(frequency)) - frequency) <= 1e-9)
    }
  }

  @Test("bands are the product with the filters, and the adjoint its transpose")
  func bands() throws {
    let bank = try MelFilterBank<Double>(bands: 7, frameLength: 64, sampleRate: 8000)
    var random = SplitMix(seed: 8)
    let spectra = (0..<3 * 33).map { _ in random.uniform() }
    let gradient = (0..<3 * 7).map { _ in random.uniform() }
    let bands = bank.bands(of: spectra)
    let weights = bank.weights
    for frame in 0..<3 {
      for band in 0..<7 {
        let expected = (0..<33).reduce(0.0) { $0 + weights[band * 33 + $1] * spectra[frame * 33 + $1] }
        #expect(abs(bands[frame * 7 + band] - expected) <= 1e-15)
      }
    }
    let left = zip(bands, gradient).reduce(0) { $0 + $1.0 * $1.1 }
    let right = zip(spectra, bank.adjoint(gradient)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(left - right) <= 1e-14)
  }

  @Test("a filter bank outside the spectrum is refused")
  func refused() {
    let error = #expect(throws: SignalError.self) {
      try MelFilterBank<Float>(bands: 8, frameLength: 64, sampleRate: 8000, range: 0...5000)
    }
    #expect(error?.description == "MelFilterBank: range must be within 0…4000.0 Hz, got 5000.0")
    #expect(throws: SignalError.self) { try MelFilterBank<Float>(bands: 0, frameLength: 64, sampleRate: 8000) }
  }

  @Test("levels: a hundredfold power is 20 dB, silence stays at the floor, and the range cuts")
  func decibels() {
    let levels: [Double] = Decibels.ofPower([1, 100, 0])
    #expect(mismatch(levels, [0, 20, -100], absolute: 1e-12) == nil)
    #expect(mismatch(Decibels.ofPower([1.0, 100, 0], range: 30), [0, 20, -10], absolute: 1e-12) == nil)
    #expect(abs(Decibels.amplitude(-6.020599913279624) - 0.5) <= 1e-15)
    #expect(abs(Decibels.power(10) - 10) <= 1e-14)
  }
}
