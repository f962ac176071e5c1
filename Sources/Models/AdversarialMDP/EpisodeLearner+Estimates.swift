extension EpisodeLearner {
  /// Σ of a layer from its occupancy, and its regularised inverse.
  mutating func formInverse(_ layer: Int) throws(MDPError) {
    let d = mdp.dimension
    let first = layer * d * d
    for place in first..<first + d * d { covariance[place] = 0 }
    for place in 0..<mdp.pairs {
      let pair = layer * mdp.pairs + place
      let weight = occupancy[layer * mdp.states + place / mdp.actions] * policy[pair]
      for i in 0..<d {
        let scaled = weight * mdp.features[pair * d + i]
        for j in 0..<d { covariance[first + i * d + j] += scaled * mdp.features[pair * d + j] }
      }
    }
    for place in first..<first + d * d { inverse[place] = covariance[place] }
    for i in 0..<d { inverse[first + i * d + i] += settings.regularization }
    guard SmallMatrix.invert(&inverse, first, d) else {
      throw .singularCovariance(layer: layer, regularization: settings.regularization)
    }
  }

  /// Σ̂⁺ φ of all pairs of a layer, which every quadratic form of it begins with.
  mutating func formImage(_ layer: Int) {
    let d = mdp.dimension
    for place in 0..<mdp.pairs {
      let feature = (layer * mdp.pairs + place) * d
      for i in 0..<d {
        var sum = 0.0
        for j in 0..<d { sum += inverse[layer * d * d + i * d + j] * mdp.features[feature + j] }
        image[place * d + i] = sum
      }
    }
  }

  /// φ(pair)ᵀ Σ̂⁺ φ(other) of two pairs of a layer whose image was formed last.
  private func product(_ layer: Int, _ place: Int, _ other: Int) -> Double {
    let d = mdp.dimension
    var sum = 0.0
    for i in 0..<d { sum += image[place * d + i] * mdp.features[(layer * mdp.pairs + other) * d + i] }
    return sum
  }

  /// E min(φᵀ Σ̂⁺ φ(s', a'), 0) over the policy's own pairs.
  private func meanNegative(_ layer: Int, _ place: Int) -> Double {
    var sum = 0.0
    for other in 0..<mdp.pairs {
      let weight = occupancy[layer * mdp.states + other / mdp.actions] * policy[layer * mdp.pairs + other]
      sum += weight * min(product(layer, place, other), 0)
    }
    return sum
  }

  mutating func formEstimate(_ layer: Int) {
    let reach = Double(mdp.layers - layer)
    for place in 0..<mdp.pairs {
      let z = product(layer, place, played[layer])
      var q = z * returns[layer]
      if settings.estimator == .magnitudeReduced {
        q += reach * (meanNegative(layer, place) - min(z, 0))
      }
      estimate[layer * mdp.pairs + place] = q
      leastScaledEstimate = min(leastScaledEstimate, settings.rate * q)
      leastBoundedEstimate = min(leastBoundedEstimate, q * settings.regularization.squareRoot() / reach)
    }
  }

  /// b(s, a) = β (‖φ(s, a)‖² + Σ π(a'|s) ‖φ(s, a')‖²) in the norm of Σ̂⁺.
  mutating func formBonus(_ layer: Int) {
    let actions = mdp.actions
    for state in 0..<mdp.states {
      let row = layer * mdp.pairs + state * actions
      var mean = 0.0
      for action in 0..<actions {
        let place = state * actions + action
        let norm = product(layer, place, place)
        bonus[row + action] = norm
        mean += policy[row + action] * norm
      }
      for pair in row..<row + actions { bonus[pair] = settings.bonus * (bonus[pair] + mean) }
    }
  }

  /// B = b + (1 + 1/H) P B of the next layer under the policy.
  mutating func formDilatedBonus() {
    let (states, actions) = (mdp.states, mdp.actions)
    let growth = 1 + 1 / Double(mdp.layers)
    for state in 0..<states { values[state] = 0 }
    for layer in (0..<mdp.layers).reversed() {
      for state in 0..<states {
        var mean = 0.0
        for pair in (layer * states + state) * actions..<(layer * states + state + 1) * actions {
          var later = 0.0
          for next in 0..<states { later += mdp.transitions[pair * states + next] * values[next] }
          dilated[pair] = bonus[pair] + growth * later
          mean += policy[pair] * dilated[pair]
        }
        nextValues[state] = mean
      }
      swap(&values, &nextValues)
    }
  }

  /// Means of both estimators over the pair that is played, with the loss from each pair on held fixed.
  ///
  /// - Parameters:
  ///   - layer: whose covariance the last episode formed.
  ///   - losses: L of each pair, `[states, actions]`, in 0…H - layer.
  /// - Returns: the mean estimate of each pair, `[states, actions]`, plain and magnitude-reduced.
  public func meanEstimates(layer: Int, losses: [Double]) -> (plain: [Double], reduced: [Double]) {
    var copy = self
    copy.formImage(layer)
    let reach = Double(mdp.layers - layer)
    var (plain, reduced) = ([Double](repeating: 0, count: mdp.pairs), [Double](repeating: 0, count: mdp.pairs))
    for place in 0..<mdp.pairs {
      let shift = copy.meanNegative(layer, place)
      for other in 0..<mdp.pairs {
        let weight = occupancy[layer * mdp.states + other / mdp.actions] * policy[layer * mdp.pairs + other]
        let z = copy.product(layer, place, other)
        plain[place] += weight * z * losses[other]
        reduced[place] += weight * (z * losses[other] + reach * (shift - min(z, 0)))
      }
    }
    return (plain, reduced)
  }
}
