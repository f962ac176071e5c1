internal import Glibc
public import Tensors

/// Cosines and sines of times at wavelengths that grow from 2π to nearly 10000 · 2π.
public enum TimeFeatures {
  /// [cos(ω_0 t), …, sin(ω_0 t), …] with ω_i = 10000^(-i/half).
  ///
  /// - Parameters:
  ///   - times: one an item.
  ///   - size: number of features, even.
  /// - Returns: `[times, size]`.
  public static func make(_ times: [Float], size: Int) -> Tensor<Float> {
    precondition(size > 0 && size % 2 == 0, "TimeFeatures: number of features must be even, got \(size)")
    let half = size / 2
    // Single precision as in the reference code: at t = 1000 the angle's own rounding shows in the fifth digit.
    let rates = (0..<half).map { expf(-logf(10000) * Float($0) / Float(half)) }
    return Tensor(
      times.flatMap { time in rates.map { cosf(time * $0) } + rates.map { sinf(time * $0) } },
      shape: [times.count, size]
    )
  }
}
