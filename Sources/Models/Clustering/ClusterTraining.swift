internal import Layers
public import Tensors

/// The two stages of training: features that fill the space, then features and memberships together.
///
/// Source: T. Ding and others, 2023, algorithm 1 and section 3.3; sizes of steps and batches are this replication's.
public struct ClusterTraining: Sendable {
  /// Steps of the first stage.
  public var featureSteps = 300
  /// Steps of the second stage.
  public var clusterSteps = 60
  /// Samples in a batch of the first stage.
  public var featureBatch = 256
  /// Samples in a batch of the second stage.
  public var clusterBatch = 512
  /// Size of Adam's steps in the first stage.
  public var featureRate: Float = 1e-3
  /// Size of Adam's steps in the second stage.
  public var clusterRate: Float = 5e-4
  /// Weight decay of both stages.
  public var decay: Float = 1e-4
  /// ε² of the first stage.
  public var featurePrecision: Float = 0.1
  /// λ: weight of the likeness of two views in the first stage.
  public var likeness: Float = 30
  /// Columns of Γ that estimate the rate of the groups.
  public var columns = 64
  /// What the second stage makes small.
  public var objective: ClusterObjective

  /// Settings of the second stage: η = 0.2, ten half-steps, ε² = 0.5, similarities |C Cᵀ| as in the authors' code.
  ///
  /// - Throws: `ClusteringError.outOfRange`, which these settings never cause; for settings of the caller's own.
  public init(
    regularization: Double = 0.2,
    halfSteps: Int = 10,
    precision: Double = 0.5
  ) throws(ClusteringError) {
    let membership = try StochasticMembership(regularization: regularization, halfSteps: halfSteps)
    objective = try ClusterObjective(precision: precision, membership: membership, isAbsolute: true)
  }

  /// First stage: maximises R of the mean of two views plus λ times their mean likeness.
  ///
  /// - Parameters:
  ///   - network: trained in place.
  ///   - samples: `[n, inputs]`.
  ///   - random: supplies batches and views.
  ///   - augmented: makes a view of a batch.
  /// - Returns: the loss of each step.
  /// - Throws: `ClusteringError.largeBatch`, or `SolverError` where features are not finite.
  public func fillSpace(
    _ network: inout ClusterNetwork,
    _ samples: Tensor<Float>,
    random: RandomStream,
    augmented: (Tensor<Float>, inout RandomStream) -> Tensor<Float>
  ) throws -> [Float] {
    try check(featureBatch, featureSteps, samples)
    var training = Training(network, Adam(rate: featureRate, decay: decay), random: random)
    let losses = try training.run(steps: featureSteps) { network, _, random in
      let batch = Self.batch(featureBatch, of: samples, &random)
      let first = network(augmented(batch, &random), mode: .training)
      let second = network(augmented(batch, &random), mode: .training)
      return try CodingRate.twoViewLoss(
        first.features,
        second.features,
        precision: featurePrecision,
        weight: likeness
      )
    }
    network = training.model
    return losses
  }

  /// Second stage, after the one-shot start: makes Rᶜ(Z, Γ) - R(Z) of two views small.
  ///
  /// - Parameters:
  ///   - network: trained in place; its cluster head is set to the feature head at first.
  ///   - samples: `[n, inputs]`.
  ///   - random: supplies batches, views and columns.
  ///   - augmented: makes a view of a batch.
  /// - Returns: both rates at each step, that of the groups as it was estimated.
  /// - Throws: `ClusteringError.largeBatch` or `.outOfRange`, or `SolverError` where features are not finite.
  public func cluster(
    _ network: inout ClusterNetwork,
    _ samples: Tensor<Float>,
    random: RandomStream,
    augmented: (Tensor<Float>, inout RandomStream) -> Tensor<Float>
  ) throws -> [(whole: Float, groups: Float)] {
    try check(clusterBatch, clusterSteps, samples)
    guard (1...clusterBatch).contains(columns) else {
      throw ClusteringError.outOfRange(what: "columns", expected: "in 1…\(clusterBatch)", got: Double(columns))
    }
    network.copyFeatureHead()
    // A new rule: running moments of the first stage belong to another loss.
    var training = Training(network, Adam(rate: clusterRate, decay: decay), random: random)
    var rates: [(whole: Float, groups: Float)] = []
    try training.run(steps: clusterSteps) { network, _, random in
      let batch = Self.batch(clusterBatch, of: samples, &random)
      let views = (0..<2).map { _ in network(augmented(batch, &random), mode: .training) }
      let chosen = Tensor<Int>(Array(random.permutation(clusterBatch).prefix(columns)))
      let loss = try objective.loss(features: views.map(\.features), clusters: views.map(\.clusters), columns: chosen)
      rates.append((loss.whole.value, loss.groups.value))
      return loss.value
    }
    network = training.model
    return rates
  }

  private func check(_ batch: Int, _ steps: Int, _ samples: Tensor<Float>) throws(ClusteringError) {
    try ClusteringError.positive(batch, "batch")
    guard steps >= 0 else { throw .outOfRange(what: "steps", expected: "zero or positive", got: Double(steps)) }
    guard samples.rank == 2 else {
      throw .shape(what: "the samples", expected: "[samples, inputs]", got: samples.shape)
    }
    guard batch <= samples.shape[0] else { throw .largeBatch(batch: batch, samples: samples.shape[0]) }
    if let index = samples.values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(sample: index / samples.shape[1], feature: index % samples.shape[1])
    }
  }

  /// Different samples, chosen at random.
  private static func batch(_ count: Int, of samples: Tensor<Float>, _ random: inout RandomStream) -> Tensor<Float> {
    samples.gatheredRows(Tensor<Int>(Array(random.permutation(samples.shape[0]).prefix(count))))
  }
}
