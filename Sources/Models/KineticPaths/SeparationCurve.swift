internal import Glibc
internal import Solvers

/// The data separation function of a data set on a grid of angles, and what follows from it alone.
///
/// λ(s) = E|x̂|²/d = 1 - m(s), with m the mean square error per coordinate of the best guess of the data at signal-to-noise ratio
/// s = α/σ = tan θ. The kinetic energy of every Gaussian path depends on the data through λ only.
///
/// Source: N. Shaul and others, 2023; the polar form and its closed forms are derived for this replication.
public struct SeparationCurve: Sendable, Equatable {
  /// m at the middle of each cell of 0…π/2, never above cos² θ.
  public let errors: [Double]
  /// Width of a cell, π / (2N).
  public var step: Double { .pi / 2 / Double(errors.count) }

  /// Takes errors m(tan θ) at the middles of equal cells of 0…π/2.
  ///
  /// What the linear guess would do, cos² θ, bounds them: estimates above it are cut.
  ///
  /// - Throws: `KineticPathError.outOfRange` for no cells, or an error that is negative or not finite.
  public init(errors: [Double]) throws(KineticPathError) {
    try KineticPathError.positive(errors.count, "number of cells")
    if let wrong = errors.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .outOfRange(what: "every mean square error", expected: "zero or positive", got: wrong)
    }
    self.errors = errors.enumerated().map { index, error in
      let cosine = cos(Self.angle(index, of: errors.count))
      return min(error, cosine * cosine)
    }
  }

  private init(_ cells: Int, _ error: (_ angle: Double) -> Double) throws(KineticPathError) {
    try self.init(errors: (0..<max(cells, 0)).map { error(Self.angle($0, of: cells)) })
  }

  /// The middle of a cell; one expression for all, so that normal data cost nothing to the last bit.
  static func angle(_ cell: Int, of cells: Int) -> Double { (Double(cell) + 0.5) * (.pi / 2 / Double(cells)) }

  /// Data that are normal themselves: λ = s²/(1 + s²), the least possible.
  ///
  /// - Throws: `KineticPathError.outOfRange` for no cells.
  public static func normalData(cells: Int = 4000) throws(KineticPathError) -> SeparationCurve {
    try SeparationCurve(cells) { cos($0) * cos($0) }
  }

  /// Data that any noise leaves apart: λ = 1.
  ///
  /// - Throws: `KineticPathError.outOfRange` for no cells.
  public static func separated(cells: Int = 4000) throws(KineticPathError) -> SeparationCurve {
    try SeparationCurve(cells) { _ in 0 }
  }

  /// Two points ±v with |v|² = d: m(s) = 1 - E tanh(γ² + γZ), γ = s√d, by Gauss and Hermite's rule.
  ///
  /// - Throws: `KineticPathError.outOfRange`, or `SolverError` where the rule fails.
  public static func twoPoints(dimension: Int, cells: Int = 4000, nodes: Int = 200) throws -> SeparationCurve {
    let error = try twoPointError(dimension: dimension, nodes: nodes)
    return try SeparationCurve(cells) { error(tan($0)) }
  }

  /// m(s) of two points, as a function.
  ///
  /// - Throws: `KineticPathError.outOfRange`, or `SolverError` where the rule fails.
  public static func twoPointError(dimension: Int, nodes: Int = 200) throws -> @Sendable (_ ratio: Double) -> Double {
    try KineticPathError.positive(dimension, "dimension")
    let rule = try GaussRule.normal(nodes)
    return { ratio in
      let gamma = ratio * Double(dimension).squareRoot()
      // 1 - tanh x = 2 / (1 + e²ˣ), without the difference of two numbers near 1.
      return rule.integrate { 2 / (1 + exp(2 * (gamma * gamma + gamma * $0))) }
    }
  }

  /// Middles of the cells, rad.
  public var angles: [Double] { errors.indices.map { Self.angle($0, of: errors.count) } }

  /// λ in each cell.
  public var separations: [Double] { errors.map { 1 - $0 } }

  /// g² = 1 - m / cos² θ in each cell, in 0…1: what an angle costs, in squares of r.
  public var squaredMetric: [Double] {
    zip(angles, errors).map { max(0, 1 - $1 / (cos($0) * cos($0))) }
  }

  /// φ = ∫ g dθ at the edges of all cells, one more than there are cells.
  public var lengths: [Double] {
    var sum = 0.0
    return [0]
      + squaredMetric.map { square in
        sum += square.squareRoot() * step
        return sum
      }
  }

  /// Φ, the whole length, at most π/2.
  public var length: Double { lengths[errors.count] }

  /// I = ∫ m ds = ∫ m / cos² θ dθ over all signal-to-noise ratios.
  public var errorIntegral: Double {
    zip(angles, errors).reduce(0) { $0 + $1.1 / (cos($1.0) * cos($1.0)) } * step
  }

  /// m / cos² θ at any angle, straight between middles of cells and level beyond them.
  func relativeError(_ angle: Double) -> Double {
    let place = angle / step - 0.5
    let low = min(max(Int(place.rounded(.down)), 0), errors.count - 1)
    let high = min(low + 1, errors.count - 1)
    let share = min(max(place - Double(low), 0), 1)
    return (1 - share) * relativeError(cell: low) + share * relativeError(cell: high)
  }

  private func relativeError(cell: Int) -> Double {
    let cosine = cos(Self.angle(cell, of: errors.count))
    return errors[cell] / (cosine * cosine)
  }
}

/// Bounds on the error of the best guess that hold for every normalised data set.
public enum SeparationBound {
  /// 4 max u² Q(u), Q the upper tail of the normal distribution: what one pair of points can add, 0.66287.
  public static let pair: Double = {
    // u² Q(u) has one maximum, near 1.19: golden section.
    let shrink = (5.0.squareRoot() - 1) / 2
    func value(_ u: Double) -> Double { 2 * u * u * Solvers.erfc(u / 2.0.squareRoot()) }
    var (low, high) = (0.5, 3.0)
    for _ in 0..<80 {
      let (left, right) = (high - shrink * (high - low), low + shrink * (high - low))
      if value(left) < value(right) { low = left } else { high = right }
    }
    return value((low + high) / 2)
  }()

  /// min(1 / (1 + s²), c (n - 1) / (d s²)): the linear guess, and the nearest point.
  ///
  /// - Parameters:
  ///   - ratio: s.
  ///   - count: number of points n.
  ///   - dimension: d.
  /// - Returns: the bound on m(s).
  public static func error(ratio: Double, count: Int, dimension: Int) -> Double {
    min(1 / (1 + ratio * ratio), pair * Double(count - 1) / (Double(dimension) * ratio * ratio))
  }

  /// 2 √(c (n - 1) / d), the bound on I.
  public static func integral(count: Int, dimension: Int) -> Double {
    2 * (pair * Double(count - 1) / Double(dimension)).squareRoot()
  }
}
