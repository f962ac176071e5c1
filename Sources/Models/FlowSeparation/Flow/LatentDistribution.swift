public import Tensors

/// Independent normal distributions of a latent's values.
public struct LatentDistribution: Sendable {
  /// Their means.
  public let mean: Tensor<Float>
  /// Logarithms of their variances, in -30…20.
  public let logVariance: Tensor<Float>

  /// Cuts an encoder's result `[batch, 2 · channels, rows, columns]` into means and logarithms of variances.
  public init(moments: Tensor<Float>) {
    let parts = moments.split(into: 2, axis: 1)
    (mean, logVariance) = (parts[0], parts[1].clamped(to: -30...20))
  }

  /// Mean plus deviation times noise.
  public func sample(_ noise: Tensor<Float>) -> Tensor<Float> { mean + (logVariance * 0.5).exp() * noise }

  /// Divergence from the standard normal distribution, value by value.
  public var divergence: Tensor<Float> { (mean.squared() + logVariance.exp() - logVariance - 1) * 0.5 }
}

/// What an autoencoder takes.
enum MelPicture {
  static func check(_ x: Tensor<Float>, factor: Int) throws(FlowSeparationError) {
    guard x.rank == 4, x.shape[1] == 1 else {
      throw .shape(what: "log-mel pictures", expected: "[batch, 1, frames, bands]", got: x.shape)
    }
    guard x.shape[2] % factor == 0, x.shape[3] % factor == 0 else {
      throw .multiple(what: "log-mel pictures", divisor: factor, got: Array(x.shape.suffix(2)))
    }
  }
}
