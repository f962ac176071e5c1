import Signals
import TestSupport
import Tensors
import Testing

/// Transforms of many rows share them out among threads.
@Suite("Transforms on several threads", .serialized)
struct ThreadedTransformTests {
  private func draw<Scalar: TensorScalar>(_ shape: [Int], seed: UInt64) -> Tensor<Scalar> {
    var random = SplitMix(seed: seed)
    return Tensor<Double>((0..<shape.reduce(1, *)).map { _ in random.roughlyNormal() }, shape: shape).converted()
  }

  /// Results of a body with one, two, three and five threads.
  private func results<Result>(_ body: () throws -> Result) rethrows -> [Result] {
    let before = Threads.count
    defer { Threads.count = before }
    return try [1, 2, 3, 5].map {
      Threads.count = $0
      return try body()
    }
  }

  /// Even lengths with few and many lanes, an odd one, and one that takes a chirp; no numbers of rows are whole vectors.
  @Test(
    "spectra of rows, and rows of spectra, have the same bits",
    arguments: [(96, 301), (1024, 77), (243, 50), (514, 41)]
  )
  func rows(length: Int, count: Int) {
    let transform = RealFFT<Float>(length: length)
    let stride = length / 2 + 1
    let signal: Tensor<Float> = draw([(count - 1) * stride + length], seed: UInt64(length))
    let spectra = results { transform.forward(rows: signal.values, count: count, stride: stride) }
    #expect(spectra.allSatisfy { $0 == spectra[0] })
    let back = results { transform.inverse(rows: spectra[0], count: count) }
    #expect(back.allSatisfy { $0 == back[0] })
    // What a part of the rows gives does not depend on the rest either.
    let last = Array(signal.values[((count - 1) * stride)...])
    let alone = transform.forward(rows: last, count: 1)
    #expect(alone.real == Array(spectra[0].real.suffix(transform.spectrumCount)))
    #expect(alone.imaginary == Array(spectra[0].imaginary.suffix(transform.spectrumCount)))
  }

  /// Frames that overlap much and little, do not meet, and have odd lengths; every padding.
  static let transforms: [STFT<Float>] = [
    STFT(frameLength: 512, hop: 128), STFT(frameLength: 64, hop: 7, window: .hamming, padding: .zeros),
    STFT(frameLength: 301, hop: 200, window: .hamming, padding: .none),
    STFT(frameLength: 1024, hop: 1000, window: .hamming),
  ]

  @Test("short-time transforms, their inverses and both adjoints have the same bits", arguments: transforms.indices)
  func shortTime(index: Int) throws {
    let stft = Self.transforms[index]
    for shape in [[1, 20_011], [5, 9_000]] {
      let signals: Tensor<Float> = draw(shape, seed: 3)
      let runs = try results {
        let spectra = try stft.forward(signals)
        let back = try stft.inverse(spectra)
        let slopes = gradient(at: signals) { try! stft.forward($0) * spectra }
        let others = gradient(at: spectra) { try! stft.inverse($0) * back }
        return [spectra, back, slopes, others]
      }
      #expect(runs.allSatisfy { $0 == runs[0] }, "shape \(shape)")
    }
  }

  @Test("frames that do not meet leave zeros between them")
  func gaps() throws {
    let stft = STFT<Double>(frameLength: 4, hop: 6, window: .hamming, padding: .none)
    let spectra = try stft.forward([Double](repeating: 1, count: 16))
    let sums = stft.forwardAdjoint(spectra, length: 16)
    for (index, sum) in sums.enumerated() { #expect((sum == 0) == (index % 6 >= 4), "sample \(index)") }
  }
}
