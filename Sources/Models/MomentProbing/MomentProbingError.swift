/// Why a head, its input or a sample of examples is refused.
public enum MomentProbingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A size is not possible.
  case size(what: String, expected: String, got: Int)
  /// The projected channels do not fall into heads of one width.
  case indivisible(channels: Int, heads: Int)
  /// Two convolutions of stride 2 leave nothing of so small a matrix.
  case narrowHead(channels: Int, heads: Int)
  /// The convolutions have another number of channels than there are pairs of heads.
  case pairCount(pairing: HeadPairing, heads: Int, pairs: Int, channels: Int)
  /// An input has another shape than the layer needs.
  case shape(what: String, expected: String, got: [Int])
  /// A feature is infinite or not a number.
  case notFinite(item: Int, token: Int)
  /// A label is no class.
  case label(item: Int, got: Int, classes: Int)
  /// A class has fewer examples than are wanted of each.
  case fewExamples(label: Int, wanted: Int, got: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .size(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .indivisible(let channels, let heads):
      "\(channels) hidden channels do not fall into \(heads) heads; choose a multiple of \(heads)"
    case .narrowHead(let channels, let heads):
      "\(heads) heads of \(channels / max(1, heads)) channels leave nothing after two convolutions of stride 2; "
        + "at least 7 channels a head are needed: use \(7 * heads) hidden channels or more, or fewer heads"
    case .pairCount(let pairing, let heads, let pairs, let channels):
      "pairing '\(pairing.rawValue)' of \(heads) heads gives \(pairs) pairs, the convolutions have \(channels) channels; "
        + "these must be equal"
    case .shape(let what, let expected, let got): "\(what) must have shape \(expected), got \(got)"
    case .notFinite(let item, let token):
      "token \(token) of item \(item) has a feature that is infinite or not a number; check the backbone's output"
    case .label(let item, let got, let classes): "label \(got) of item \(item) is not in 0..<\(classes)"
    case .fewExamples(let label, let wanted, let got):
      "class \(label) has \(got) examples, \(wanted) wanted; take fewer shots or more data"
    }
  }

  static func positive(_ value: Int, _ what: String) throws(MomentProbingError) {
    guard value >= 1 else { throw .size(what: what, expected: "at least 1", got: value) }
  }
}
