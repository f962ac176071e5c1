public import Tensors

/// An undirected graph, every edge listed in both directions, on whose nodes and edges stalks stand.
public struct SheafGraph: Sendable {
  /// Number of nodes n.
  public let nodeCount: Int
  /// Source of each directed edge, `[2E]`; a map of a directed edge is the map of its source.
  public let sources: Tensor<Int>
  /// Target of each directed edge, `[2E]`.
  public let targets: Tensor<Int>
  /// Smaller node of each undirected edge, `[E]`, sorted.
  public let lower: Tensor<Int>
  /// Larger node of each undirected edge, `[E]`.
  public let upper: Tensor<Int>
  /// Directed edge that leaves the smaller node, for each undirected edge, `[E]`.
  public let forward: Tensor<Int>
  /// Directed edge that leaves the larger node, for each undirected edge, `[E]`.
  public let backward: Tensor<Int>
  /// For each directed edge the one in the other direction, `[2E]`.
  public let reverse: Tensor<Int>
  /// Number of neighbours of each node, `[n]`.
  public let degrees: [Int]

  /// Number of undirected edges E.
  public var edgeCount: Int { lower.count }

  /// Makes a graph from directed edges, which must come in pairs.
  ///
  /// - Parameters:
  ///   - nodeCount: number of nodes.
  ///   - sources: source of each directed edge.
  ///   - targets: target of each directed edge.
  /// - Throws: `SheafError` for an odd number, a missing reverse, a repeated edge, a self-loop, or an unknown node.
  public init(nodeCount: Int, sources: [Int], targets: [Int]) throws(SheafError) {
    guard nodeCount > 0 else { throw .notPositive(what: "number of nodes", got: nodeCount) }
    guard sources.count == targets.count else {
      throw .wrongCount(what: "targets of edges", expected: sources.count, got: targets.count)
    }
    guard sources.count.isMultiple(of: 2) else { throw .oddEdgeCount(sources.count) }
    var places: [Int: Int] = [:]
    var degrees = [Int](repeating: 0, count: nodeCount)
    for (index, (source, target)) in zip(sources, targets).enumerated() {
      for node in [source, target] where !(0..<nodeCount).contains(node) {
        throw .unknownNode(node, count: nodeCount)
      }
      guard source != target else { throw .selfLoop(node: source) }
      guard places.updateValue(index, forKey: source * nodeCount + target) == nil else {
        throw .repeatedEdge(source: source, target: target)
      }
      degrees[source] += 1
    }
    var reverse: [Int] = []
    for (source, target) in zip(sources, targets) {
      guard let place = places[target * nodeCount + source] else {
        throw .missingReverse(source: source, target: target)
      }
      reverse.append(place)
    }
    let forward = sources.indices.filter { sources[$0] < targets[$0] }
      .sorted { (sources[$0], targets[$0]) < (sources[$1], targets[$1]) }
    (self.nodeCount, self.degrees) = (nodeCount, degrees)
    (self.sources, self.targets, self.reverse) = (Tensor(sources), Tensor(targets), Tensor(reverse))
    lower = Tensor(forward.map { sources[$0] })
    upper = Tensor(forward.map { targets[$0] })
    self.forward = Tensor(forward)
    backward = Tensor(forward.map { reverse[$0] })
  }

  /// Makes a graph from pairs of nodes in any order; self-loops and repetitions are dropped.
  ///
  /// - Throws: `SheafError.unknownNode` or `.notPositive`.
  public init(nodeCount: Int, joining pairs: [(Int, Int)]) throws(SheafError) {
    for (first, second) in pairs {
      for node in [first, second] where !(0..<nodeCount).contains(node) {
        throw .unknownNode(node, count: nodeCount)
      }
    }
    var keys = Set<Int>()
    for (first, second) in pairs where first != second {
      keys.insert(first * nodeCount + second)
      keys.insert(second * nodeCount + first)
    }
    let sorted = keys.sorted()
    try self.init(
      nodeCount: nodeCount,
      sources: sorted.map { $0 / nodeCount },
      targets: sorted.map { $0 % nodeCount }
    )
  }

  /// Share of edges whose ends have the same label.
  public func homophily(_ labels: [Int]) -> Double {
    let equal = zip(lower.values, upper.values).filter { labels[$0] == labels[$1] }.count
    return Double(equal) / Double(max(1, edgeCount))
  }
}
