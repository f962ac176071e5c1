/// Why a grid, a network or a solve is refused.
public enum DirectionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A grid has no or too many axes, or an empty one.
  case gridShape([Int])
  /// Arrays that belong together differ in length.
  case wrongCount(what: String, expected: Int, got: Int)
  /// Pooling halves a side that is odd.
  case oddSide([Int])
  /// A right-hand side is not zero in a solid cell.
  case sourceInSolid(cell: Int, got: Double)
  /// A value is not finite.
  case notFinite(what: String, index: Int)
  /// A number is outside its range.
  case outOfRange(what: String, expected: String, got: Double)
  /// The network returned something that is not finite.
  case directionNotFinite(iteration: Int)
  /// A direction has no positive curvature.
  case noCurvature(iteration: Int, got: Double)
  /// No cell is fluid.
  case noActiveCells

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .gridShape(let sides): "grid \(sides) must have two or three axes of one cell or more"
    case .wrongCount(let what, let expected, let got): "\(what): expected \(expected) values, got \(got)"
    case .oddSide(let sides): "grid \(sides) has an odd side, which pooling cannot halve; use even sides"
    case .sourceInSolid(let cell, let got): "right-hand side is \(got) in solid cell \(cell); it must be 0 there"
    case .notFinite(let what, let index): "\(what) \(index) is not finite"
    case .outOfRange(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .directionNotFinite(let iteration):
      "iteration \(iteration): the network's direction is not finite; its weights have diverged"
    case .noCurvature(let iteration, let got):
      "iteration \(iteration): curvature pᵀAp is \(got), must be positive; is the matrix positive definite, is p zero?"
    case .noActiveCells: "every cell is solid; leave some fluid"
    }
  }
}
