public import Tensors

/// Memberships whose rows and columns sum to one, by Sinkhorn's scaling.
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

  /// Kernels whose exponents differ by no more than this are scaled as they are; others only through their logarithms.
  private static let widestRange = 40.0

  /// Γ = exp(S / η + u 1ᵀ + 1 vᵀ) of similarities S, `[n, n]`.
  ///
  /// Where η is not too small, exp(S / η) is computed once and each half-step is its product with a vector.
  public func callAsFunction<Scalar: TensorScalar>(_ similarities: Tensor<Scalar>) -> Tensor<Scalar> {
    let exponents = similarities * Scalar(1 / regularization)
    let fixed = exponents.withoutGradient()
    let highest = fixed.max().value
    guard (highest - fixed.min().value).asDouble <= Self.widestRange else { return scaledByLogarithms(exponents) }
    let kernel = (exponents - highest).exp()
    let count = kernel.shape[0]
    var rows = Tensor<Scalar>.ones([count, 1])
    var columns = Tensor<Scalar>.ones([1, count])
    for step in 0..<halfSteps {
      if step.isMultiple(of: 2) {
        rows = kernel.matmul(columns, transposesRight: true).reciprocal()
      } else {
        columns = rows.matmul(kernel, transposesLeft: true).reciprocal()
      }
    }
    return kernel * (rows * columns)
  }

  private func scaledByLogarithms<Scalar: TensorScalar>(_ exponents: Tensor<Scalar>) -> Tensor<Scalar> {
    var kernel = exponents
    for step in 0..<halfSteps {
      kernel = kernel - kernel.logSumExp([step.isMultiple(of: 2) ? 1 : 0], keepsAxes: true)
    }
    return kernel.exp()
  }
}
