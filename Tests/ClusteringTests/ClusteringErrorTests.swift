import Clustering
import Layers
import Solvers
import Tensors
import TestSupport
import Testing

/// Bad input, and the words it gets.
struct ClusteringRefusal: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }

  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) { (self.message, self.call) = (message, call) }
}

private let square = Matrix<Double>([[0, 1], [1, 0]])

@Suite("Refusals of clustering")
struct ClusteringErrorTests {
  static let cases: [ClusteringRefusal] = [
    .init("clusters: expected 2 values, got 1") { _ = try ClusterScores([0], labels: [0, 1]) },
    .init("no items to judge; give at least one label") { _ = try ClusterScores([], labels: []) },
    .init("label must be zero or positive, got -1.0") { _ = try ClusterScores([-1], labels: [0]) },
    .init("η must be positive, got 0.0") { _ = try StochasticMembership(regularization: 0) },
    .init("number of half-steps must be positive, got 0.0") {
      _ = try StochasticMembership(regularization: 1, halfSteps: 0)
    },
    .init("precision ε² must be positive, got -0.1") {
      _ = try ClusterObjective(precision: -0.1, membership: StochasticMembership(regularization: 1))
    },
    .init("size 'hidden' must be at least 1, got 0.0") {
      _ = try ClusterNetworkSize(inputs: 1, hidden: 0, prefeatures: 1, outputs: 1)
    },
    .init("3 clusters of 2 samples; ask for at most one a sample") {
      _ = try KMeans(3).run(square, random: RandomStream(seed: 1))
    },
    .init("3 clusters of 2 samples; ask for at most one a sample") {
      _ = try SpectralEmbedding(Affinity(square), count: 3)
    },
    .init("number of clusters must be at least 1, got 0.0") { _ = try KMeans(0) },
    .init("feature 1 of sample 0 is not finite; remove the sample or lower the learning rate") {
      _ = try KMeans(1).run(Matrix([[0, .nan]]), random: RandomStream(seed: 1))
    },
    .init("feature 0 of sample 1 is not finite; remove the sample or lower the learning rate") {
      _ = try Affinity.nearest(Matrix([[0], [.infinity]]), neighbours: 1)
    },
    .init("number of neighbours must be in 1…2, got 3.0") { _ = try Affinity.nearest(square, neighbours: 3) },
    .init("regularization λ must be positive, got 0.0") { _ = try Affinity.leastSquares(square, regularization: 0) },
    .init("every entry of an affinity must be zero or positive, got -1.0") { _ = try Affinity(Matrix([[-1]])) },
    .init("the affinity: expected shape [n, n], got [1, 2]") { _ = try Affinity(Matrix([[1, 2]])) },
    .init("sample 1 is joined to no other; take more neighbours or a larger η") {
      _ = try SpectralEmbedding(Affinity(Matrix([[1, 0], [0, 0]])), count: 1)
    },
    .init(
      "the affinity falls into 2 parts, more than the 1 clusters asked for; take a larger η or more neighbours"
    ) { _ = try SpectralEmbedding(Affinity(.identity(2)), count: 1) },
    .init("side of the images must be at least 1, got 0.0") { _ = try ImageAugmentation(side: 0) },
    .init("a batch of 512 is larger than the 4 samples; lower it") { try train(.zeros([4, 64])) },
    .init("feature 2 of sample 0 is not finite; remove the sample or lower the learning rate") {
      try train(Tensor([0, 0, .nan, 0], shape: [1, 4]), batch: 1)
    },
    .init("columns must be in 1…8, got 64.0") { try train(.zeros([9, 64]), batch: 8) },
    .init("the samples: expected shape [samples, 64], got [9, 3]") {
      var random = RandomStream(seed: 1)
      _ = try ClusterNetwork(.digits, random: &random).codes(.zeros([9, 3]))
    },
  ]

  private static func train(_ samples: Tensor<Float>, batch: Int = 512) throws {
    var random = RandomStream(seed: 1)
    var network = ClusterNetwork(.digits, random: &random)
    var training = try ClusterTraining()
    training.clusterBatch = batch
    _ = try training.cluster(&network, samples, random: random) { view, _ in view }
  }

  @Test("bad input gets one clear error", arguments: cases)
  func refused(_ refusal: ClusteringRefusal) {
    let error = #expect(throws: ClusteringError.self) { try refusal.call() }
    #expect(error?.description == refusal.message)
  }
}
