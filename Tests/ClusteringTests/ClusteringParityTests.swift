import Clustering
import Solvers
import Tensors
import TestSupport
import Testing

private let paper = "manifold-clustering"

@Suite("Parity of manifold clustering")
struct ClusteringParityTests {
  @Test("coding rates and their gradients", arguments: Parity.cases(paper, prefix: "rates_"))
  func rates(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let precision = try data["eps_squared"][0]
    let inputs = [try data.file.doubleTensor("z"), try data.file.doubleTensor("membership")]
    let whole = try CodingRate.whole(inputs[0], precision: precision)
    let groups = try CodingRate.groups(inputs[0], inputs[1], precision: precision)
    #expect(mismatch(whole.values, try data["rate"], absolute: 1e-10) == nil)
    #expect(mismatch(groups.values, try data["rate_members"], absolute: 1e-10) == nil)
    let (loss, gradients) = try valueWithGradient(at: inputs) { inputs in
      try CodingRate.groups(inputs[0], inputs[1], precision: precision)
        - CodingRate.whole(inputs[0], precision: precision)
    }
    #expect(mismatch(loss.values, try data["loss"], absolute: 1e-10) == nil)
    #expect(mismatch(gradients[0].values, try data["grad_z"], absolute: 1e-9) == nil)
    #expect(mismatch(gradients[1].values, try data["grad_membership"], absolute: 1e-9) == nil)
  }

  @Test(
    "doubly stochastic memberships, with gradients through all half-steps",
    arguments: Parity.cases(paper, prefix: "sinkhorn_")
  )
  func membership(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let steps = try data.file.integers("half_steps").values[0]
    let scaling = try StochasticMembership(regularization: data["eta"][0], halfSteps: steps)
    let (c, similarity) = (try data.file.doubleTensor("c"), try data["similarity"])
    let isAbsolute = similarity.allSatisfy { $0 >= 0 }
    let cotangent = try data.file.doubleTensor("cotangent")
    var found: [Double] = []
    let slope = gradient(at: c) { c in
      let product = c.matmul(c, transposesRight: true)
      let gamma = scaling(isAbsolute ? product.abs() : product)
      found = gamma.values
      return (gamma * cotangent).sum()
    }
    #expect(mismatch(found, try data["gamma"], absolute: 1e-10) == nil)
    #expect(mismatch(slope.values, try data["grad_c"], absolute: 1e-9) == nil)
  }

  @Test("the loss of two views", arguments: Parity.cases(paper, prefix: "tcr_n14_d6"))
  func twoViews(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let inputs = [try data.file.doubleTensor("z1"), try data.file.doubleTensor("z2")]
    let (precision, weight) = (try data["eps_squared"][0], try data["lambda"][0])
    let (loss, gradients) = try valueWithGradient(at: inputs) {
      try CodingRate.twoViewLoss($0[0], $0[1], precision: precision, weight: weight)
    }
    #expect(mismatch(loss.values, try data["loss"], absolute: 1e-10) == nil)
    #expect(mismatch(gradients[0].values, try data["grad_z1"], absolute: 1e-9) == nil)
    #expect(mismatch(gradients[1].values, try data["grad_z2"], absolute: 1e-9) == nil)
  }

  @Test("accuracy, mutual information and numerical rank", arguments: Parity.cases(paper, prefix: "metrics_"))
  func metrics(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let scores = try ClusterScores(data.file.integers("predicted").values, labels: data.file.integers("labels").values)
    #expect(mismatch([scores.accuracy], try data["acc"], absolute: 1e-12) == nil)
    #expect(mismatch([scores.mutualInformation], try data["nmi"], absolute: 1e-10) == nil)
    let points = try data.file.doubleTensor("points")
    let rank = try ClusterScores.numericalRank(Matrix(points.values, rows: points.shape[0], columns: points.shape[1]))
    #expect(try [rank] == data.file.integers("numerical_rank_95").values)
  }

  @Test(
    "the objective of two views, with gradients of every parameter",
    arguments: Parity.cases(paper, prefix: "objective_")
  )
  func objective(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let names = ["pre1", "pre2", "feature", "cluster"].flatMap { ["\($0).weight", "\($0).bias"] }
    let parameters = try names.map { try data.file.doubleTensor("param.\($0)") }
    let views = try ["view1", "view2"].map { try data.file.doubleTensor($0) }
    let steps = try data.file.integers("half_steps").values[0]
    let membership = try StochasticMembership(regularization: data["eta"][0], halfSteps: steps)
    let objective = try ClusterObjective(
      precision: data["eps_squared"][0],
      membership: membership,
      isAbsolute: true
    )
    var found: (features: [Double], membership: [Double]) = ([], [])
    let (loss, gradients) = try valueWithGradient(at: parameters) { p in
      func layer(_ x: Tensor<Double>, _ first: Int) -> Tensor<Double> {
        x.matmul(p[first], transposesRight: true) + p[first + 1]
      }
      let hidden = views.map { layer(layer($0, 0).relu(), 2).relu() }
      let loss = try objective.loss(
        features: hidden.map { layer($0, 4).normalized([1]) },
        clusters: hidden.map { layer($0, 6).normalized([1]) }
      )
      found = (loss.features.values, loss.membership.values)
      return loss.value
    }
    #expect(mismatch(loss.values, try data["loss"], absolute: 1e-10) == nil)
    #expect(mismatch(found.features, try data["z"], absolute: 1e-10) == nil)
    #expect(mismatch(found.membership, try data["gamma"], absolute: 1e-10) == nil)
    for (name, gradient) in zip(names, gradients) {
      #expect(mismatch(gradient.values, try data["grad.\(name)"], absolute: 1e-9) == nil, "\(name)")
    }
  }

  @Test(
    "spectral embedding: eigenvalues, the space of the lowest, and labels",
    arguments: Parity.cases(paper, prefix: "spectral_")
  )
  func spectral(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let labels = try data.file.integers("labels").values
    let clusters = (labels.max() ?? 0) + 1
    let affinity = try Affinity.membership(data.file.doubleTensor("gamma"))
    let whole = try SpectralEmbedding(affinity, count: labels.count)
    #expect(mismatch(whole.values, try data["eigenvalues"], absolute: 1e-10) == nil)
    let lowest = try SpectralEmbedding(affinity, count: clusters).vectors
    #expect(mismatch(lowest.timesTransposed(lowest).values, try data["projector"], absolute: 1e-10) == nil)
    let found = try SpectralClustering.labels(affinity, clusters: clusters, random: RandomStream(seed: 1))
    let renamed = try ClusterScores(found, labels: data.file.integers("predicted").values)
    #expect(renamed.accuracy == 1)
  }
}
