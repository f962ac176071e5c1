import AdversarialMDP
import Tensors
import TestSupport
import Testing

private let paper = "adversarial-linear-mdp"

@Suite("Parity of learners in adversarial linear processes")
struct AdversarialMDPParityTests {
  private func process(_ data: ParityData, layers: Int, states: Int) throws -> LinearMDP {
    let (features, measures) = (try data["phi"], try data["mu"])
    let dimension = measures.count / (layers * states)
    return try LinearMDP(
      layers: layers,
      states: states,
      actions: features.count / (layers * states * dimension),
      features: features,
      measures: measures
    )
  }

  private func settings(_ data: ParityData, _ rule: PolicyUpdate, _ estimator: QEstimator) throws -> LearnerSettings {
    let values = try data["eta_beta_gamma"]
    return try LearnerSettings(
      rule: rule,
      estimator: estimator,
      rate: values[0],
      bonus: values[1],
      regularization: values[2]
    )
  }

  @Test("everything that one episode computes", arguments: Parity.cases(paper, prefix: "episode_"))
  func episode(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let layers = try data["returns"].count
    let mdp = try process(data, layers: layers, states: data["occupancy"].count / layers)
    // The fixtures' README names those of the log-barrier.
    let isBarrier = fixture.name == "episode_logbarrier" || fixture.name == "episode_small"
    for (estimator, name) in [(QEstimator.plain, "q_plain"), (.magnitudeReduced, "q_reduced")] {
      let own = try settings(data, isBarrier ? .logBarrier : .exponential, estimator)
      var learner = EpisodeLearner(mdp, own, cumulative: try data["cumulative"])
      try learner.play(data["theta"], uniforms: data["uniforms"])
      let trajectory = learner.played.flatMap { [Double($0 / mdp.actions), Double($0 % mdp.actions)] }
      #expect(try trajectory == data["trajectory"])
      for (got, key) in [
        (learner.policy, "policy"), (learner.occupancy, "occupancy"), (learner.covariance, "covariance"),
        (learner.inverse, "inverse"), (learner.returns, "returns"), (learner.estimate, name),
        (learner.bonus, "bonus"), (learner.dilated, "dilated"), ([learner.value], "value"),
      ] {
        #expect(mismatch(got, try data[key], relative: 1e-9, absolute: 1e-12) == nil, "\(key)")
      }
    }
  }

  @Test(
    "forty episodes in a row",
    arguments: Parity.cases(paper, prefix: "run_")
  )
  func run(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let mdp = try process(data, layers: 2, states: 3)
    let own = try settings(
      data,
      fixture.name == "run_logbarrier" ? .logBarrier : .exponential,
      fixture.name == "run_reduced" ? .magnitudeReduced : .plain
    )
    let losses = try LossSequence(data["theta"], for: mdp)
    let run = try RegretRun(mdp, own, losses: losses, uniforms: data["uniforms"])
    #expect(mismatch(run.values, try data["values"], relative: 1e-7) == nil)
    #expect(mismatch(run.cumulative, try data["final_cumulative"], relative: 1e-7, absolute: 1e-9) == nil)
    #expect(mismatch([run.comparator], try data["comparator"], relative: 1e-7) == nil)
    #expect(mismatch([run.regret], try data["regret"], relative: 1e-7) == nil)
  }

  @Test("policies of the log-barrier", arguments: Parity.cases(paper, prefix: "logbarrier_ftrl"))
  func barrier(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (losses, policies) = (try data["losses"], try data["policy"])
    let actions = try data.file.doubleTensor("losses").shape[1]
    for row in stride(from: 0, to: losses.count, by: actions) {
      let policy = PolicyUpdate.logBarrier.policy(Array(losses[row..<row + actions]))
      #expect(mismatch(policy, Array(policies[row..<row + actions]), relative: 1e-9) == nil)
    }
  }

  @Test("inverses of covariances from samples", arguments: Parity.cases(paper, prefix: "covariance_inverse"))
  func inverses(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let shape = try data.file.doubleTensor("features").shape
    let (samples, gamma) = (try data["features"], try data["gamma"][0])
    let direct = try CovarianceInverse.direct(samples, dimension: shape[2], regularization: gamma)
    #expect(mismatch(direct, try data["direct_inverse"], relative: 1e-10) == nil)
    let resampled = try CovarianceInverse.geometricResampling(
      samples,
      series: shape[0],
      dimension: shape[2],
      regularization: gamma
    )
    #expect(mismatch(resampled, try data["geometric_resampling"], relative: 1e-10) == nil)
  }
}
