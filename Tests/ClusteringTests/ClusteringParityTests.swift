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

  @Test("bad input gets one clear error")
  func refused() throws {
    #expect(throws: ClusteringError.wrongCount(what: "clusters", expected: 2, got: 1)) {
      try ClusterScores([0], labels: [0, 1])
    }
    #expect(throws: ClusteringError.empty) { try ClusterScores([], labels: []) }
    let error = #expect(throws: ClusteringError.self) { try StochasticMembership(regularization: 0) }
    #expect(error?.description == "regularization must be positive, got 0.0")
  }
}
