public import Tensors

/// What is taken off features before their products are averaged.
public enum Centering: Sendable, Equatable {
  /// Nothing: an uncentred second moment.
  case none
  /// One number a sample, the mean over its tokens and channels: what the official code does under the name of removing the mean.
  ///
  /// After a layer norm without weights that number is zero.
  case sample
  /// The mean of each channel over the tokens: a covariance in the usual sense.
  case channel
}

/// Second-order moments of sets of features.
public enum CrossMoment {
  /// C = XᵀY / N of two sets of features, the cross-covariance of two heads.
  ///
  /// - Parameters:
  ///   - x: features of the rows, `[…, N, m]`.
  ///   - y: features of the columns, `[…, N, n]`.
  ///   - centering: what is taken off first.
  /// - Returns: `[…, m, n]`.
  ///
  /// Source: Gao and others, "Tuning Pre-trained Model via Moment Probing", 2023, and its official code.
  public static func matrix<Scalar: TensorScalar>(
    _ x: Tensor<Scalar>,
    _ y: Tensor<Scalar>,
    centering: Centering = .sample
  ) -> Tensor<Scalar> {
    let count = Scalar(x.shape[x.rank - 2])
    return centered(x, centering).matmul(centered(y, centering), transposesLeft: true) * (1 / count)
  }

  /// Each column over its Euclidean length.
  ///
  /// Columns shorter than 10⁻¹² become zero and pass no gradient: dividing by that bound would pass one of order 10¹².
  ///
  /// - Parameter matrices: `[…, m, n]`.
  /// - Returns: the same shape.
  public static func unitColumns<Scalar: TensorScalar>(_ matrices: Tensor<Scalar>) -> Tensor<Scalar> {
    let smallest: Scalar = 1e-24
    let squares = matrices.squared().sum(-2, keepsAxes: true)
    let isLong: Tensor<Scalar> = (squares.withoutGradient() .> smallest).converted()
    let scale = squares.clamped(to: smallest...Scalar.greatestFiniteMagnitude).reciprocalSqrt()
    return matrices * (scale * isLong)
  }

  /// Features less what the choice takes off, `[…, N, m]`.
  static func centered<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ centering: Centering) -> Tensor<Scalar> {
    switch centering {
    case .none: x
    case .sample: x - x.mean([-2, -1], keepsAxes: true)
    case .channel: x - x.mean(-2, keepsAxes: true)
    }
  }
}
