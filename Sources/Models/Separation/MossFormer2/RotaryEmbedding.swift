#if canImport(Glibc)
  internal import Glibc
#endif
package import Tensors

/// Turns pairs of neighbouring channels by an angle that grows with the frame; channels after the first few stay.
///
/// (a, b) → (a cos sθ - b sin sθ, b cos sθ + a sin sθ). Source: J. Su and others, 2021, behaviour of rotary-embedding-torch 0.9.1.
package struct RotaryEmbedding: Sendable {
  /// θ of each pair, in radians a frame.
  package var frequencies: Tensor<Float>

  /// Makes frequencies 10000^(-2j/channels).
  package init(channels: Int) {
    frequencies = Tensor((0..<channels / 2).map { Float(pow(10000, -2 * Double($0) / Double(channels))) })
  }

  /// Turns `[…, frames, channels]`.
  package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let (frames, channels) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    let angles = frequencies.values.map(Double.init)
    var cosines = [Float](repeating: 1, count: frames * channels)
    var sines = [Float](repeating: 0, count: frames * channels)
    for frame in 0..<frames {
      for (pair, step) in angles.enumerated() {
        let place = frame * channels + 2 * pair
        let (c, s) = (Float(cos(Double(frame) * step)), Float(sin(Double(frame) * step)))
        (cosines[place], cosines[place + 1]) = (c, c)
        (sines[place], sines[place + 1]) = (-s, s)
      }
    }
    let shape = [frames, channels]
    return x * Tensor(cosines, shape: shape) + x.matmul(Self.exchange(channels)) * Tensor(sines, shape: shape)
  }

  /// The matrix that exchanges neighbours.
  private static func exchange(_ channels: Int) -> Tensor<Float> {
    var matrix = Tensor<Float>.zeros([channels, channels])
    for channel in 0..<channels where channel ^ 1 < channels { matrix[channel, channel ^ 1] = 1 }
    return matrix
  }
}
