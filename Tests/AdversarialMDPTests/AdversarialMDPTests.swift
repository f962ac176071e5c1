import AdversarialMDP
import Statistics
import Tensors
import TestSupport
import Testing

/// A call that must fail, and what it must say.
struct RefusedInput: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }
  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) { (self.message, self.call) = (message, call) }
}

@Suite("Learners in adversarial linear processes")
struct AdversarialMDPTests {
  /// One layer, one state, two actions with features along the axes.
  private static func bandit() throws -> LinearMDP {
    try LinearMDP(layers: 1, states: 1, actions: 2, features: [1, 0, 0, 1], measures: [1, 1])
  }

  static let refused: [RefusedInput] = [
    RefusedInput("covariance of layer 0 is singular with gamma = 0.0; make gamma positive") {
      let mdp = try LinearMDP(layers: 1, states: 1, actions: 1, features: [1, 0], measures: [1, 0])
      let settings = try LearnerSettings(rule: .exponential, estimator: .plain, rate: 1, bonus: 0, regularization: 0)
      var learner = EpisodeLearner(mdp, settings)
      try learner.play([0, 0], uniforms: [0, 0])
    },
    RefusedInput("the regularization gamma must be zero or positive, got -1.0") {
      _ = try LearnerSettings(rule: .exponential, estimator: .plain, rate: 1, bonus: 0, regularization: -1)
    },
    RefusedInput("the rate eta must be positive, got 0.0") {
      _ = try LearnerSettings(rule: .exponential, estimator: .plain, rate: 0, bonus: 0, regularization: 1)
    },
    RefusedInput("loss of episode 1, layer 0, state 0, action 1 is 1.5, must be in 0...1; scale the losses") {
      _ = try LossSequence([0, 1, 0, 1.5], for: bandit())
    },
    RefusedInput(
      "transition from layer 0, state 0, action 1: probabilities add up to 0.5 and the least is 0.5; "
        + "make them non-negative with sum 1"
    ) {
      _ = try LinearMDP(layers: 1, states: 1, actions: 2, features: [1, 0, 0, 1], measures: [1, 0.5])
    },
    RefusedInput(
      "feature of layer 0, state 0, action 0 has length 5.0, at most 1 allowed; scale the features"
    ) {
      _ = try LinearMDP(layers: 1, states: 1, actions: 2, features: [3, 4, 0, 1], measures: [1, 1])
    },
    RefusedInput("the number of episodes K must be 1 or more, got 0.0") { _ = try LossSequence([], for: bandit()) },
    RefusedInput("the number of episodes K must be 1 or more, got 0.0") {
      _ = try RegretAlgorithm.luo.settings(episodes: 0)
    },
    RefusedInput("the number of layers must be 1 or more, got 0.0") {
      _ = try LinearMDP(layers: 0, states: 1, actions: 2, features: [1], measures: [1])
    },
    RefusedInput("measures: expected 2 values, got 3") {
      _ = try LinearMDP(layers: 1, states: 1, actions: 2, features: [1, 0, 0, 1], measures: [1, 1, 1])
    },
    RefusedInput("uniform numbers: expected 2 values, got 1") {
      let mdp = try bandit()
      let settings = try RegretAlgorithm.luo.settings(episodes: 1)
      _ = try RegretRun(mdp, settings, losses: LossSequence([0, 1], for: mdp), uniforms: [0.5])
    },
    RefusedInput("samples of 4 series: expected 4 values, got 3") {
      _ = try CovarianceInverse.geometricResampling([1, 2, 3], series: 4, dimension: 1, regularization: 1)
    },
    RefusedInput("the length of an epoch must be 2 or more, got 1.0") {
      let problem = try RegretProblem(.small, episodes: 4, random: RandomStream(seed: 1))
      _ = try EpochLearner(epochLength: 1).regret(problem)
    },
  ]

  @Test("bad input gets one clear error", arguments: refused)
  func refusal(_ input: RefusedInput) {
    let error = #expect(throws: MDPError.self) { try input.call() }
    #expect(error?.description == input.message)
  }

  @Test("the log-barrier's policy adds up to one and minimises its objective", arguments: 0..<20)
  func barrier(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    let losses = (0..<4).map { _ in 30 * random.uniform() * random.uniform() }
    let policy = PolicyUpdate.logBarrier.policy(losses)
    #expect(abs(policy.reduce(0, +) - 1) < 1e-12)
    // At the minimum on the simplex all slopes ηC - 1/p are equal.
    let slopes = zip(losses, policy).map { $0 - 1 / $1 }
    #expect(slopes.allSatisfy { abs($0 - slopes[0]) < 1e-9 })
  }

  @Test("equal losses give equal chances, huge ones no NaN", arguments: PolicyUpdate.allCases)
  func extremes(_ rule: PolicyUpdate) {
    #expect(mismatch(rule.policy([5, 5, 5, 5]), [0.25, 0.25, 0.25, 0.25], absolute: 1e-15) == nil)
    let policy = rule.policy([0, 1e9, 3])
    #expect(policy.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect(policy[1] < 1e-8)
  }

