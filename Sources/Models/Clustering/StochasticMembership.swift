public import Tensors

/// Memberships whose rows and columns sum to one, by Sinkhorn's scaling in logarithms.
///
/// Source: section 2 of the method; gradients pass through every half-step.
public struct StochasticMembership: Sendable, Equatable {
  /// Strength of the entropy: small values give sparse memberships.
  public var regularization: Double
  /// Number of half-steps; odd ones make rows exact, even ones columns.
  public var halfSteps: Int

  /// Chooses strength and number of half-steps.
  ///
  /// - Throws: `ClusteringError.outOfRange`.
  public init(regularization: Double, halfSteps: Int = 5) throws(ClusteringError) {
    guard regularization > 0, regularization.isFinite else {
      throw .outOfRange(what: "η", expected: "positive", got: regularization)
    }
    guard halfSteps > 0 else {
      throw .outOfRange(what: "number of half-steps", expected: "positive", got: Double(halfSteps))
    }
    (self.regularization, self.halfSteps) = (regularization, halfSteps)
  }

  /// Γ = exp(S / η + u 1ᵀ + 1 vᵀ) of similarities S, `[n, n]`.
  public func callAsFunction<Scalar: TensorScalar>(_ similarities: Tensor<Scalar>) -> Tensor<Scalar> {
    var kernel = similarities * Scalar(1 / regularization)
    for step in 0..<halfSteps {
      kernel = kernel - kernel.logSumExp([step.isMultiple(of: 2) ? 1 : 0], keepsAxes: true)
    }
    return kernel.exp()
  }
}
