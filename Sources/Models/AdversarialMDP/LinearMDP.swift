public import Tensors

/// A layered decision process whose transitions and losses are linear in known features.
///
/// P_h(s'|s,a) = φ_h(s,a)ᵀ μ_h(s') and ℓ_k(s,a) = φ_h(s,a)ᵀ θ_{k,h}, with ‖φ‖₂ ≤ 1; then every policy's Q is linear in φ too.
/// Each episode starts in state 0 of layer 0 and takes one action in each layer.
///
/// Source: Dai, Luo, Wei and Zimmert, "Refined regret for adversarial MDPs with linear function approximation", ICML 2023, arXiv 2301.12942.
public struct LinearMDP: Sendable, Equatable {
  /// Number of layers H, which is the length of an episode.
  public let layers: Int
  /// Number of states S in each layer.
  public let states: Int
  /// Number of actions A.
  public let actions: Int
  /// Number of features d.
  public let dimension: Int
  /// φ, `[layers, states, actions, dimension]` in one array.
  public let features: [Double]
  /// P, `[layers, states, actions, states]` in one array; what the last layer leads to is never used.
  public let transitions: [Double]

  /// Number of pairs of state and action in a layer.
  public var pairs: Int { states * actions }

  /// Makes a process from features and measures.
  ///
  /// - Parameters:
  ///   - layers: H.
  ///   - states: S.
  ///   - actions: A.
  ///   - features: φ, `[layers, states, actions, d]`.
  ///   - measures: μ, `[layers, d, states]`.
  /// - Throws: `MDPError.wrongCount`, `.badSetting`, `.longFeature` or `.badTransition`.
  public init(layers: Int, states: Int, actions: Int, features: [Double], measures: [Double]) throws(MDPError) {
    for (count, name) in [
      (layers, "the number of layers"), (states, "the number of states"), (actions, "the number of actions"),
    ]
    where count < 1 {
      throw .badSetting(setting: name, expected: "1 or more", got: Double(count))
    }
    let total = layers * states * actions
    guard !features.isEmpty, features.count % total == 0 else {
      throw .wrongCount(what: "features of \(total) pairs", expected: total, got: features.count)
    }
    let dimension = features.count / total
    guard measures.count == layers * dimension * states else {
      throw .wrongCount(what: "measures", expected: layers * dimension * states, got: measures.count)
    }
    (self.layers, self.states, self.actions, self.dimension) = (layers, states, actions, dimension)
    self.features = features
    var transitions = [Double](repeating: 0, count: total * states)
    for pair in 0..<total {
      let first = pair / (states * actions) * dimension * states
      for i in 0..<dimension {
        for next in 0..<states {
          transitions[pair * states + next] += features[pair * dimension + i] * measures[first + i * states + next]
        }
      }
    }
    self.transitions = transitions
    for pair in 0..<total { try check(pair) }
  }

  private func check(_ pair: Int) throws(MDPError) {
    let (layer, place) = pair.quotientAndRemainder(dividingBy: pairs)
    let (state, action) = place.quotientAndRemainder(dividingBy: actions)
    let norm = features[pair * dimension..<(pair + 1) * dimension].reduce(0) { $0 + $1 * $1 }.squareRoot()
    // Written so that NaN is refused.
    guard norm <= 1 + 1e-9 else { throw .longFeature(layer: layer, state: state, action: action, norm: norm) }
    let row = transitions[pair * states..<(pair + 1) * states]
    let (sum, least) = (row.reduce(0, +), row.min() ?? 0)
    guard abs(sum - 1) <= 1e-9, least >= -1e-12 else {
      throw .badTransition(layer: layer, state: state, action: action, sum: sum, least: least)
    }
  }

  /// Draws a process: φ from a Dirichlet distribution with concentration 0.3, the measures' rows with 0.5.
  ///
  /// - Throws: `MDPError.badSetting` for a size below 1.
  public static func random(
    layers: Int,
    states: Int,
    actions: Int,
    dimension: Int,
    random: inout RandomStream
  ) throws(MDPError) -> LinearMDP {
    guard dimension >= 1 else {
      throw .badSetting(setting: "the number of features", expected: "1 or more", got: Double(dimension))
    }
    let features = random.dirichlet(
      max(layers * states * actions, 0),
      concentrations: [Double](repeating: 0.3, count: dimension)
    )
    let measures = random.dirichlet(
      max(layers * dimension, 0),
      concentrations: [Double](repeating: 0.5, count: max(states, 1))
    )
    return try LinearMDP(
      layers: layers,
      states: states,
      actions: actions,
      features: features.values,
      measures: measures.values
    )
  }

  /// Losses φᵀθ of all pairs, `[layers, states, actions]`, for θ `[layers, d]`.
  public func losses(_ parameters: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: layers * pairs)
    for pair in result.indices {
      let first = pair / pairs * dimension
      for i in 0..<dimension { result[pair] += features[pair * dimension + i] * parameters[first + i] }
    }
    return result
  }

  /// The least loss that one fixed policy has from state 0 of layer 0, by dynamic programming.
  ///
  /// - Parameter losses: of all pairs, such as sums over episodes, `[layers, states, actions]`.
  /// - Returns: the loss of the best policy.
  public func leastLoss(_ losses: [Double]) -> Double {
    var values = [Double](repeating: 0, count: states)
    for layer in (0..<layers).reversed() {
      values = (0..<states).map { state in
        (0..<actions).reduce(.infinity) { least, action in
          let pair = (layer * states + state) * actions + action
          var loss = losses[pair]
          for next in 0..<states { loss += transitions[pair * states + next] * values[next] }
          return min(least, loss)
        }
      }
    }
    return values[0]
  }

  /// The loss of a policy from state 0 of layer 0.
  ///
  /// - Parameters:
  ///   - policy: probabilities of the actions, `[layers, states, actions]`.
  ///   - losses: `[layers, states, actions]`.
  /// - Returns: the expected loss of an episode.
  public func value(of policy: [Double], _ losses: [Double]) -> Double {
    var values = [Double](repeating: 0, count: states)
    for layer in (0..<layers).reversed() {
      values = (0..<states).map { state in
        (0..<actions).reduce(0) { sum, action in
          let pair = (layer * states + state) * actions + action
          var loss = losses[pair]
          for next in 0..<states { loss += transitions[pair * states + next] * values[next] }
          return sum + policy[pair] * loss
        }
      }
    }
    return values[0]
  }

  /// The policy that takes every action with equal chance, `[layers, states, actions]`.
  public var uniformPolicy: [Double] { [Double](repeating: 1 / Double(actions), count: layers * pairs) }
}
