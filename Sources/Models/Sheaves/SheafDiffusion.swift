public import Layers
public import Tensors

/// A network that labels nodes from their features and a graph.
public protocol NodeClassifier: Module {
  /// Log-probabilities of classes, `[n, classes]`, from features `[n, features]`.
  func logProbabilities(_ x: Tensor<Float>, mode: Mode, random: inout RandomStream) throws -> Tensor<Float>
}

/// Neural sheaf diffusion: X ← (1 + tanh ε) X - ELU(Δ (I ⊗ W₁) X W₂), Δ learned from X.
///
/// Source: C. Bodnar and others, "Neural sheaf diffusion", 2022; section 2.4 of the method.
public struct SheafDiffusion: NodeClassifier {
  /// Sizes and switches.
  public let configuration: SheafConfiguration
  /// The graph.
  public let graph: SheafGraph
  /// Features to stalks.
  public var lin1: Linear
  /// A second layer after it.
  public var lin12: Linear?
  /// Stalks to classes.
  public var lin2: Linear
  /// W₁ of each layer.
  public var leftWeights: [Linear]
  /// W₂ of each layer.
  public var rightWeights: [Linear]
  /// Learners of the maps.
  public var sheafLearners: [EdgeLearner]
  /// Learners of edge weights.
  public var weightLearners: [EdgeLearner]
  /// ε of each layer, `[stalk, 1]`.
  public var epsilons: [Tensor<Float>]

  /// One layer of a forward run.
  public struct Step: Sendable {
    /// X before the layer, `[n, stalk, channels]`.
    public let x: Tensor<Float>
    /// Maps of directed edges, `[2E, d, d]`, or `[2E, d]` where they are diagonal.
    public let maps: Tensor<Float>
    /// The Laplacian.
    public let laplacian: SheafLaplacian<Float>
  }

  /// Makes a network with initial values.
  ///
  /// - Parameters:
  ///   - configuration: sizes and switches.
  ///   - graph: the graph.
  ///   - features: numbers that a node has.
  ///   - classes: number of classes.
  ///   - random: supplies initial values.
  /// - Throws: `SheafError` for sizes that the family refuses.
  public init(
    _ configuration: SheafConfiguration,
    graph: SheafGraph,
    features: Int,
    classes: Int,
    random: inout RandomStream
  ) throws(SheafError) {
    try configuration.check()
    self.configuration = configuration
    self.graph = graph
    let (stalk, hidden) = (configuration.wholeStalk, configuration.hidden)
    let width = stalk * hidden
    lin1 = Linear(inputSize: features, outputSize: width, random: &random)
    lin12 = configuration.hasSecondLinear ? Linear(inputSize: width, outputSize: width, random: &random) : nil
    lin2 = Linear(inputSize: width, outputSize: classes, random: &random)
    (leftWeights, rightWeights, sheafLearners, weightLearners, epsilons) = ([], [], [], [], [])
    let perMap = try configuration.family.parameterCount(configuration.stalk)
    for layer in 0..<configuration.layers {
      if configuration.hasLeftWeights {
        var left = Linear(inputSize: stalk, outputSize: stalk, hasBias: false, random: &random)
        left.weight = .identity(stalk)
        leftWeights.append(left)
      }
      if configuration.hasRightWeights {
        var right = Linear(inputSize: hidden, outputSize: hidden, hasBias: false, random: &random)
        right.weight = Initial.orthogonal(hidden, hidden, &random)
        rightWeights.append(right)
      }
      epsilons.append(.zeros([stalk, 1]))
      guard layer == 0 || configuration.isNonlinear else { continue }
      let summed = configuration.isSparseLearner ? stalk : 1
      sheafLearners.append(
        EdgeLearner(featureSize: width, outputSize: perMap, summedStalk: summed, random: &random)
      )
      if configuration.hasEdgeWeights, case .bundle = configuration.family {
        weightLearners.append(EdgeLearner(featureSize: width, outputSize: 1, random: &random))
      }
    }
  }

