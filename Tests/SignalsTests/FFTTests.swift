import Signals
import Testing
import TestSupport

/// The sum that defines the transform, with angles reduced exactly.
private func naive(_ x: [Complex<Double>]) -> [Complex<Double>] {
  let n = x.count
  let roots = (0..<n).map { Complex<Double>.polar(1, -2 * .pi * Double($0) / Double(n)) }
  return (0..<n).map { k in (0..<n).reduce(Complex.zero) { $0 + x[$1] * roots[$1 * k % n] } }
}

private func distance(_ a: [Complex<Double>], _ b: [Complex<Double>]) -> Double {
  zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0
}

@Suite("Fourier transforms")
struct FFTTests {
  /// Every radix, its products, primes below and above 13, squares and a length with a large prime factor.
  static let lengths =
    Array(1...41) + [48, 49, 60, 64, 77, 91, 97, 121, 128, 143, 169, 202, 210, 256, 315, 512, 1000, 1009]

  @Test("the complex transform equals the defining sum", arguments: lengths)
  func complex(length: Int) {
    var random = SplitMix(seed: UInt64(length))
    let x = (0..<length).map { _ in Complex(random.uniform(), random.uniform()) }
    // Rounding grows like the square root of the number of passes; the values are of order √n.
    let tolerance = 1e-15 * Double(length)
    #expect(distance(fft(x), naive(x)) <= tolerance.clampedBelow(1e-14))
    #expect(distance(ifft(fft(x)), x) <= 1e-14)
    var split = SplitComplex(real: x.map(\.real), imaginary: x.map(\.imaginary))
    let transform = FFT<Double>(length: length)
    transform.forward(&split)
    #expect(distance((0..<length).map { split[$0] }, fft(x)) == 0)
    transform.inverse(&split)
    #expect(distance((0..<length).map { split[$0] }, x) <= 1e-14)
  }

  @Test("the real transform is the first half of the complex one", arguments: lengths)
  func real(length: Int) {
    var random = SplitMix(seed: UInt64(length) + 7)
    let x = (0..<length).map { _ in random.uniform() }
    let half = rfft(x)
    #expect(half.count == length / 2 + 1)
    #expect(distance(half, fft(x.map { Complex($0) })) <= (1e-15 * Double(length)).clampedBelow(1e-14))
    let back = irfft(half, length: length)
    #expect(zip(back, x).allSatisfy { abs($0 - $1) <= 1e-14 })
  }

  @Test("single precision stays within a few units of its last place", arguments: lengths)
  func float(length: Int) {
    var random = SplitMix(seed: UInt64(length) + 11)
    let x = (0..<length).map { _ in Float(random.uniform()) }
    let reference = rfft(x.map(Double.init))
    let scale = Float(length).squareRoot()
    for (a, b) in zip(rfft(x), reference) {
      #expect(abs(a.real - Float(b.real)) <= 2e-6 * scale)
      #expect(abs(a.imaginary - Float(b.imaginary)) <= 2e-6 * scale)
    }
  }

  @Test("rows at any distance equal single transforms", arguments: [2, 9, 16, 100, 512, 1000, 514])
  func rows(length: Int) {
    var random = SplitMix(seed: UInt64(length) + 13)
    for (count, stride) in [(1, length), (5, length), (37, 1 + length / 3)] {
      let signal = (0..<(count - 1) * stride + length).map { _ in random.uniform() }
      let transform = RealFFT<Double>(length: length)
      let spectra = transform.forward(rows: signal, count: count, stride: stride)
      for row in 0..<count {
        let single = transform.forward(Array(signal[row * stride..<row * stride + length]))
        let batched = (0..<transform.spectrumCount).map { spectra[row * transform.spectrumCount + $0] }
        #expect(distance(single, batched) <= 1e-14 * Double(length).squareRoot())
      }
      let back = transform.inverse(rows: spectra, count: count)
      for row in 0..<count {
        for j in 0..<length { #expect(abs(back[row * length + j] - signal[row * stride + j]) <= 1e-14) }
      }
    }
  }

  @Test("Parseval: energy is kept", arguments: [5, 64, 1009, 4096])
  func parseval(length: Int) {
    var random = SplitMix(seed: 3)
    let x = (0..<length).map { _ in Complex(random.uniform(), random.uniform()) }
    let energy = x.reduce(0) { $0 + $1.squaredMagnitude }
    let spectral = fft(x).reduce(0) { $0 + $1.squaredMagnitude } / Double(length)
    #expect(abs(energy - spectral) <= 1e-13 * energy)
  }

  @Test("a long transform finds one line")
  func line() {
    let n = 1 << 16
    let x = (0..<n).map { Complex<Double>.polar(1, 2 * .pi * Double($0 * 1234 % n) / Double(n)) }
    let spectrum = fft(x)
    #expect(abs(spectrum[1234].real - Double(n)) <= 1e-9)
    #expect(spectrum.indices.allSatisfy { $0 == 1234 || spectrum[$0].magnitude <= 1e-9 })
  }

  @Test("imaginary parts that a real sequence cannot have are ignored, as numpy does")
  func hermitian() {
    let plain: [Complex<Double>] = [Complex(4), Complex(1, -1), Complex(2)]
    let odd: [Complex<Double>] = [Complex(4, 9), Complex(1, -1), Complex(2, 5)]
    #expect(irfft(plain) == irfft(odd))
  }

  @Test("no values give no values")
  func empty() {
    #expect(fft([Complex<Double>]()).isEmpty)
    #expect(ifft([Complex<Double>]()).isEmpty)
    #expect(rfft([Double]()).isEmpty)
  }

  @Test("a wrong number of values stops the program with both numbers")
  func wrongCount() async {
    await #expect(processExitsWith: .failure) { _ = FFT<Double>(length: 8).forward([Complex(1)]) }
    await #expect(processExitsWith: .failure) { _ = RealFFT<Double>(length: 0) }
  }
}

extension Double {
  fileprivate func clampedBelow(_ bound: Double) -> Double { Swift.max(self, bound) }
}
