public import Tensors

/// Which nodes teach, choose and test.
public struct NodeSplit: Sendable, Equatable {
  /// Nodes whose labels are learned from.
  public var training: [Int]
  /// Nodes by which the best epoch is chosen.
  public var validation: [Int]
  /// Nodes on which accuracy is measured.
  public var test: [Int]

  /// Makes a split.
  public init(training: [Int], validation: [Int], test: [Int]) {
    (self.training, self.validation, self.test) = (training, validation, test)
  }
}

/// A graph whose nodes have features and labels, with splits.
public struct NodeTask: Sendable {
  /// Name of the data.
  public let name: String
  /// The graph.
  public let graph: SheafGraph
  /// Features, `[n, features]`, rows divided by their sums where these are above 1.
  public let features: Tensor<Float>
  /// Class of each node.
  public let labels: [Int]
  /// Number of classes.
  public let classes: Int
  /// The splits.
  public let splits: [NodeSplit]

  /// Checks and keeps a task.
  ///
  /// - Parameters:
  ///   - name: name of the data.
  ///   - graph: the graph.
  ///   - features: `[n, features]`.
  ///   - labels: class of each node, in 0..<classes.
  ///   - classes: number of classes; some may miss in some masks.
  ///   - splits: the splits.
  /// - Throws: `SheafError.wrongCount`, `.label` or `.emptyMask`.
  public init(
    _ name: String,
    graph: SheafGraph,
    features: Tensor<Float>,
    labels: [Int],
    classes: Int,
    splits: [NodeSplit]
  ) throws(SheafError) {
    guard features.rank == 2, features.shape[0] == graph.nodeCount else {
      throw .wrongCount(what: "rows of features", expected: graph.nodeCount, got: features.shape.first ?? 0)
    }
    guard labels.count == graph.nodeCount else {
      throw .wrongCount(what: "labels", expected: graph.nodeCount, got: labels.count)
    }
    for (node, label) in labels.enumerated() where !(0..<classes).contains(label) {
      throw .label(node: node, got: label, classes: classes)
    }
    for (index, split) in splits.enumerated() {
      for (part, nodes) in [("training", split.training), ("validation", split.validation), ("test", split.test)] {
        guard !nodes.isEmpty else { throw .emptyMask(part: part, split: index) }
        for node in nodes where !(0..<graph.nodeCount).contains(node) {
          throw .unknownSplitNode(part: part, split: index, node: node, count: graph.nodeCount)
        }
      }
    }
    let sums = features.sum(1, keepsAxes: true)
    self.features = features / sums.clamped(to: 1...Float.greatestFiniteMagnitude)
    (self.name, self.graph, self.labels, self.classes, self.splits) = (name, graph, labels, classes, splits)
  }

  /// Reads a graph in the form of the heterophilous graphs' archives.
  ///
  /// - Parameters:
  ///   - name: name of the data.
  ///   - archive: arrays `node_features`, `node_labels`, `edges`, and masks `[splits, n]`.
  /// - Throws: `NumpyError`, or `SheafError` for data that do not fit.
  public init(_ name: String, _ archive: NumpyArchive) throws {
    let labels = try archive.array("node_labels").integers().values
    let pairs = try archive.array("edges").integers().values
    let joined = (0..<pairs.count / 2).map { (pairs[2 * $0], pairs[2 * $0 + 1]) }
    func masks(_ part: String) throws -> [[Int]] {
      let mask = try archive.array(part + "_masks").integers()
      let (rows, width) = (mask.shape[0], mask.shape[1])
      let values = mask.values
      return (0..<rows).map { row in (0..<width).filter { values[row * width + $0] != 0 } }
    }
    let (training, validation, test) = (try masks("train"), try masks("val"), try masks("test"))
    try self.init(
      name,
      graph: SheafGraph(nodeCount: labels.count, joining: joined),
      features: archive.array("node_features").floats(),
      labels: labels,
      classes: (labels.max() ?? 0) + 1,
      splits: training.indices.map {
        NodeSplit(training: training[$0], validation: validation[$0], test: test[$0])
      }
    )
  }

  /// Makes a heterophilic graph of words: classes prefer to be joined with other classes, in a ring.
  ///
  /// - Parameters:
  ///   - nodes: number of nodes.
  ///   - edges: number of edges drawn.
  ///   - classes: number of classes.
  ///   - words: number of features, each 0 or 1.
  ///   - homophily: chance of an edge to join equal labels.
  ///   - splitCount: number of random splits of 48, 32 and 20 %.
  ///   - random: source of all draws.
  /// - Returns: the task.
  /// - Throws: `SheafError` for sizes that leave a part empty.
  public static func synthetic(
    nodes: Int = 180,
    edges: Int = 300,
    classes: Int = 5,
    words: Int = 400,
    homophily: Double = 0.1,
    splits splitCount: Int,
    random: inout RandomStream
  ) throws(SheafError) -> NodeTask {
    let labels = (0..<nodes).map { _ in random.integer(in: 0..<classes) }
    let members = (0..<classes).map { wanted in labels.indices.filter { labels[$0] == wanted } }
    var pairs: [(Int, Int)] = []
    for _ in 0..<edges {
      let node = random.integer(in: 0..<nodes)
      let steps = random.uniform() < homophily ? 0 : 1
      let others = members[(labels[node] + steps) % classes]
      if !others.isEmpty { pairs.append((node, others[random.integer(in: 0..<others.count)])) }
    }
    // Each class uses its own tenth of the words four times as often.
    var values: [Float] = []
    for label in labels {
      for word in 0..<words {
        let chance = word * classes / words == label && word.isMultiple(of: 2) ? 0.06 : 0.03
        values.append(random.uniform() < chance ? 1 : 0)
      }
    }
    let splits = (0..<splitCount).map { _ in
      let order = random.permutation(nodes)
      let (first, second) = (nodes * 48 / 100, nodes * 80 / 100)
      return NodeSplit(
        training: order[..<first].sorted(),
        validation: order[first..<second].sorted(),
        test: order[second...].sorted()
      )
    }
    return try NodeTask(
      "synthetic",
      graph: SheafGraph(nodeCount: nodes, joining: pairs),
      features: Tensor(values, shape: [nodes, words]),
      labels: labels,
      classes: classes,
      splits: splits
    )
  }
}
