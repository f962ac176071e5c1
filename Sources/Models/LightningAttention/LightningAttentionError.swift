/// Why an attention, a model or a text is refused.
public enum LightningAttentionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Queries, keys and values do not belong together.
  case shapes(queries: [Int], keys: [Int], values: [Int])
  /// There is not one slope a head.
  case slopeCount(expected: Int, got: Int)
  /// A slope is negative, infinite or not a number.
  case slope(head: Int, got: Double)
  /// A carried state has another shape than the heads need.
  case stateShape(expected: [Int], got: [Int])
  /// A size is not possible.
  case size(what: String, expected: String, got: Int)
  /// A token is not in the vocabulary.
  case token(position: Int, got: Int, vocabulary: Int)
  /// A text is too short for a window and the character after it.
  case shortText(characters: Int, needed: Int)
  /// A character does not occur in the text that made the vocabulary.
  case unknownCharacter(String, position: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .shapes(let queries, let keys, let values):
      "q \(queries), k \(keys), v \(values): expected [batch, heads, positions, size] for q and k, and v equal up to its size"
    case .slopeCount(let expected, let got):
      "\(got) slopes for \(expected) heads; give one a head, such as DecaySlopes.standard(heads: \(expected))"
    case .slope(let head, let got): "slope of head \(head) must be zero or positive and finite, got \(got)"
    case .stateShape(let expected, let got): "state has shape \(got), expected \(expected); begin with zeros"
    case .size(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .token(let position, let got, let vocabulary):
      "token \(position) is \(got), the vocabulary is 0..<\(vocabulary)"
    case .shortText(let characters, let needed):
      "the text has \(characters) characters, \(needed) needed; give more text or a shorter window"
    case .unknownCharacter(let character, let position):
      "character '\(character)' at \(position) is not in the vocabulary; make the vocabulary from all of the text"
    }
  }

  static func positive(_ value: Int, _ what: String) throws(LightningAttentionError) {
    guard value >= 1 else { throw .size(what: what, expected: "at least 1", got: value) }
  }
}
