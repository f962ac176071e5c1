/// Why a network, an input or a query is refused.
public enum FlowSeparationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A number is not possible.
  case size(what: String, expected: String, got: Int)
  /// Channels do not fall into groups of equal size.
  case groups(channels: Int, groups: Int)
  /// An input has another shape than the network needs.
  case shape(what: String, expected: String, got: [Int])
  /// Sides of a picture or a latent are no multiples of what the network halves.
  case multiple(what: String, divisor: Int, got: [Int])
  /// A sound has too few samples for one frame.
  case tooShort(samples: Int, needed: Int)
  /// A sound has no level that could be measured.
  case silence(what: String)
  /// A vocabulary lacks one of the marks that every text needs.
  case vocabulary(missing: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .size(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .groups(let channels, let groups):
      "\(channels) channels do not fall into \(groups) groups; choose a multiple of \(groups)"
    case .shape(let what, let expected, let got): "\(what) must have shape \(expected), got \(got)"
    case .multiple(let what, let divisor, let got):
      "sides of \(what) must be multiples of \(divisor), got \(got); pad or cut it"
    case .tooShort(let samples, let needed):
      "the sound has \(samples) samples; \(needed) are needed for one frame"
    case .silence(let what): "\(what) is silent, so that its level says nothing; leave it out or report it apart"
    case .vocabulary(let missing): "the vocabulary lacks '\(missing)'; is it the vocab.txt of the sentence encoder?"
    }
  }

  static func positive(_ value: Int, _ what: String) throws(FlowSeparationError) {
    guard value >= 1 else { throw .size(what: what, expected: "at least 1", got: value) }
  }

  static func divides(_ groups: Int, _ channels: Int) throws(FlowSeparationError) {
    try positive(channels, "number of channels")
    guard channels % groups == 0 else { throw .groups(channels: channels, groups: groups) }
  }
}