  private static func played(_ size: RegretProblem.Size, _ algorithm: RegretAlgorithm, seed: UInt64) throws
    -> EpisodeLearner
  {
    let problem = try RegretProblem(size, episodes: 50, random: RandomStream(seed: seed))
    var learner = EpisodeLearner(problem.mdp, try algorithm.settings(episodes: 50, rateFactor: 4))
    let width = problem.mdp.layers * problem.mdp.dimension
    for episode in 0..<50 {
      try learner.play(
        problem.losses.parameters,
        from: episode * width,
        uniforms: problem.uniforms,
        from: episode * 2 * problem.mdp.layers
      )
    }
    return learner
  }

  @Test("both estimators have the same mean", arguments: [RegretProblem.Size.small, .medium])
  func means(_ size: RegretProblem.Size) throws {
    let learner = try Self.played(size, .magnitudeReduced, seed: 4)
    var random = SplitMix(seed: 9)
    for layer in 0..<size.layers {
      let losses = (0..<learner.mdp.pairs).map { _ in Double(size.layers - layer) * random.uniform() }
      let (plain, reduced) = learner.meanEstimates(layer: layer, losses: losses)
      #expect(mismatch(reduced, plain, absolute: 1e-12) == nil)
    }
  }

  @Test("magnitude reduction keeps its bound, the plain estimator does not")
  func bound() throws {
    let problem = try RegretProblem(.medium, episodes: 2000, random: RandomStream(seed: 4))
    func least(_ estimator: QEstimator) throws -> Double {
      let settings = try LearnerSettings(
        rule: .exponential,
        estimator: estimator,
        rate: 0.4,
        bonus: 0,
        regularization: 1e-3
      )
      return try problem.run(settings).leastBoundedEstimate
    }
    #expect(try least(.magnitudeReduced) >= -1 - 1e-9)
    #expect(try least(.plain) < -1)
  }

  @Test("values are means over the policy's own paths")
  func values() throws {
    let learner = try Self.played(.medium, .luo, seed: 6)
    // Occupancies times losses, added over the layers, are the value by another way.
    let mdp = learner.mdp
    let problem = try RegretProblem(.medium, episodes: 50, random: RandomStream(seed: 6))
    let losses = mdp.losses(problem.losses[49])
    let sum = losses.indices.reduce(0.0) { sum, pair in
      sum + learner.occupancy[pair / mdp.actions] * learner.policy[pair] * losses[pair]
    }
    #expect(abs(sum - learner.value) < 1e-12)
    #expect(abs(mdp.value(of: learner.policy, losses) - learner.value) < 1e-12)
  }

  @Test("regret is the same to the last bit with one thread and with two, and all learners beat chance")
  func regret() throws {
    func regrets(_ threads: Int) throws -> [[Double]] {
      try Seeds(4, seed: 11).run(over: RegretAlgorithm.allCases, threads: threads) { algorithm, _, random in
        let problem = try RegretProblem(.small, episodes: 2000, random: random)
        return try problem.run(algorithm.settings(episodes: 2000)).regret / problem.uniformRegret
      }
    }
    let found = try regrets(1)
    #expect(try regrets(2) == found)
    for shares in found { #expect(Summary(shares).mean < 0.8) }
  }

  @Test("the least loss of a policy is found by trying all of them")
  func comparator() throws {
    let problem = try RegretProblem(
      .init(layers: 2, states: 2, actions: 2, dimension: 3),
      episodes: 30,
      random: RandomStream(seed: 8)
    )
    let mdp = problem.mdp
    var sums = [Double](repeating: 0, count: 6)
    for episode in 0..<30 { for (place, value) in problem.losses[episode].enumerated() { sums[place] += value } }
    let total = mdp.losses(sums)
    let all = (0..<16).map { code in
      let policy = (0..<8).map { (code >> ($0 / 2)) & 1 == $0 % 2 ? 1.0 : 0 }
      return mdp.value(of: policy, total)
    }
    #expect(abs((all.min() ?? 0) - problem.losses.comparator(mdp, first: 30)) < 1e-12)
  }

  @Test("with many draws the direct inverse and resampling both approach the true one")
  func inverses() throws {
    var random = RandomStream(seed: 2)
    let samples = random.dirichlet(40_000, concentrations: [1, 1, 1]).values
    // Of a flat Dirichlet distribution E φᵢφⱼ = (1 + [i = j]) / 12.
    let direct = try CovarianceInverse.direct(samples, dimension: 3, regularization: 0.1)
    let exact = inverseOfFlat(regularization: 0.1)
    #expect(try CovarianceInverse.spectralDistance(direct, exact, dimension: 3) < 0.2)
    let resampled = try CovarianceInverse.geometricResampling(samples, series: 400, dimension: 3, regularization: 0.1)
    #expect(try CovarianceInverse.spectralDistance(resampled, exact, dimension: 3) < 1.5)
  }

  /// (γ I + (I + 11ᵀ)/12)⁻¹ by Sherman and Morrison.
  private func inverseOfFlat(regularization: Double) -> [Double] {
    let a = regularization + 1.0 / 12
    let shared = (1.0 / 12) / (a * a * (1 + 3 / (12 * a)))
    return (0..<9).map { ($0 % 4 == 0 ? 1 / a : 0) - shared }
  }

  @Test("the learner without a simulator does better than chance")
  func epochs() throws {
    let shares = try Seeds(4, seed: 5).run { _, random in
      let problem = try RegretProblem(.small, episodes: 4000, random: random)
      return try EpochLearner().regret(problem) / problem.uniformRegret
    }
    #expect(Summary(shares).mean < 0.95)
  }
}
