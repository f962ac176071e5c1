/// Why two networks or a path between them are refused.
public enum ConnectivityError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Two networks differ in their layers.
  case mismatchedArchitectures(first: [Int], second: [Int])
  /// A path has too few points to have an inside.
  case tooFewPoints(needed: Int, got: Int)
  /// A matching has entries that are NaN or infinite: the networks diverged.
  case notFiniteMatching(layer: Int)
  /// A matching is not square.
  case notSquare(rows: Int, columns: Int)
  /// A setting is outside its range.
  case badSetting(setting: String, expected: String, got: Double)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .mismatchedArchitectures(let first, let second):
      "networks of widths \(first) and \(second) cannot be joined by a line; train both with equal widths"
    case .tooFewPoints(let needed, let got): "a path needs \(needed) points at least, got \(got)"
    case .notFiniteMatching(let layer):
      "matching of hidden layer \(layer) is not finite: a network diverged; lower its learning rate"
    case .notSquare(let rows, let columns):
      "a matching of units must be square, got \(rows) x \(columns); compare layers of equal width"
    case .badSetting(let setting, let expected, let got): "\(setting) must be \(expected), got \(got)"
    }
  }
}
