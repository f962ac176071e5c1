import Signals
import TestSupport
import Tensors
import Testing

@Suite("Signals as tensors")
struct TensorSignalTests {
  private func draw(_ shape: [Int], seed: UInt64) -> Tensor<Double> {
    var random = SplitMix(seed: seed)
    return Tensor((0..<shape.reduce(1, *)).map { _ in random.roughlyNormal() }, shape: shape)
  }

  static let transforms: [STFT<Double>] = [
    STFT(frameLength: 8, hop: 3, window: .hann), STFT(frameLength: 7, hop: 2, window: .hamming, padding: .zeros),
    STFT(frameLength: 6, hop: 3, window: .hamming, padding: .none),
  ]

  @Test("short-time transforms and their inverses have the gradients of central differences", arguments: 0..<3)
  func gradients(index: Int) throws {
    let stft = Self.transforms[index]
    let signals = draw([2, 2, 24], seed: 1)
    #expect(GradientCheck.largestError(at: [signals]) { try! stft.forward($0[0]) } < 1e-8)
    let spectra = try stft.forward(signals)
    #expect(GradientCheck.largestError(at: [spectra]) { try! stft.inverse($0[0], length: 21) } < 1e-8)
    // Masks, as separators use them.
    let masked = GradientCheck.largestError(at: [signals]) { inputs in
      let spectra = try! stft.forward(inputs[0])
      let power = spectra.squared().sum(-3, keepsAxes: true)
      return try! stft.inverse(spectra * (power / (power + 1)), length: 24)
    }
    #expect(masked < 1e-7)
  }

  @Test("rows of a tensor are transformed as arrays are, and come back")
  func rows() throws {
    let stft = STFT<Float>(frameLength: 16, hop: 4)
    let signals: Tensor<Float> = draw([3, 50], seed: 2).converted()
    let spectra = try stft.forward(signals)
    #expect(spectra.shape == [3, 2, 13, 9])
    let second = try stft.forward(signals.selected(1).values)
    #expect(spectra.selected(1).selected(0).values == second.values.real)
    #expect(spectra.selected(1).selected(1).values == second.values.imaginary)
    let back = try stft.inverse(spectra, length: 50)
    #expect(back.isClose(to: signals, relative: 0, absolute: 1e-5))
    #expect(throws: SignalError.self) { try stft.forward(Tensor<Float>([1, 2, 3])) }
  }

  @Test("a change of rate has Demucs's numbers and an exact adjoint")
  func resampling() throws {
    let cases = Parity.cases("demucs", prefix: "resample")
    #expect(!cases.isEmpty)
    for item in cases {
      let data = try item.load()
      let x = try data.file.doubleTensor("in.x")
      for (name, change) in [("up", SincResampling(from: 1, to: 2)), ("down", SincResampling(from: 2, to: 1))] {
        let cotangent = try data.file.doubleTensor("in.cotangent_\(name)")
        // The reference's kernel is in single precision.
        #expect(change(x).isClose(to: try data.file.doubleTensor("out.\(name)"), relative: 0, absolute: 1e-6))
        let slope = gradient(at: x) { change($0) * cotangent }
        #expect(slope.isClose(to: try data.file.doubleTensor("grad.x_from_\(name)"), relative: 0, absolute: 1e-6))
      }
    }
    for (old, new) in [(1, 2), (2, 1), (3, 2), (44, 48), (5, 5)] {
      let x = draw([2, 40], seed: 3)
      let change = SincResampling(from: old, to: new)
      let y = draw(change(x).shape, seed: 4)
      let back = gradient(at: x) { change($0) * y }
      #expect(abs(change(x).dotProduct(y) - x.dotProduct(back)) <= 1e-11, "\(old) to \(new)")
      #expect(change(Tensor<Double>.ones([1, 30])).values.allSatisfy { abs($0 - 1) <= 1e-14 })
    }
  }
}
