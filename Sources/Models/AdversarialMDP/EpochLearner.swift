/// A learner without a simulator, which knows neither occupancies nor transitions: a demonstration in epochs.
///
/// In an epoch the policy stays fixed, mixed with a share of uniform actions. The episodes of its first half give covariances by the direct
/// inverse, those of the second half the losses. The bonus of later layers is carried back by least squares on the features, for the known
/// state-action pairs that were met. The update is the log-barrier's.
///
/// Source: an outline of Dai and others, 2023, section 5; the sizes are this report's.
public struct EpochLearner: Sendable, Equatable {
  /// Episodes of an epoch, W.
  public var epochLength: Int
  /// Share of uniform actions.
  public var exploration: Double

  /// Makes a learner.
  public init(epochLength: Int = 16, exploration: Double = 0.1) {
    (self.epochLength, self.exploration) = (epochLength, exploration)
  }

  /// Plays all episodes of a problem; those after the last whole epoch keep its policy.
  ///
  /// - Returns: the regret.
  /// - Throws: `MDPError.badSetting` for epochs of less than two episodes, or `.singularCovariance`.
  public func regret(_ problem: RegretProblem) throws(MDPError) -> Double {
    guard epochLength >= 2 else {
      throw .badSetting(setting: "the length of an epoch", expected: "2 or more", got: Double(epochLength))
    }
    let (mdp, losses) = (problem.mdp, problem.losses)
    let epochs = max(losses.episodes / epochLength, 1)
    let settings = try RegretAlgorithm.logBarrier.settings(episodes: epochs)
    var state = EpochState(mdp, settings)
    var total = 0.0
    for first in stride(from: 0, to: losses.episodes, by: epochLength) {
      let range = first..<min(first + epochLength, losses.episodes)
      state.formPolicy(exploration)
      let paths = range.map { state.path(problem, $0) }
      for episode in range { total += mdp.value(of: state.policy, mdp.losses(losses[episode])) }
      guard paths.count == epochLength else { continue }
      try state.learn(paths)
    }
    return total - losses.comparator(mdp, first: losses.episodes)
  }
}

/// What an episode met: pairs of the layers and the losses from each on.
private struct Path {
  var pairs: [Int]
  var returns: [Double]
}

/// The learner between epochs.
private struct EpochState {
  let mdp: LinearMDP
  let settings: LearnerSettings
  var cumulative: [Double]
  var policy: [Double]

  init(_ mdp: LinearMDP, _ settings: LearnerSettings) {
    (self.mdp, self.settings) = (mdp, settings)
    cumulative = [Double](repeating: 0, count: mdp.layers * mdp.pairs)
    policy = mdp.uniformPolicy
  }

  mutating func formPolicy(_ exploration: Double) {
    for row in stride(from: 0, to: policy.count, by: mdp.actions) {
      let own = settings.rule.policy(cumulative[row..<row + mdp.actions].map { settings.rate * $0 })
      for action in 0..<mdp.actions {
        policy[row + action] = (1 - exploration) * own[action] + exploration / Double(mdp.actions)
      }
    }
  }

  func path(_ problem: RegretProblem, _ episode: Int) -> Path {
    let losses = mdp.losses(problem.losses[episode])
    var (state, pairs, returns): (Int, [Int], [Double]) = (0, [], [])
    for layer in 0..<mdp.layers {
      let draws = (2 * (episode * mdp.layers + layer)..<2 * (episode * mdp.layers + layer) + 2).map {
        problem.uniforms[$0]
      }
      let row = (layer * mdp.states + state) * mdp.actions
      let action = Self.place(policy[row..<row + mdp.actions], draws[0])
      pairs.append(row + action)
      returns.append(losses[row + action])
      let next = (row + action) * mdp.states
      state = Self.place(mdp.transitions[next..<next + mdp.states], draws[1])
    }
    for layer in (0..<mdp.layers - 1).reversed() { returns[layer] += returns[layer + 1] }
    return Path(pairs: pairs, returns: returns)
  }

