/// Which heads meet in a cross-covariance.
public enum HeadPairing: String, Sendable, Equatable, CaseIterable {
  /// Each head with the next one; the published choice.
  case near
  /// The first head with each other one.
  case one
  /// Each head of the first half with its partner in the second.
  case half = "n/2"
  /// All pairs; the official code leaves columns unnormalised here.
  case all = "cn2"

  /// The pairs, the head of the rows first.
  ///
  /// - Parameter heads: how many heads there are.
  /// - Returns: numbers of heads, each pair once.
  public func pairs(heads: Int) -> [(rows: Int, columns: Int)] {
    switch self {
    case .near: (0..<max(0, heads - 1)).map { ($0, $0 + 1) }
    case .one: (1..<max(1, heads)).map { (0, $0) }
    case .half: (0..<heads / 2).map { ($0, $0 + heads / 2) }
    case .all: (0..<heads).flatMap { row in (row + 1..<max(row + 1, heads)).map { (row, $0) } }
    }
  }
}

/// Which channels of the projection make a head.
public enum HeadLayout: Sendable, Equatable {
  /// Head i has channels i·m … (i+1)·m - 1, as for the tokens of a transformer.
  case contiguous
  /// Head i has channels i, i + h, i + 2h, …, as for the feature maps of a convolutional network.
  case interleaved
}
