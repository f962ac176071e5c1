/// Adaptive quadrature over an interval with the pair of a 10-point Gauss and a 21-point Kronrod rule.
///
/// The worst interval is halved until the sum of the error estimates is below max(absolute, relative · |integral|).
///
/// Source: Piessens et al., QUADPACK, 1983 (the strategy); nodes and weights computed anew to 20 digits.
public struct GaussKronrod: Sendable {
  /// Absolute error asked for.
  public var absolute: Double
  /// Error relative to the integral asked for.
  public var relative: Double
  /// Largest number of intervals.
  public var maximumIntervals: Int

  /// An integral with an estimate of its error.
  public struct Estimate: Sendable, Equatable {
    /// The integral.
    public var value: Double
    /// Estimated absolute error.
    public var error: Double
    /// Number of function values used.
    public var evaluations: Int
  }

  /// Makes a quadrature with given accuracy.
  public init(absolute: Double = 1e-13, relative: Double = 1e-11, maximumIntervals: Int = 400) {
    self.absolute = absolute
    self.relative = relative
    self.maximumIntervals = maximumIntervals
  }

  /// ∫ f over `lower`…`upper`, both finite; negative for exchanged limits.
  ///
  /// - Throws: `SolverError.outOfRange` for limits that are not finite, `.notFinite` where f is not, `.notConverged` when the
  ///   intervals run out.
  public func integrate(
    from lower: Double,
    to upper: Double,
    _ f: (Double) -> Double
  ) throws(SolverError) -> Estimate {
    for limit in [lower, upper] where !limit.isFinite {
      throw .outOfRange(function: "GaussKronrod.integrate", argument: "a limit", expected: "finite", got: limit)
    }
    if lower == upper { return Estimate(value: 0, error: 0, evaluations: 0) }
    var pieces = [try Self.rule(lower, upper, f)]
    var value = pieces[0].value
    var error = pieces[0].error
    while error > max(absolute, relative * abs(value)) {
      guard pieces.count < maximumIntervals else {
        throw .notConverged(
          function: "GaussKronrod.integrate",
          steps: pieces.count,
          error: error,
          wanted: max(absolute, relative * abs(value))
        )
      }
      var worst = 0
      for index in pieces.indices where pieces[index].error > pieces[worst].error { worst = index }
      let piece = pieces[worst]
      let middle = (piece.lower + piece.upper) / 2
      // An interval of two neighbouring numbers cannot be halved: its error is rounding.
      guard middle != piece.lower, middle != piece.upper else { break }
      pieces[worst] = try Self.rule(piece.lower, middle, f)
      pieces.append(try Self.rule(middle, piece.upper, f))
      // Summed afresh, so that rounding of many updates cannot keep the error up.
      value = pieces.reduce(0) { $0 + $1.value }
      error = pieces.reduce(0) { $0 + $1.error }
    }
    return Estimate(value: value, error: error, evaluations: 21 * (2 * pieces.count - 1))
  }

  private struct Piece {
    let lower: Double
    let upper: Double
    let value: Double
    let error: Double
  }

  private static func rule(_ lower: Double, _ upper: Double, _ f: (Double) -> Double) throws(SolverError) -> Piece {
    let center = (lower + upper) / 2
    let half = (upper - lower) / 2
    let middle = f(center)
    var kronrod = kronrodWeights[10] * middle
    var gauss = 0.0
    var absolute = kronrodWeights[10] * abs(middle)
    for index in 0..<10 {
      let offset = half * nodes[index]
      let left = f(center - offset)
      let right = f(center + offset)
      kronrod += kronrodWeights[index] * (left + right)
      absolute += kronrodWeights[index] * (abs(left) + abs(right))
      if index % 2 == 1 { gauss += gaussWeights[index / 2] * (left + right) }
    }
    guard kronrod.isFinite else {
      throw .notFinite(function: "GaussKronrod.integrate", at: "a point of \(lower)…\(upper)")
    }
    // The plain difference is the error of the Gauss rule; below the rounding of the sum it means nothing.
    let difference = abs(kronrod - gauss) * abs(half)
    let rounding = 50 * Double.ulpOfOne * absolute * abs(half)
    return Piece(
      lower: lower,
      upper: upper,
      value: kronrod * half,
      error: estimate(difference, rounding, absolute * abs(half))
    )
  }

  private static func estimate(_ difference: Double, _ rounding: Double, _ size: Double) -> Double {
    guard size > 0, difference > 0 else { return 0 }
    // The Kronrod value is far better than the Gauss value it is compared with: error ~ difference^1.5 (QUADPACK's rule).
    let ratio = 200 * difference / size
    let scaled = ratio < 1 ? size * ratio * ratio.squareRoot() : difference
    return difference <= rounding ? min(scaled, rounding / 50) : scaled
  }

  /// Kronrod nodes from the outermost inwards; every second one is a Gauss node, the last is the middle.
  private static let nodes = [
    0.99565716302580808074, 0.97390652851717172008, 0.930157491355708226, 0.86506336668898451073,
    0.78081772658641689706, 0.67940956829902440623, 0.56275713466860468334, 0.4333953941292471908,
    0.29439286270146019813, 0.14887433898163121088, 0,
  ]
  private static let kronrodWeights = [
    0.011694638867371874278, 0.032558162307964727479, 0.054755896574351996031, 0.075039674810919952767,
    0.093125454583697605535, 0.1093871588022976419, 0.12349197626206585108, 0.13470921731147332593,
    0.1427759385770600808, 0.14773910490133849137, 0.14944555400291690566,
  ]
  private static let gaussWeights = [
    0.066671344308688137594, 0.14945134915058059315, 0.219086362515982044, 0.26926671930999635509,
    0.29552422471475287017,
  ]
}
