#if canImport(Glibc)
  internal import Glibc
#endif
package import Tensors

/// A change of rate by a ratio of small numbers with windowed sincs, and with gradients.
///
/// Source: behaviour of julius 0.2.8 with 24 zeros and a cut at 0.945 of the lower rate.
package struct SincResampling: Sendable {
  /// Kernels, one a phase, `[new, 1, taps]`.
  package let kernels: Tensor<Float>
  private let old: Int
  private let new: Int
  private let width: Int

  /// Prepares a change from `old` to `new` samples.
  package init(from old: Int, to new: Int) {
    let zeros = 24.0
    let cut = 0.945 * Double(min(old, new))
    let width = Int((zeros * Double(old) / cut).rounded(.up))
    (self.old, self.new, self.width) = (old, new, width)
    let taps = 2 * width + old
    var values: [Float] = []
    for phase in 0..<new {
      let weights = (0..<taps).map { tap -> Double in
        let distance = (Double(tap - width) / Double(old) - Double(phase) / Double(new)) * cut
        let place = max(-zeros, min(zeros, distance)) * .pi
        let window = cos(place / zeros / 2)
        return (place == 0 ? 1 : sin(place) / place) * window * window
      }
      let sum = weights.reduce(0, +)
      values += weights.map { Float($0 / sum) }
    }
    kernels = Tensor(values, shape: [new, 1, taps])
  }

  /// `[…, samples]` to `[…, samples · new / old]`; the ends are continued with the first and the last sample.
  package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let samples = x.shape[x.rank - 1]
    let flat = x.reshaped([-1, 1, samples])
    let padded = flat.padded(before: width, after: width + old, axis: 2, mode: .replicated)
    let phases = padded.convolved(kernels, ConvolutionOptions(axes: 1, stride: old))
    let count = phases.shape[2]
    let woven = new == 1 ? phases : phases.transposed().reshaped([-1, 1, count * new])
    return woven.sliced(0..<samples * new / old, axis: 2).reshaped(Array(x.shape.dropLast()) + [samples * new / old])
  }
}
