internal import CSparseKernels

/// Minimisation of a smooth function of many variables by a limited memory of gradients.
///
/// Steps are -H∇f with H from the last pairs of steps and changes of the gradient; their length satisfies the strong Wolfe
/// conditions f(x + αp) ≤ f + c₁ α p·∇f and |p·∇f(x + αp)| ≤ c₂ |p·∇f|.
///
/// Source: J. Nocedal, S. Wright, "Numerical optimization", 2006, algorithms 7.4, 3.5 and 3.6.
public struct LBFGS: Sendable {
  /// Pairs that are kept.
  public var memory = 10
  /// Largest entry of the gradient at which the search ends.
  public var gradientTolerance = 1e-8
  /// Relative fall of the value below which the search ends.
  public var valueTolerance = 1e-14
  /// Largest number of steps.
  public var maximumSteps = 1000

  /// Makes a search with usual settings.
  public init() {}

  /// What a search found.
  public struct Solution: Sendable, Equatable {
    /// The best point.
    public var point: [Double]
    /// The function there.
    public var value: Double
    /// Largest entry of the gradient there.
    public var gradientSize: Double
    /// Steps taken.
    public var steps: Int
    /// Whether a tolerance was met; false where the steps ran out or no step led further down.
    public var isConverged: Bool
  }

  /// Searches from a starting point.
  ///
  /// - Parameters:
  ///   - start: `[n]`.
  ///   - function: value and gradient, `[n]`, at a point.
  /// - Returns: the best point found.
  /// - Throws: `SolverError.notFinite` or `.wrongCount` for the start, and what the function throws.
  public func minimize(
    from start: [Double],
    _ function: ([Double]) throws -> (value: Double, gradient: [Double])
  ) throws -> Solution {
    let first = try function(start)
    guard first.gradient.count == start.count else {
      throw SolverError.wrongCount(
        function: "LBFGS.minimize",
        argument: "the gradient",
        expected: start.count,
        got: first.gradient.count
      )
    }
    guard first.value.isFinite, first.gradient.allSatisfy(\.isFinite) else {
      throw SolverError.notFinite(function: "LBFGS.minimize", at: "the starting point")
    }
    var place = Place(x: start, value: first.value, gradient: first.gradient)
    var history = History(limit: memory)
    for step in 0..<maximumSteps {
      if place.size <= gradientTolerance { return solution(place, step, true) }
      var direction = history.direction(place.gradient)
      if !(dot(direction, place.gradient) < 0) {
        history.clear()
        direction = history.direction(place.gradient)
      }
      // Without a memory the gradient's length says nothing about that of the step.
      let initial = history.isEmpty ? min(1, 1 / place.gradient.reduce(0) { $0 + abs($1) }) : 1
      let search = WolfeSearch(start: place, direction: direction)
      guard let next = try search.run(initial, function), next.value <= place.value else {
        if history.isEmpty { return solution(place, step, false) }
        history.clear()
        continue
      }
      history.add(step: minus(next.x, place.x), change: minus(next.gradient, place.gradient))
      let fall = place.value - next.value
      place = next
      if fall <= valueTolerance * max(1, abs(next.value)) { return solution(place, step + 1, true) }
    }
    return solution(place, maximumSteps, false)
  }

  private func solution(_ place: Place, _ steps: Int, _ isConverged: Bool) -> Solution {
    Solution(
      point: place.x,
      value: place.value,
      gradientSize: place.size,
      steps: steps,
      isConverged: isConverged || place.size <= gradientTolerance
    )
  }
}

/// A point with the function's value and gradient.
private struct Place {
  var x: [Double]
  var value: Double
  var gradient: [Double]
  var size: Double { gradient.reduce(0) { max($0, abs($1)) } }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { ock_dot_f64(a, b, a.count) }

private func minus(_ a: [Double], _ b: [Double]) -> [Double] { a.indices.map { a[$0] - b[$0] } }

/// The last steps and changes of the gradient, and what they say about the curvature.
private struct History {
  private var pairs: [(step: [Double], change: [Double], scale: Double)] = []
  private let limit: Int

  init(limit: Int) { self.limit = max(limit, 1) }

