internal import Tensors

/// Conjugate directions whose candidates come from a function such as a network.
///
/// The length of each step is exact, so that the error's A-norm never grows, whatever the function returns.
///
/// Source: A. Kaneda and others, "A deep conjugate direction method", 2023; section 2.2 of the method.
public struct DeepDirections: Sendable {
  /// Share of the first residual to be reached.
  public var tolerance: Double
  /// Number of earlier directions that a new one is made conjugate to.
  public var kept: Int
  /// Largest number of steps.
  public var maximumSteps: Int

  /// Chooses; two directions are kept as published.
  public init(tolerance: Double = 1e-4, kept: Int = 2, maximumSteps: Int = 1000) {
    (self.tolerance, self.kept, self.maximumSteps) = (tolerance, kept, maximumSteps)
  }

  /// What a solve found.
  public struct Solution: Sendable, Equatable {
    /// x, `[n]`.
    public var values: [Double]
    /// |b - A x| after each step, the first entry being that of the start.
    public var residuals: [Double]
    /// First search directions, as many as were asked for.
    public var directions: [[Double]]
    /// Whether the tolerance was reached.
    public var hasConverged: Bool
    /// Number of steps.
    public var steps: Int { residuals.count - 1 }
  }

  /// Solves A x = b.
  ///
  /// - Parameters:
  ///   - right: b, `[n]`.
  ///   - keepsDirections: how many of the first directions are returned.
  ///   - product: writes A x over its second argument.
  ///   - observe: called with x after each step.
  ///   - direction: a direction for a residual of length 1.
  /// - Returns: the solution with its history.
  /// - Throws: `DirectionError` for bad numbers, a direction that is not finite or one without curvature.
  public func solve(
    _ right: [Double],
    keepsDirections: Int = 0,
    product: (_ x: [Double], _ y: inout [Double]) -> Void,
    observe: ([Double]) -> Void = { _ in },
    direction: ([Double]) throws -> [Double]
  ) throws -> Solution {
    try check(right)
    var x = [Double](repeating: 0, count: right.count)
    var residual = right
    var size = Self.norm(right)
    var solution = Solution(values: x, residuals: [size], directions: [], hasConverged: size == 0)
    let wanted = tolerance * size
    var earlier: [(p: [Double], image: [Double], curvature: Double)] = []
    var image = x
    for iteration in 1...max(1, maximumSteps) where !solution.hasConverged && iteration <= maximumSteps {
      let guess = try direction(residual.map { $0 / size })
      guard guess.count == right.count else {
        throw DirectionError.wrongCount(what: "direction", expected: right.count, got: guess.count)
      }
      guard guess.allSatisfy(\.isFinite) else { throw DirectionError.directionNotFinite(iteration: iteration) }
      var p = guess
      // All shares are taken from the guess itself, newest direction first, as published.
      for old in earlier.reversed() {
        let share = Self.dot(guess, old.image) / old.curvature
        for index in p.indices { p[index] -= share * old.p[index] }
      }
      product(p, &image)
      let curvature = Self.dot(p, image)
      guard curvature > 0 else { throw DirectionError.noCurvature(iteration: iteration, got: curvature) }
      let length = Self.dot(p, residual) / curvature
      for index in x.indices { x[index] += length * p[index] }
      if solution.directions.count < keepsDirections { solution.directions.append(p) }
      if kept > 0 { earlier.append((p, image, curvature)) }
      if earlier.count > kept { earlier.removeFirst() }
      // Computed anew: the running residual would drift away from that of x.
      product(x, &image)
      for index in x.indices { residual[index] = right[index] - image[index] }
      size = Self.norm(residual)
      solution.residuals.append(size)
      observe(x)
      solution.hasConverged = size < wanted
    }
    solution.values = x
    return solution
  }

  /// Solves the pressure equation with a network.
  ///
  /// - Throws: `DirectionError`, also for odd sides and sources in solids.
  public func solve(
    _ grid: PoissonGrid,
    _ right: [Double],
    with network: DirectionNetwork,
    keepsDirections: Int = 0,
    observe: ([Double]) -> Void = { _ in }
  ) throws -> Solution {
    try grid.check(right)
    guard grid.sides.allSatisfy({ $0.isMultiple(of: 2) }) else { throw DirectionError.oddSide(grid.sides) }
    let shape = [1, 1] + grid.sides
    return try solve(right, keepsDirections: keepsDirections, product: grid.multiply, observe: observe) { residual in
      let output = network(Tensor(residual.map(Float.init), shape: shape)).values
      return output.indices.map { grid.diagonal[$0] > 0 ? Double(output[$0]) : 0 }
    }
  }

  private func check(_ right: [Double]) throws(DirectionError) {
    guard tolerance > 0, tolerance < 1 else {
      throw .outOfRange(what: "tolerance", expected: "above 0 and below 1", got: tolerance)
    }
    guard kept >= 0 else { throw .outOfRange(what: "kept directions", expected: "zero or more", got: Double(kept)) }
    for (index, value) in right.enumerated() where !value.isFinite {
      throw .notFinite(what: "right-hand side value", index: index)
    }
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
  static func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
}
