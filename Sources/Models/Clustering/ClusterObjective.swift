public import Solvers
public import Tensors

/// What manifold linearizing and clustering makes small: the rate of the groups less the rate of the whole, Rᶜ(Z, Γ) - R(Z).
///
/// Source: T. Ding and others, 2023, equation (5) and algorithm 1.
public struct ClusterObjective: Sendable, Equatable {
  /// ε² of both rates.
  public var precision: Double
  /// From similarities to memberships.
  public var membership: StochasticMembership
  /// Whether similarities are |C Cᵀ|, as in the authors' code, and not C Cᵀ, as in the paper.
  public var isAbsolute: Bool

  /// Chooses.
  ///
  /// - Throws: `ClusteringError.outOfRange` for a precision that is not positive.
  public init(
    precision: Double,
    membership: StochasticMembership,
    isAbsolute: Bool = false
  ) throws(ClusteringError) {
    try ClusteringError.positive(precision, "precision ε²")
    (self.precision, self.membership, self.isAbsolute) = (precision, membership, isAbsolute)
  }

  /// Similarities of samples, `[n, n]`, from C on the unit sphere, `[n, d]`.
  public func similarities<Scalar: TensorScalar>(_ clusters: Tensor<Scalar>) -> Tensor<Scalar> {
    let products = clusters.matmul(clusters, transposesRight: true)
    return isAbsolute ? products.abs() : products
  }

  /// Γ of samples, `[n, n]`, from C on the unit sphere, `[n, d]`.
  public func memberships<Scalar: TensorScalar>(_ clusters: Tensor<Scalar>) -> Tensor<Scalar> {
    membership(similarities(clusters))
  }

  /// The loss of several views of the same samples.
  ///
  /// Features are averaged and put back on the sphere, memberships averaged. The rate of the groups is a sum over the columns of Γ; a
  /// random choice of columns, scaled by their share, estimates it without bias.
  ///
  /// - Parameters:
  ///   - features: Z of each view, `[n, d]`, on the unit sphere.
  ///   - clusters: C of each view, `[n, d]`, on the unit sphere.
  ///   - columns: which columns of Γ are used; all when nil.
  /// - Returns: the loss with its parts.
  /// - Throws: `SolverError` where features are not finite.
  public func loss<Scalar: TensorScalar>(
    features: [Tensor<Scalar>],
    clusters: [Tensor<Scalar>],
    columns: Tensor<Int>? = nil
  ) throws(SolverError) -> ClusterLoss<Scalar> {
    precondition(
      !features.isEmpty && features.count == clusters.count,
      "ClusterObjective: \(features.count) views of features, \(clusters.count) of clusters"
    )
    let share = 1 / Scalar(features.count)
    let mean = (features.dropFirst().reduce(features[0]) { $0 + $1 } * share).normalized([1])
    let gamma = clusters.dropFirst().reduce(memberships(clusters[0])) { $0 + memberships($1) } * share
    let used = columns.map { gamma.indexSelected($0, axis: 1) } ?? gamma
    let scale = Scalar(gamma.shape[1]) / Scalar(used.shape[1])
    let groups = try CodingRate.groups(mean, used, precision: Scalar(precision)) * scale
    let whole = try CodingRate.whole(mean, precision: Scalar(precision))
    return ClusterLoss(value: groups - whole, whole: whole, groups: groups, features: mean, membership: gamma)
  }
}

/// The loss of a batch and what it is made of.
public struct ClusterLoss<Scalar: TensorScalar>: Sendable {
  /// Rᶜ - R, one number.
  public var value: Tensor<Scalar>
  /// R, one number.
  public var whole: Tensor<Scalar>
  /// Rᶜ, or its estimate, one number.
  public var groups: Tensor<Scalar>
  /// Z of all views together, `[n, d]`.
  public var features: Tensor<Scalar>
  /// Γ of all views together, `[n, n]`.
  public var membership: Tensor<Scalar>
}