  var isEmpty: Bool { pairs.isEmpty }
  mutating func clear() { pairs = [] }

  mutating func add(step: [Double], change: [Double]) {
    let product = dot(step, change)
    // The Wolfe conditions make it positive; rounding near the minimum may not.
    guard product > .ulpOfOne * dot(change, change) else { return }
    if pairs.count == limit { pairs.removeFirst() }
    pairs.append((step, change, 1 / product))
  }

  /// -H times a gradient, by the two loops of the recursion.
  func direction(_ gradient: [Double]) -> [Double] {
    var q = gradient.map { -$0 }
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = pair.scale * dot(pair.step, q)
      factors.append(factor)
      for index in q.indices { q[index] -= factor * pair.change[index] }
    }
    if let last = pairs.last {
      let scale = 1 / (last.scale * dot(last.change, last.change))
      for index in q.indices { q[index] *= scale }
    }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      let shift = factor - pair.scale * dot(pair.change, q)
      for index in q.indices { q[index] += shift * pair.step[index] }
    }
    return q
  }
}

/// A search along a line for a length that satisfies the strong Wolfe conditions.
private struct WolfeSearch {
  private let start: Place
  private let direction: [Double]
  private let slope: Double
  private static let decrease = 1e-4
  private static let curvature = 0.9

  init(start: Place, direction: [Double]) {
    (self.start, self.direction) = (start, direction)
    slope = dot(direction, start.gradient)
  }

  private typealias Trial = (length: Double, slope: Double, place: Place)

  private func trial(
    _ length: Double,
    _ function: ([Double]) throws -> (value: Double, gradient: [Double])
  ) throws -> Trial {
    let x = start.x.indices.map { start.x[$0] + length * direction[$0] }
    let (value, gradient) = try function(x)
    return (length, dot(direction, gradient), Place(x: x, value: value, gradient: gradient))
  }

  private func isTooHigh(_ trial: Trial) -> Bool {
    !(trial.place.value <= start.value + Self.decrease * trial.length * slope)
  }

  /// The place reached, or nil where no length leads down.
  func run(
    _ first: Double,
    _ function: ([Double]) throws -> (value: Double, gradient: [Double])
  ) throws -> Place? {
    var before: Trial = (0, slope, start)
    var length = first
    for count in 0..<25 {
      let here = try trial(length, function)
      if isTooHigh(here) || count > 0 && here.place.value >= before.place.value {
        return try zoom(before, here, function)
      }
      if abs(here.slope) <= -Self.curvature * slope { return here.place }
      if here.slope >= 0 { return try zoom(here, before, function) }
      before = here
      length *= 2
    }
    return before.place
  }

  /// Narrows two lengths between which the conditions hold; the first has the lower value.
  private func zoom(
    _ first: Trial,
    _ second: Trial,
    _ function: ([Double]) throws -> (value: Double, gradient: [Double])
  ) throws -> Place? {
    var (low, high) = (first, second)
    for _ in 0..<40 {
      let here = try trial(between(low, high), function)
      if isTooHigh(here) || here.place.value >= low.place.value {
        high = here
      } else {
        if abs(here.slope) <= -Self.curvature * slope { return here.place }
        if here.slope * (high.length - low.length) >= 0 { high = low }
        low = here
      }
      if abs(high.length - low.length) <= 1e-14 * max(low.length, high.length) { break }
    }
    return low.length > 0 ? low.place : nil
  }

  /// Minimum of the cubic through both values and slopes, kept off the ends; the middle where there is none.
  private func between(_ a: Trial, _ b: Trial) -> Double {
    let width = b.length - a.length
    let d = a.slope + b.slope - 3 * (a.place.value - b.place.value) / (a.length - b.length)
    let root = d * d - a.slope * b.slope
    guard root >= 0, root.isFinite else { return a.length + width / 2 }
    let r = width > 0 ? root.squareRoot() : -root.squareRoot()
    let share = 1 - (b.slope + r - d) / (b.slope - a.slope + 2 * r)
    return a.length + width * (share.isFinite ? min(max(share, 0.1), 0.9) : 0.5)
  }
}
