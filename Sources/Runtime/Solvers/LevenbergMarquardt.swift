/// Non-linear least squares by the method of Levenberg and Marquardt.
///
/// Minimises ½ Σ rᵢ(p)². Each step solves the damped linear problem by Householder reflections of the stacked Jacobian, never
/// by normal equations, so that nearly dependent parameters keep their digits.
///
/// Source: Marquardt, 1963; damping by gain ratio as Nielsen, 1999.
public struct LevenbergMarquardt: Sendable {
  /// Relative change of the sum of squares below which the search ends.
  public var tolerance = 1e-14
  /// Largest number of steps.
  public var maximumSteps = 200

  /// Makes a search with usual settings.
  public init() {}

  /// What a search found.
  public struct Solution: Sendable, Equatable {
    /// The parameters, in the caller's order.
    public var parameters: [Double]
    /// Σ rᵢ² at the parameters.
    public var sumOfSquares: Double
    /// Number of steps tried.
    public var steps: Int
  }

  /// Residuals and their derivatives at one point.
  public struct Model: Sendable {
    /// r, `[m]`.
    public var residuals: [Double]
    /// ∂r/∂p column by column, `[n][m]`.
    public var jacobian: [[Double]]

    /// Makes a point of a model.
    public init(residuals: [Double], jacobian: [[Double]]) {
      self.residuals = residuals
      self.jacobian = jacobian
    }
  }

  /// Searches from a starting point.
  ///
  /// - Parameters:
  ///   - start: parameters, `[n]`.
  ///   - model: residuals and Jacobian at given parameters.
  /// - Returns: the best point found.
  /// - Throws: `SolverError.notFinite` where the start has no finite residuals, `.wrongCount` where there are fewer residuals
  ///   than parameters, `.notConverged` after too many steps; and what the model throws at the start.
  public func minimize(from start: [Double], _ model: ([Double]) throws -> Model) throws -> Solution {
    let name = "LevenbergMarquardt"
    var point = Point(parameters: start, model: try model(start))
    try Self.check(point, name)
    var damping = 1e-3
    var growth = 2.0
    var quiet = 0
    for step in 1...maximumSteps {
      let move = Self.dampedStep(point.model, damping: damping)
      let parameters = zip(point.parameters, move).map { $0 + $1 }
      // A trial outside the model's domain is a bad step like any other: shorten it.
      guard let next = try? model(parameters), case let trial = Point(parameters: parameters, model: next),
        trial.square.isFinite
      else {
        damping *= growth
        growth *= 2
        continue
      }
      let predicted = Self.predictedGain(point.model, move: move)
      let gain = point.square - trial.square
      let isSmall = abs(gain) <= tolerance * point.square && predicted <= tolerance * point.square
      if gain >= 0 {
        let cube = 2 * (predicted > 0 ? gain / predicted : 1) - 1
        damping *= max(1.0 / 3, 1 - cube * cube * cube)
        growth = 2
        point = trial
      } else {
        damping *= growth
        growth *= 2
      }
      quiet = isSmall ? quiet + 1 : 0
      if quiet >= 2 || point.square == 0 || damping > 1e15 {
        return Solution(parameters: point.parameters, sumOfSquares: point.square, steps: step)
      }
    }
    throw SolverError.notConverged(
      function: name,
      steps: maximumSteps,
      error: point.square,
      wanted: tolerance * point.square
    )
  }

  /// Parameters with the model there and its sum of squares.
  private struct Point {
    let parameters: [Double]
    let model: Model
    let square: Double

    init(parameters: [Double], model: Model) {
      self.parameters = parameters
      self.model = model
      square = LevenbergMarquardt.squares(model.residuals)
    }
  }

