public import Layers
public import Tensors

/// Two linear layers on the features of each node; the graph is not seen.
public struct FeatureNetwork: NodeClassifier {
  /// Features to hidden values.
  public var first: Linear
  /// Hidden values to classes.
  public var second: Linear
  private let dropout: Dropout

  /// Makes a network with initial values.
  public init(features: Int, hidden: Int = 64, classes: Int, dropout: Double = 0.5, random: inout RandomStream) {
    first = Linear(inputSize: features, outputSize: hidden, random: &random)
    second = Linear(inputSize: hidden, outputSize: classes, random: &random)
    self.dropout = Dropout(rate: dropout)
  }

  /// Log-probabilities of classes, `[n, classes]`.
  public func logProbabilities(_ x: Tensor<Float>, mode: Mode, random: inout RandomStream) -> Tensor<Float> {
    let hidden = first(dropout(x, mode: mode, random: &random)).relu()
    return second(dropout(hidden, mode: mode, random: &random)).logSoftmax()
  }

  /// Shows both layers.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("first", &first)
    visitor.visit("second", &second)
  }
}

/// The graph convolutional network: two layers X ← Â X W, Â = (D + I)^(-1/2) (A + I) (D + I)^(-1/2).
///
/// Source: T. Kipf, M. Welling, 2017.
public struct GraphConvolutionNetwork: NodeClassifier {
  /// Features to hidden values.
  public var first: Linear
  /// Hidden values to classes.
  public var second: Linear
  /// Â, as a Laplacian of one dimension with other signs.
  private let adjacency: SheafLaplacian<Float>
  private let dropout: Dropout

  /// Makes a network with initial values.
  public init(
    graph: SheafGraph,
    features: Int,
    hidden: Int = 64,
    classes: Int,
    dropout: Double = 0.5,
    random: inout RandomStream
  ) {
    first = Linear(inputSize: features, outputSize: hidden, random: &random)
    second = Linear(inputSize: hidden, outputSize: classes, random: &random)
    let scales = graph.degrees.map { 1 / Float($0 + 1).squareRoot() }
    let joint = zip(graph.lower.values, graph.upper.values).map { scales[$0] * scales[$1] }
    adjacency = SheafLaplacian(
      graph,
      diagonal: Tensor(scales.map { $0 * $0 }, shape: [graph.nodeCount, 1]),
      sides: Tensor(joint, shape: [graph.edgeCount, 1]),
      .block,
      FixedDimensions()
    )
    self.dropout = Dropout(rate: dropout)
  }

  /// Log-probabilities of classes, `[n, classes]`.
  public func logProbabilities(_ x: Tensor<Float>, mode: Mode, random: inout RandomStream) -> Tensor<Float> {
    let hidden = spread(first(dropout(x, mode: mode, random: &random))).relu()
    return spread(second(dropout(hidden, mode: mode, random: &random))).logSoftmax()
  }

  /// Hidden values after the first layer and scores after the second, for energies.
  public func states(_ x: Tensor<Float>) -> [Tensor<Float>] {
    let hidden = spread(first(x)).relu()
    return [first(x), hidden, spread(second(hidden))]
  }

  private func spread(_ x: Tensor<Float>) -> Tensor<Float> {
    adjacency.applied(to: x.expanded(at: 1)).squeezed(1)
  }

  /// Shows both layers.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("first", &first)
    visitor.visit("second", &second)
  }
}

/// The graph attention network: two layers whose sums over neighbours have learned weights.
///
/// Source: P. Veličković and others, 2018; eight heads of eight channels, then one head.
public struct GraphAttentionNetwork: NodeClassifier {
  /// Features to the channels of all heads.
  public var first: AttentionOverEdges
  /// Those to classes.
  public var second: AttentionOverEdges
  private let dropout: Dropout

  /// Makes a network with initial values.
  public init(
    graph: SheafGraph,
    features: Int,
    heads: Int = 8,
    channels: Int = 8,
    classes: Int,
    dropout: Double = 0.5,
    random: inout RandomStream
  ) {
    first = AttentionOverEdges(graph, features, heads: heads, channels: channels, random: &random)
    second = AttentionOverEdges(graph, heads * channels, heads: 1, channels: classes, random: &random)
    self.dropout = Dropout(rate: dropout)
  }

  /// Log-probabilities of classes, `[n, classes]`.
  public func logProbabilities(_ x: Tensor<Float>, mode: Mode, random: inout RandomStream) -> Tensor<Float> {
    let hidden = first(dropout(x, mode: mode, random: &random)).elu()
    return second(dropout(hidden, mode: mode, random: &random)).logSoftmax()
  }

  /// Shows both layers.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("first", &first)
    visitor.visit("second", &second)
  }
}

/// One layer of graph attention; every node attends to its neighbours and itself.
public struct AttentionOverEdges: Module {
  /// Features to the channels of all heads.
  public var linear: Linear
  /// Score of a node as a source, `[1, heads, channels]`.
  public var sourceScore: Tensor<Float>
  /// Score of a node as a target, `[1, heads, channels]`.
  public var targetScore: Tensor<Float>
  private let sources: Tensor<Int>
  private let targets: Tensor<Int>

  init(_ graph: SheafGraph, _ features: Int, heads: Int, channels: Int, random: inout RandomStream) {
    linear = Linear(inputSize: features, outputSize: heads * channels, hasBias: false, random: &random)
    sourceScore = Initial.xavierUniform([heads, channels], &random).expanded(at: 0)
    targetScore = Initial.xavierUniform([heads, channels], &random).expanded(at: 0)
    let own = Array(0..<graph.nodeCount)
    (sources, targets) = (Tensor(graph.sources.values + own), Tensor(graph.targets.values + own))
  }

  /// Weighted sums, `[n, heads · channels]`.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    let (nodes, heads, channels) = (x.shape[0], sourceScore.shape[1], sourceScore.shape[2])
    let values = linear(x).reshaped([nodes, heads, channels])
    let scores =
      (values * sourceScore).sum(-1).gatheredRows(sources) + (values * targetScore).sum(-1).gatheredRows(targets)
    let curved = scores.leakyReLU(slope: 0.2)
    // The largest score of all keeps exponentials finite; weights do not depend on it.
    let powers = (curved - (curved.withoutGradient().values.max() ?? 0)).exp()
    let totals = powers.scatterAddedRows(targets, count: nodes) + 1e-16
    let messages = values.gatheredRows(sources) * powers.expanded(at: 2)
    let sums = messages.scatterAddedRows(targets, count: nodes) / totals.expanded(at: 2)
    return sums.reshaped([nodes, heads * channels])
  }

  /// Shows the linear map and both scores.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("linear", &linear)
    visitor.visit("sourceScore", &sourceScore)
    visitor.visit("targetScore", &targetScore)
  }
}