  private static func place(_ weights: ArraySlice<Double>, _ uniform: Double) -> Int {
    var sum = 0.0
    let sums = weights.map { weight -> Double in
      sum += weight
      return sum
    }
    return min(sums.count { $0 < uniform }, weights.count - 1)
  }

  private func feature(_ pair: Int) -> [Double] {
    Array(mdp.features[pair * mdp.dimension..<(pair + 1) * mdp.dimension])
  }

  mutating func learn(_ paths: [Path]) throws(MDPError) {
    let half = paths.count / 2
    // The regression that carries the bonus of the layer behind the present one.
    var carried: [Double]?
    for layer in (0..<mdp.layers).reversed() {
      let first = paths[..<half].flatMap { feature($0.pairs[layer]) }
      let inverse: [Double]
      do {
        inverse = try CovarianceInverse.direct(
          first,
          dimension: mdp.dimension,
          regularization: settings.regularization
        )
      } catch {
        throw .singularCovariance(layer: layer, regularization: settings.regularization)
      }
      var target = [Double](repeating: 0, count: mdp.dimension)
      for path in paths[half...] {
        let own = feature(path.pairs[layer])
        for i in own.indices { target[i] += own[i] * path.returns[layer] / Double(paths.count - half) }
      }
      let weights = multiplied(inverse, target)
      let bonuses = localBonuses(layer, inverse)
      carried = try regression(layer, paths, bonuses, carried)
      for place in 0..<mdp.pairs {
        let own = feature(layer * mdp.pairs + place)
        cumulative[layer * mdp.pairs + place] += dot(own, weights) - dot(own, carried ?? own.map { _ in 0 })
      }
    }
  }

  /// b of all pairs of a layer, `[states, actions]`.
  private func localBonuses(_ layer: Int, _ inverse: [Double]) -> [Double] {
    let norms = (0..<mdp.pairs).map { place -> Double in
      let own = feature(layer * mdp.pairs + place)
      return dot(own, multiplied(inverse, own))
    }
    return norms.indices.map { place in
      let row = place / mdp.actions * mdp.actions
      let mean = (row..<row + mdp.actions).reduce(0) { $0 + policy[layer * mdp.pairs + $1] * norms[$1] }
      return settings.bonus * (norms[place] + mean)
    }
  }

  /// Weights w of B̂ = φᵀ w by ridge regression on the pairs that were met: y = b + (1 + 1/H) B̂ of the next state under the policy.
  private func regression(
    _ layer: Int,
    _ paths: [Path],
    _ bonuses: [Double],
    _ later: [Double]?
  ) throws(MDPError) -> [Double] {
    let d = mdp.dimension
    var matrix = SmallMatrix.identity(d).map { $0 * settings.regularization }
    var target = [Double](repeating: 0, count: d)
    for path in paths {
      let pair = path.pairs[layer]
      var y = bonuses[pair - layer * mdp.pairs]
      if let later {
        let row = path.pairs[layer + 1] / mdp.actions * mdp.actions
        for next in row..<row + mdp.actions {
          y += (1 + 1 / Double(mdp.layers)) * policy[next] * max(dot(feature(next), later), 0)
        }
      }
      let own = feature(pair)
      for i in 0..<d {
        target[i] += own[i] * y
        for j in 0..<d { matrix[i * d + j] += own[i] * own[j] }
      }
    }
    guard SmallMatrix.invert(&matrix, 0, d) else {
      throw .singularCovariance(layer: layer, regularization: settings.regularization)
    }
    return multiplied(matrix, target)
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

private func multiplied(_ matrix: [Double], _ vector: [Double]) -> [Double] {
  vector.indices.map { row in dot(Array(matrix[row * vector.count..<(row + 1) * vector.count]), vector) }
}