  private static func check(_ start: Point, _ name: String) throws(SolverError) {
    let count = start.parameters.count
    guard start.model.residuals.count >= count else {
      throw .wrongCount(function: name, argument: "residuals", expected: count, got: start.model.residuals.count)
    }
    guard start.model.jacobian.count == count else {
      throw .wrongCount(function: name, argument: "jacobian", expected: count, got: start.model.jacobian.count)
    }
    guard start.square.isFinite else {
      throw .notFinite(function: name, at: "the starting point \(start.parameters)")
    }
  }

  private static func squares(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }

  /// Fall of Σr² that the linear model promises.
  private static func predictedGain(_ model: Model, move: [Double]) -> Double {
    var gain = 0.0
    for row in model.residuals.indices {
      var change = 0.0
      for column in move.indices { change += model.jacobian[column][row] * move[column] }
      let residual = model.residuals[row]
      gain -= change * (2 * residual + change)
    }
    return gain
  }

  /// argmin |r + J δ|² + λ |D δ|² with D the column norms.
  private static func dampedStep(_ model: Model, damping: Double) -> [Double] {
    let count = model.jacobian.count
    var columns = (0..<count).map { column -> [Double] in
      // A parameter without effect keeps a tiny scale, so that the system stays solvable.
      let scale = max(squares(model.jacobian[column]).squareRoot(), 1e-300)
      return model.jacobian[column] + (0..<count).map { $0 == column ? damping.squareRoot() * scale : 0 }
    }
    var right = model.residuals.map { -$0 } + [Double](repeating: 0, count: count)
    LeastSquares.triangularize(&columns, &right)
    return LeastSquares.backSubstitute(columns, right)
  }
}

/// Linear least squares of a few unknowns by Householder reflections.
public enum LeastSquares {
  /// argmin |A x - b|² for a matrix given by columns, `[n][m]`, m ≥ n.
  ///
  /// - Throws: `SolverError.wrongCount`, or `.singular` where columns depend on each other.
  public static func solve(columns: [[Double]], _ right: [Double]) throws(SolverError) -> [Double] {
    for column in columns where column.count != right.count {
      throw .wrongCount(
        function: "LeastSquares.solve",
        argument: "a column",
        expected: right.count,
        got: column.count
      )
    }
    guard right.count >= columns.count else {
      throw .wrongCount(
        function: "LeastSquares.solve",
        argument: "right-hand side",
        expected: columns.count,
        got: right.count
      )
    }
    let norms = columns.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    var columns = columns
    var right = right
    triangularize(&columns, &right)
    for k in columns.indices where !(abs(columns[k][k]) > 1e-14 * norms[k]) {
      throw .singular(function: "LeastSquares.solve", row: k)
    }
    return backSubstitute(columns, right)
  }

  static func triangularize(_ columns: inout [[Double]], _ right: inout [Double]) {
    let rows = right.count
    for k in columns.indices {
      var norm = 0.0
      for row in k..<rows { norm += columns[k][row] * columns[k][row] }
      norm = norm.squareRoot()
      guard norm > 0 else { continue }
      let head = columns[k][k]
      let diagonal = head > 0 ? -norm : norm
      var reflector = Array(columns[k][k..<rows])
      reflector[0] -= diagonal
      let scale = 1 / (norm * (norm + abs(head)))
      columns[k][k] = diagonal
      for other in (k + 1)..<max(columns.count, k + 1) { reflect(&columns[other], reflector, from: k, scale) }
      reflect(&right, reflector, from: k, scale)
    }
  }

  private static func reflect(_ values: inout [Double], _ reflector: [Double], from start: Int, _ scale: Double) {
    var product = 0.0
    for index in reflector.indices { product += reflector[index] * values[start + index] }
    product *= scale
    for index in reflector.indices { values[start + index] -= product * reflector[index] }
  }

  static func backSubstitute(_ columns: [[Double]], _ right: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: columns.count)
    for k in columns.indices.reversed() {
      var sum = right[k]
      for j in (k + 1)..<max(columns.count, k + 1) { sum -= columns[j][k] * result[j] }
      result[k] = columns[k][k] == 0 ? 0 : sum / columns[k][k]
    }
    return result
  }
}