  /// Log-probabilities of classes, `[n, classes]`.
  ///
  /// - Throws: `SolverError` where parameters are not finite.
  public func logProbabilities(
    _ x: Tensor<Float>,
    mode: Mode,
    random: inout RandomStream
  ) throws -> Tensor<Float> {
    try forward(x, mode: mode, random: &random) { _ in }
  }

  /// States and sheaves of all layers in evaluation mode.
  ///
  /// - Throws: `SolverError` where parameters are not finite.
  public func steps(_ x: Tensor<Float>) throws -> [Step] {
    var steps: [Step] = []
    var unused = RandomStream(seed: 0)
    _ = try forward(x, mode: .evaluation, random: &unused) { steps.append($0) }
    return steps
  }

  private func forward(
    _ features: Tensor<Float>,
    mode: Mode,
    random: inout RandomStream,
    observe: (Step) -> Void
  ) throws -> Tensor<Float> {
    let (stalk, hidden) = (configuration.wholeStalk, configuration.hidden)
    let width = stalk * hidden
    let dropout = Dropout(rate: configuration.dropout)
    var x = Dropout(rate: configuration.inputDropout)(features, mode: mode, random: &random)
    x = dropout(lin1(x).elu(), mode: mode, random: &random)
    if let lin12 { x = lin12(x) }
    x = x.reshaped([graph.nodeCount, stalk, hidden])
    var sheaf: (maps: Tensor<Float>, laplacian: SheafLaplacian<Float>)?
    for layer in 0..<configuration.layers {
      let dropped = layer == 0 ? x : dropout(x, mode: mode, random: &random)
      if sheaf == nil || configuration.isNonlinear {
        sheaf = try makeSheaf(layer, from: dropped.reshaped([graph.nodeCount, width]))
      }
      guard let sheaf else { continue }
      observe(Step(x: x, maps: sheaf.maps, laplacian: sheaf.laplacian))
      var y = dropout(x, mode: mode, random: &random)
      if configuration.hasLeftWeights { y = y.stalksMapped(by: leftWeights[layer].weight) }
      if configuration.hasRightWeights { y = rightWeights[layer](y) }
      x = x * (epsilons[layer].tanh() + 1) - sheaf.laplacian.applied(to: y).elu()
    }
    return lin2(x.reshaped([graph.nodeCount, width])).logSoftmax()
  }

  private func makeSheaf(
    _ layer: Int,
    from x: Tensor<Float>
  ) throws -> (maps: Tensor<Float>, laplacian: SheafLaplacian<Float>) {
    let parameters = configuration.activation(sheafLearners[layer](x, graph))
    let (scaling, fixed, size) = (configuration.normalization, configuration.fixed, configuration.stalk)
    switch configuration.family {
    case .diagonal:
      return (parameters, try .diagonal(parameters, on: graph, normalization: scaling, fixed: fixed))
    case .bundle(let form):
      let maps = try form.maps(parameters, size: size)
      var weights: Tensor<Float>?
      if configuration.hasEdgeWeights {
        let own = weightLearners[layer](x, graph).sigmoid()
        weights = own * own.gatheredRows(graph.reverse)
      }
      return (maps, try .bundle(maps, weights: weights, on: graph, normalization: scaling, fixed: fixed))
    case .general:
      let maps = parameters.reshaped([graph.sources.count, size, size])
      return (maps, try .general(maps, on: graph, normalization: scaling, fixed: fixed))
    }
  }

  /// Shows all weights under the names of the official code.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("lin1", &lin1)
    visitor.visit("lin12", &lin12)
    visitor.visit("lin2", &lin2)
    visitor.visit("lin_left_weights", &leftWeights)
    visitor.visit("lin_right_weights", &rightWeights)
    visitor.visit("sheaf_learners", &sheafLearners)
    visitor.visit("weight_learners", &weightLearners)
    visitor.visit("epsilons", &epsilons)
  }
}
