/// Why a graph, a sheaf or a training on a graph is refused.
public enum SheafError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Both directions of every edge must be listed, so their number is even.
  case oddEdgeCount(Int)
  /// An edge lacks its reverse.
  case missingReverse(source: Int, target: Int)
  /// An edge is listed twice.
  case repeatedEdge(source: Int, target: Int)
  /// An edge joins a node to itself.
  case selfLoop(node: Int)
  /// An edge names a node that is not there.
  case unknownNode(Int, count: Int)
  /// A stalk is too small or too large for its family.
  case stalkSize(family: String, expected: String, got: Int)
  /// Parameters of maps have the wrong shape.
  case parameterShape(family: String, expected: [Int], got: [Int])
  /// Two normalisations exclude each other.
  case bothNormalizations
  /// Weights are switched off in a family that always has them.
  case fixedWeights(family: String)
  /// A part of a split has no nodes.
  case emptyMask(part: String, split: Int)
  /// A split names a node that is not there.
  case unknownSplitNode(part: String, split: Int, node: Int, count: Int)
  /// A label is not a class.
  case label(node: Int, got: Int, classes: Int)
  /// Numbers of nodes disagree.
  case wrongCount(what: String, expected: Int, got: Int)
  /// A size is not positive.
  case notPositive(what: String, got: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .oddEdgeCount(let count): "directed edges: \(count) is odd; list both directions of every edge"
    case .missingReverse(let source, let target):
      "edge (\(source), \(target)) lacks its reverse; list (\(target), \(source)) too"
    case .repeatedEdge(let source, let target): "edge (\(source), \(target)) is listed twice; list it once"
    case .selfLoop(let node): "node \(node) has an edge to itself; remove the self-loop"
    case .unknownNode(let node, let count): "an edge names node \(node), but nodes are 0..<\(count); mend the edge list"
    case .stalkSize(let family, let expected, let got): "\(family): stalk size must be \(expected), got \(got)"
    case .parameterShape(let family, let expected, let got):
      "\(family): parameters must have shape \(expected), got \(got)"
    case .bothNormalizations: "block and degree normalisation exclude each other; choose one"
    case .fixedWeights(let family):
      "\(family): left and right weights cannot be switched off; only the diagonal family can do without"
    case .emptyMask(let part, let split): "split \(split) has no \(part) nodes; give each part at least one"
    case .unknownSplitNode(let part, let split, let node, let count):
      "split \(split) has \(part) node \(node), but nodes are 0..<\(count); mend the split"
    case .label(let node, let got, let classes): "node \(node) has label \(got), expected one in 0..<\(classes)"
    case .wrongCount(let what, let expected, let got): "\(what): expected \(expected), got \(got)"
    case .notPositive(let what, let got): "\(what) must be positive, got \(got)"
    }
  }
}
