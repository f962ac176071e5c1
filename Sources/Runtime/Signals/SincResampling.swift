internal import Glibc
public import Tensors

/// A change of rate by a ratio of whole numbers as a convolution, so that gradients pass through it.
///
/// Output i is Σⱼ k_p[j] x[⌊i/n⌋·o + j] with phase p = i mod n: a windowed sinc, k_p[j] ∝ sinc(t) cos²(πt/2Z) with
/// t = clip((j/o - p/n) s, ±Z), Z = 24 zero crossings and a cut-off of s/2, s = 0.945 min(o, n); each phase adds up to 1.
/// Beyond the ends the signal repeats its end samples. As in Demucs (A. Défossez and others, 2019), after J. Smith's method.
/// To change the rate of sound without gradients `Audio.resampled` is faster and more exact.
public struct SincResampling: Sendable, Hashable {
  /// Samples of the input for which `output` samples are made; both without a common divisor.
  public let input: Int
  /// Samples that are made of `input` samples.
  public let output: Int
  private let reach: Int
  private static let crossings = 24.0

  /// Prepares a change of rate.
  ///
  /// - Parameters:
  ///   - old: rate of the input, positive, in any unit.
  ///   - new: rate of the output in the same unit.
  public init(from old: Int, to new: Int) {
    precondition(old > 0 && new > 0, "SincResampling: rates must be positive, got \(old) and \(new)")
    var (divisor, rest) = (old, new)
    while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
    (input, output) = (old / divisor, new / divisor)
    reach = Int((Self.crossings * Double(input) / (0.945 * Double(Swift.min(input, output)))).rounded(.up))
  }

  /// Signals at the new rate, with a gradient.
  ///
  /// - Parameter signals: `[…, samples]`, at least one sample.
  /// - Returns: `[…, ⌊output · samples / input⌋]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func callAsFunction<Scalar: TensorScalar>(_ signals: Tensor<Scalar>) -> Tensor<Scalar> {
    let samples = signals.shape.last ?? 0
    precondition(samples > 0, "SincResampling: signals of shape \(signals.shape) hold no sample")
    guard input != output else { return signals }
    let rows = signals.count / samples
    let padded = signals.reshaped([rows, 1, samples])
      .padded(before: reach, after: reach + input, axis: 2, mode: .replicated)
    let phases = padded.convolved(kernels(), ConvolutionOptions(axes: 1, stride: input))
    let joined = phases.permuted([0, 2, 1]).reshaped([rows, -1])
    return joined.sliced(0..<samples * output / input, axis: 1)
      .reshaped(Array(signals.shape.dropLast()) + [samples * output / input])
  }

  /// Weights of all phases, `[output, 1, 2 reach + input]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func kernels<Scalar: TensorScalar>() -> Tensor<Scalar> {
    let width = 2 * reach + input
    let cut = 0.945 * Double(Swift.min(input, output))
    var values: [Scalar] = []
    for phase in 0..<output {
      let weights = (0..<width).map { tap -> Double in
        let place = Double(tap - reach) / Double(input) - Double(phase) / Double(output)
        let t = Swift.max(-Self.crossings, Swift.min(Self.crossings, place * cut)) * .pi
        let window = cos(t / (2 * Self.crossings))
        return (t == 0 ? 1 : sin(t) / t) * window * window
      }
      let sum = weights.reduce(0, +)
      values += weights.map { Scalar($0 / sum) }
    }
    return Tensor(values, shape: [output, 1, width])
  }
}
