internal import Tensors

#if canImport(Glibc)
  internal import Glibc
#endif

/// A window function: weights that fade a frame of a signal out at its ends.
///
/// Source: Harris, "On the use of windows for harmonic analysis", 1978; coefficients as in SciPy 1.17.
public enum Window: Sendable, Hashable {
  /// All ones.
  case rectangular
  /// ½ - ½ cos φ.
  case hann
  /// 0.54 - 0.46 cos φ.
  case hamming
  /// 0.42 - ½ cos φ + 0.08 cos 2φ.
  case blackman
  /// Four cosine terms, side lobes below -92 dB.
  case blackmanHarris
  /// A triangle that is zero at both ends.
  case bartlett
  /// I₀(β √(1 - x²)) / I₀(β), x from -1 to 1; a larger β has lower side lobes and a wider main lobe.
  case kaiser(beta: Double)

  /// The weights.
  ///
  /// - Parameters:
  ///   - count: number of weights.
  ///   - periodic: whether the window would go on with its first value, as frames of a transform need; otherwise it is
  ///     symmetric, as filters need.
  /// - Returns: `[count]`; a single weight is 1.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func values<Scalar: BinaryFloatingPoint>(_ count: Int, periodic: Bool = true) -> [Scalar] {
    precondition(count >= 0, "Window.values: the number of weights must not be negative, got \(count)")
    guard count > 1 else { return [Scalar](repeating: 1, count: count) }
    let last = Double(periodic ? count : count - 1)
    return (0..<count).map { index in
      // The second half mirrors the first, to the bit.
      let mirrored = Double(index) > last / 2 ? last - Double(index) : Double(index)
      return Scalar(weight(at: mirrored / last))
    }
  }

  /// The weight at a place from 0 to 1.
  private func weight(at place: Double) -> Double {
    let angle = 2 * .pi * place
    return switch self {
    case .rectangular: 1
    case .hann: 0.5 - 0.5 * cos(angle)
    case .hamming: 0.54 - 0.46 * cos(angle)
    case .blackman: 0.42 - 0.5 * cos(angle) + 0.08 * cos(2 * angle)
    case .blackmanHarris: 0.35875 - 0.48829 * cos(angle) + 0.14128 * cos(2 * angle) - 0.01168 * cos(3 * angle)
    case .bartlett: 1 - abs(2 * place - 1)
    case .kaiser(let beta): Self.besselI0(beta * (4 * place * (1 - place)).squareRoot()) / Self.besselI0(beta)
    }
  }

  /// I₀ by its power series, whose terms are all positive.
  private static func besselI0(_ x: Double) -> Double {
    let square = x * x / 4
    var term = 1.0
    var sum = 1.0
    var k = 1.0
    while term > 1e-17 * sum {
      term *= square / (k * k)
      sum += term
      k += 1
    }
    return sum
  }
}
