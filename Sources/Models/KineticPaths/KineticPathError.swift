/// Why points, a grid or a setting of a path is refused.
public enum KineticPathError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A number is outside its range.
  case outOfRange(what: String, expected: String, got: Double)
  /// No points, or points without coordinates.
  case empty(points: Int, dimension: Int)
  /// A coordinate is NaN or infinite.
  case notFinite(point: Int, coordinate: Int)
  /// All points are one: nothing is left after centring.
  case noSpread(points: Int)
  /// A tensor has the wrong shape.
  case shape(what: String, expected: String, got: [Int])

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .outOfRange(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .empty(let points, let dimension):
      "\(points) points of \(dimension) coordinates; give at least one of each"
    case .notFinite(let point, let coordinate):
      "coordinate \(coordinate) of point \(point) is not finite; remove the point"
    case .noSpread(let points):
      "the \(points) points are all the same, so that centred they are zero and have no scale; give different points"
    case .shape(let what, let expected, let got): "\(what): expected shape \(expected), got \(got)"
    }
  }

  static func positive(_ value: Int, _ what: String) throws(KineticPathError) {
    guard value >= 1 else { throw .outOfRange(what: what, expected: "at least 1", got: Double(value)) }
  }
}
