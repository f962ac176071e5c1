/// One learner in one process: its cumulative estimates, and all that its last episode computed.
///
/// Covariances and expectations are exact, from the occupancies: the limit of many draws from a simulator.
///
/// Source: Dai and others, 2023, sections 3 and 4; Luo, Wei and Lee, 2021, algorithm 1.
public struct EpisodeLearner: Sendable {
  /// The process.
  public let mdp: LinearMDP
  /// What the learner is made of.
  public let settings: LearnerSettings
  /// C, sums of Q̂ - B, `[layers, states, actions]`.
  public internal(set) var cumulative: [Double]
  /// Probabilities of the actions in the last episode, `[layers, states, actions]`.
  public internal(set) var policy: [Double]
  /// Chance to be in each state, `[layers, states]`.
  public internal(set) var occupancy: [Double]
  /// Σ = E φφᵀ of each layer, `[layers, d, d]`.
  public internal(set) var covariance: [Double]
  /// Σ̂⁺ = (γ I + Σ)⁻¹, `[layers, d, d]`.
  public internal(set) var inverse: [Double]
  /// States and actions that were played, as pairs of a layer: state · actions + action, `[layers]`.
  public internal(set) var played: [Int]
  /// L_h, the loss from each layer on, `[layers]`.
  public internal(set) var returns: [Double]
  /// Q̂ of all pairs, `[layers, states, actions]`.
  public internal(set) var estimate: [Double]
  /// b of all pairs, `[layers, states, actions]`.
  public internal(set) var bonus: [Double]
  /// B, the bonus with those of later layers, `[layers, states, actions]`.
  public internal(set) var dilated: [Double]
  /// The policy's expected loss in the last episode.
  public internal(set) var value = 0.0
  /// The least η Q̂ of all episodes.
  public internal(set) var leastScaledEstimate = 0.0
  /// The least Q̂ √γ / (H - h) of all episodes, which the magnitude-reduced estimator keeps above -1.
  public internal(set) var leastBoundedEstimate = 0.0

  var losses: [Double]
  var values: [Double]
  var nextValues: [Double]
  var image: [Double]

  /// Begins with no estimates, so that all actions are equally likely.
  ///
  /// - Parameters:
  ///   - mdp: the process.
  ///   - settings: what the learner is made of.
  ///   - cumulative: earlier estimates to go on from, `[layers, states, actions]`.
  public init(_ mdp: LinearMDP, _ settings: LearnerSettings, cumulative: [Double]? = nil) {
    (self.mdp, self.settings) = (mdp, settings)
    let (all, square) = (mdp.layers * mdp.pairs, mdp.layers * mdp.dimension * mdp.dimension)
    func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
    precondition(
      cumulative?.count ?? all == all,
      "EpisodeLearner: \(cumulative?.count ?? 0) cumulative estimates, the process has \(all) pairs"
    )
    self.cumulative = cumulative ?? zeros(all)
    (policy, estimate, bonus, dilated, losses) = (zeros(all), zeros(all), zeros(all), zeros(all), zeros(all))
    (covariance, inverse) = (zeros(square), zeros(square))
    (occupancy, returns) = (zeros(mdp.layers * mdp.states), zeros(mdp.layers))
    played = [Int](repeating: 0, count: mdp.layers)
    (values, nextValues, image) = (zeros(mdp.states), zeros(mdp.states), zeros(mdp.pairs * mdp.dimension))
  }

  /// Plays one episode and learns from it.
  ///
  /// - Parameters:
  ///   - parameters: θ of the episode's losses, `[layers, d]`, at a place in an array.
  ///   - first: where they begin.
  ///   - uniforms: numbers in 0..<1, an action's and a next state's for each layer, `[layers, 2]`, at a place in an array.
  ///   - start: where they begin.
  /// - Throws: `MDPError.singularCovariance`.
  public mutating func play(
    _ parameters: [Double],
    from first: Int = 0,
    uniforms: [Double],
    from start: Int = 0
  ) throws(MDPError) {
    formPolicy()
    formOccupancy()
    formLosses(parameters, first)
    playOut(uniforms, start)
    value = policyValue()
    for layer in 0..<mdp.layers {
      try formInverse(layer)
      formImage(layer)
      formEstimate(layer)
      formBonus(layer)
    }
    formDilatedBonus()
    for pair in cumulative.indices { cumulative[pair] += estimate[pair] - dilated[pair] }
  }

  mutating func formPolicy() {
    for pair in policy.indices { policy[pair] = settings.rate * cumulative[pair] }
    for row in stride(from: 0, to: policy.count, by: mdp.actions) { settings.rule.form(&policy, row, mdp.actions) }
  }

  mutating func formOccupancy() {
    let (states, actions) = (mdp.states, mdp.actions)
    for place in occupancy.indices { occupancy[place] = place == 0 ? 1 : 0 }
    for layer in 0..<mdp.layers - 1 {
      for place in 0..<states * actions {
        let pair = layer * mdp.pairs + place
        let weight = occupancy[layer * states + place / actions] * policy[pair]
        for next in 0..<states {
          occupancy[(layer + 1) * states + next] += weight * mdp.transitions[pair * states + next]
        }
      }
    }
  }

  mutating func formLosses(_ parameters: [Double], _ first: Int) {
    let d = mdp.dimension
    for layer in 0..<mdp.layers {
      for pair in layer * mdp.pairs..<(layer + 1) * mdp.pairs {
        var loss = 0.0
        for i in 0..<d { loss += mdp.features[pair * d + i] * parameters[first + layer * d + i] }
        losses[pair] = loss
      }
    }
  }

  /// Draws actions and states; the losses that are met add up to the returns.
  private mutating func playOut(_ uniforms: [Double], _ start: Int) {
    var state = 0
    for layer in 0..<mdp.layers {
      let row = (layer * mdp.states + state) * mdp.actions
      let action = Self.draw(policy, row, mdp.actions, uniforms[start + 2 * layer])
      played[layer] = state * mdp.actions + action
      returns[layer] = losses[row + action]
      state = Self.draw(mdp.transitions, (row + action) * mdp.states, mdp.states, uniforms[start + 2 * layer + 1])
    }
    for layer in (0..<mdp.layers - 1).reversed() { returns[layer] += returns[layer + 1] }
  }

  /// The number of cumulative sums strictly below a uniform number, at most the last place.
  private static func draw(_ weights: [Double], _ first: Int, _ count: Int, _ uniform: Double) -> Int {
    var sum = 0.0
    for place in 0..<count - 1 {
      sum += weights[first + place]
      if sum >= uniform { return place }
    }
    return count - 1
  }

  private mutating func policyValue() -> Double {
    let (states, actions) = (mdp.states, mdp.actions)
    for state in 0..<states { values[state] = 0 }
    for layer in (0..<mdp.layers).reversed() {
      for state in 0..<states {
        var sum = 0.0
        for pair in (layer * states + state) * actions..<(layer * states + state + 1) * actions {
          var loss = losses[pair]
          for next in 0..<states { loss += mdp.transitions[pair * states + next] * values[next] }
          sum += policy[pair] * loss
        }
        nextValues[state] = sum
      }
      swap(&values, &nextValues)
    }
    return values[0]
  }
}
