internal import Glibc

/// How a policy follows from estimated losses that add up over the episodes.
public enum PolicyUpdate: String, Sendable, Equatable, CaseIterable {
  /// Exponential weights: π ∝ exp(-η C).
  case exponential
  /// Log-barrier: π = argmin η⟨p, C⟩ + Σₐ ln(1/pₐ), which is pₐ = 1 / (η (Cₐ - min C) + x).
  case logBarrier

  /// Probabilities of the actions of one state.
  ///
  /// - Parameter losses: η C, one value an action.
  /// - Returns: probabilities, which add up to 1 up to rounding.
  public func policy(_ losses: [Double]) -> [Double] {
    var row = losses
    form(&row, 0, row.count)
    return row
  }

  /// Turns η C of one state, in a part of an array, into probabilities.
  func form(_ row: inout [Double], _ first: Int, _ count: Int) {
    var least = row[first]
    for place in first..<first + count { least = min(least, row[place]) }
    switch self {
    case .exponential:
      var total = 0.0
      for place in first..<first + count {
        row[place] = exp(least - row[place])
        total += row[place]
      }
      for place in first..<first + count { row[place] /= total }
    case .logBarrier:
      for place in first..<first + count { row[place] -= least }
      let x = Self.barrierRoot(row, first, count)
      for place in first..<first + count { row[place] = 1 / (row[place] + x) }
    }
  }

  /// The root x in 1…count of Σ 1 / (gₐ + x) = 1 for gaps gₐ ≥ 0 of which one is 0.
  ///
  /// The sum falls and is convex, so Newton's steps from x = 1, where it is at least 1, rise to the root without passing it.
  private static func barrierRoot(_ gaps: [Double], _ first: Int, _ count: Int) -> Double {
    var x = 1.0
    for _ in 0..<60 {
      var (sum, slope) = (-1.0, 0.0)
      for place in first..<first + count {
        let share = 1 / (gaps[place] + x)
        sum += share
        slope += share * share
      }
      let next = min(x + sum / slope, Double(count))
      // Rounding ends the rise.
      guard next > x else { break }
      x = next
    }
    return x
  }
}
