public import Solvers
public import Tensors

/// How many bits features take at a precision, as a whole and by groups: what clustering of manifolds makes large and small.
///
/// Source: T. Ding and others, "Unsupervised manifold linearizing and clustering", 2023; section 2 of the method. The factor one half
/// of the code bases is kept.
public enum CodingRate {
  /// R(Z) = ½ log det(I + d / (n ε²) Zᵀ Z).
  ///
  /// - Parameters:
  ///   - features: Z, one sample a row, `[n, d]`.
  ///   - precision: ε².
  /// - Returns: one number, with gradients.
  /// - Throws: `SolverError` where features are not finite.
  public static func whole<Scalar: TensorScalar>(
    _ features: Tensor<Scalar>,
    precision: Scalar
  ) throws(SolverError) -> Tensor<Scalar> {
    let (n, d) = (features.shape[0], features.shape[1])
    let gram = features.matmul(features, transposesLeft: true) * (Scalar(d) / (Scalar(n) * precision))
    return try (gram + Tensor.identity(d)).definiteLogDeterminant() * 0.5
  }

  /// Σⱼ wⱼ / (2n) log det(I + d / (wⱼ ε²) Zᵀ Diag(M·ⱼ) Z), wⱼ = Σᵢ Mᵢⱼ.
  ///
  /// - Parameters:
  ///   - features: Z, `[n, d]`.
  ///   - membership: M, `[n, groups]`: hard clusters, or a doubly stochastic matrix.
  ///   - precision: ε².
  /// - Returns: one number, with gradients by both.
  /// - Throws: `SolverError` where numbers are not finite or a group is empty.
  public static func groups<Scalar: TensorScalar>(
    _ features: Tensor<Scalar>,
    _ membership: Tensor<Scalar>,
    precision: Scalar
  ) throws(SolverError) -> Tensor<Scalar> {
    let (n, d, k) = (features.shape[0], features.shape[1], membership.shape[1])
    let weights = membership.sum(0)
    // Outer products of all samples once, so that one product gives the weighted Gram matrices of all groups.
    let outer = (features.expanded(at: 2) * features.expanded(at: 1)).reshaped([n, d * d])
    let grams = membership.matmul(outer, transposesLeft: true).reshaped([k, d, d])
    let scales = (weights.reciprocal() * (Scalar(d) / precision)).reshaped([k, 1, 1])
    let rates = try (grams * scales + Tensor.identity(d)).definiteLogDeterminant()
    return (rates * weights).sum() * (0.5 / Scalar(n))
  }

  /// The loss of total coding rate over two views: -R(normalised mean) - λ mean |z₁ · z₂|.
  ///
  /// - Throws: `SolverError` where features are not finite.
  public static func twoViewLoss<Scalar: TensorScalar>(
    _ first: Tensor<Scalar>,
    _ second: Tensor<Scalar>,
    precision: Scalar,
    weight: Scalar
  ) throws(SolverError) -> Tensor<Scalar> {
    let mean = ((first + second) * 0.5).normalized([1])
    let likeness = (first * second).sum(1).abs().mean()
    return try -whole(mean, precision: precision) - likeness * weight
  }
}
