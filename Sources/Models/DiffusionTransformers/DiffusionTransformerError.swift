/// Why a configuration, an input or a transfer of weights is refused.
public enum DiffusionTransformerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A size is not possible.
  case size(what: String, expected: String, got: Int)
  /// Heads do not divide the width.
  case heads(width: Int, heads: Int)
  /// A kernel of even size has no middle.
  case evenKernel(Int)
  /// Tokens do not fill the grid.
  case grid(tokens: Int, rows: Int, columns: Int)
  /// An input has another shape than the model needs.
  case shape(what: String, expected: String, got: [Int])
  /// A label is neither a class nor the number that stands for none.
  case label(item: Int, got: Int, classes: Int)
  /// Parameters of a teacher and a student differ in shape, or one of them lacks some.
  case differentModels(parameters: [String])

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .size(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .heads(let width, let heads): "\(heads) heads do not divide width \(width); choose a divisor of \(width)"
    case .evenKernel(let size):
      "the depthwise kernel has \(size) taps a side; an odd number is needed, so that it has a middle"
    case .grid(let tokens, let rows, let columns):
      "\(tokens) tokens do not fill a grid of \(rows) × \(columns), which has \(rows * columns)"
    case .shape(let what, let expected, let got): "\(what) must have shape \(expected), got \(got)"
    case .label(let item, let got, let classes):
      "label \(got) of item \(item) is not in 0...\(classes), where \(classes) stands for no class"
    case .differentModels(let parameters):
      "teacher and student differ in \(parameters.joined(separator: ", ")); build both with the same sizes"
    }
  }

  static func positive(_ value: Int, _ what: String) throws(DiffusionTransformerError) {
    guard value >= 1 else { throw .size(what: what, expected: "at least 1", got: value) }
  }
}
