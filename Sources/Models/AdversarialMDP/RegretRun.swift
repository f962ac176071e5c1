public import Tensors

/// What a learner lost over all episodes, beside the best fixed policy.
public struct RegretRun: Sendable, Equatable {
  /// Expected loss of the policy in each episode, `[episodes]`.
  public let values: [Double]
  /// Σ C at the end, `[layers, states, actions]`.
  public let cumulative: [Double]
  /// Loss of the best fixed policy over all episodes.
  public let comparator: Double
  /// The least η Q̂ of all episodes.
  public let leastScaledEstimate: Double
  /// The least Q̂ √γ / (H - h) of all episodes.
  public let leastBoundedEstimate: Double

  /// R_K, the sum of the values less the comparator.
  public var regret: Double { values.reduce(0, +) - comparator }

  /// Plays all episodes.
  ///
  /// - Parameters:
  ///   - mdp: the process.
  ///   - settings: the learner.
  ///   - losses: of all episodes.
  ///   - uniforms: numbers in 0..<1, `[episodes, layers, 2]`.
  /// - Throws: `MDPError.wrongCount` or `.singularCovariance`.
  public init(
    _ mdp: LinearMDP,
    _ settings: LearnerSettings,
    losses: LossSequence,
    uniforms: [Double]
  ) throws(MDPError) {
    let (width, draws) = (mdp.layers * mdp.dimension, 2 * mdp.layers)
    guard losses.parameters.count == losses.episodes * width else {
      throw .wrongCount(what: "loss parameters", expected: losses.episodes * width, got: losses.parameters.count)
    }
    guard uniforms.count == losses.episodes * draws else {
      throw .wrongCount(what: "uniform numbers", expected: losses.episodes * draws, got: uniforms.count)
    }
    var learner = EpisodeLearner(mdp, settings)
    var values: [Double] = []
    values.reserveCapacity(losses.episodes)
    for episode in 0..<losses.episodes {
      try learner.play(losses.parameters, from: episode * width, uniforms: uniforms, from: episode * draws)
      values.append(learner.value)
    }
    self.values = values
    cumulative = learner.cumulative
    comparator = losses.comparator(mdp, first: losses.episodes)
    (leastScaledEstimate, leastBoundedEstimate) = (learner.leastScaledEstimate, learner.leastBoundedEstimate)
  }

  /// Regret after growing numbers of episodes, each against the best policy of that many.
  ///
  /// - Parameters:
  ///   - mdp: the process.
  ///   - losses: of all episodes.
  ///   - points: how many numbers.
  /// - Returns: numbers of episodes, and the regret after them.
  public func curve(_ mdp: LinearMDP, _ losses: LossSequence, points: Int) -> (episodes: [Int], regret: [Double]) {
    let episodes = (1...points).map { max(1, $0 * values.count / points) }
    var (sum, next) = (0.0, 0)
    let regret = episodes.map { count in
      while next < count {
        sum += values[next]
        next += 1
      }
      return sum - losses.comparator(mdp, first: count)
    }
    return (episodes, regret)
  }
}

/// One experiment: a process, its losses and the numbers that play is drawn from, all of one seed.
public struct RegretProblem: Sendable, Equatable {
  /// The process.
  public let mdp: LinearMDP
  /// Losses of all episodes.
  public let losses: LossSequence
  /// Numbers in 0..<1, `[episodes, layers, 2]`.
  public let uniforms: [Double]

  /// Sizes of a process.
  public struct Size: Sendable, Equatable {
    /// Layers, states, actions, features.
    public var layers, states, actions, dimension: Int
    /// Names the sizes.
    public init(layers: Int, states: Int, actions: Int, dimension: Int) {
      (self.layers, self.states, self.actions, self.dimension) = (layers, states, actions, dimension)
    }
    /// The process that regret is fitted on.
    public static let small = Size(layers: 2, states: 3, actions: 3, dimension: 4)
    /// A larger one.
    public static let medium = Size(layers: 3, states: 4, actions: 4, dimension: 5)
  }

  /// Draws an experiment; longer ones of a stream begin as shorter ones do, up to the draws of play.
  ///
  /// - Throws: `MDPError`.
  public init(_ size: Size, episodes: Int, random: RandomStream) throws(MDPError) {
    var (own, losses, play) = (random.stream(0), random.stream(1), random.stream(2))
    mdp = try LinearMDP.random(
      layers: size.layers,
      states: size.states,
      actions: size.actions,
      dimension: size.dimension,
      random: &own
    )
    self.losses = try LossSequence.decoys(episodes: episodes, for: mdp, random: &losses)
    uniforms = play.uniform([episodes, size.layers, 2], of: Double.self).values
  }

  /// Regret of always choosing by chance.
  public var uniformRegret: Double {
    var sums = [Double](repeating: 0, count: mdp.layers * mdp.dimension)
    for place in losses.parameters.indices { sums[place % sums.count] += losses.parameters[place] }
    let total = mdp.losses(sums)
    return mdp.value(of: mdp.uniformPolicy, total) - mdp.leastLoss(total)
  }

  /// Lets a learner play.
  ///
  /// - Throws: `MDPError`.
  public func run(_ settings: LearnerSettings) throws(MDPError) -> RegretRun {
    try RegretRun(mdp, settings, losses: losses, uniforms: uniforms)
  }
}
