public import Layers
public import Tensors

/// What follows the linear map that makes a sheaf's parameters.
public enum SheafActivation: Sendable {
  /// Between -1 and 1.
  case tanh
  /// Nothing.
  case identity
  /// Linear above 0, above -1 below.
  case elu

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    switch self {
    case .tanh: x.tanh()
    case .identity: x
    case .elu: x.elu()
    }
  }
}

/// Numbers for each directed edge from the features of its ends: W [x_source ‖ x_target].
///
/// W is applied to nodes and gathered by edges, which equals its product with joined features and needs no list of them.
///
/// Source: section 2.3 of the method.
public struct EdgeLearner: Module {
  /// W, without bias.
  public var linear1: Linear
  /// How often W is repeated along the joined features: the sparse learner sums them over the stalk first.
  private let repetitions: Int

  /// Makes a learner.
  ///
  /// - Parameters:
  ///   - featureSize: numbers that a node has.
  ///   - outputSize: numbers that an edge gets.
  ///   - stalk: size of the stalk where joined features are summed over it, in rows of twice the channels; 1 for none.
  ///   - random: supplies initial values.
  public init(featureSize: Int, outputSize: Int, summedStalk stalk: Int = 1, random: inout RandomStream) {
    linear1 = Linear(
      inputSize: 2 * featureSize / stalk,
      outputSize: outputSize,
      hasBias: false,
      random: &random
    )
    repetitions = stalk
  }

  /// Numbers before the activation, `[2E, outputs]`, from features `[n, features]`.
  public func callAsFunction(_ x: Tensor<Float>, _ graph: SheafGraph) -> Tensor<Float> {
    let weight = repetitions == 1 ? linear1.weight : linear1.weight.repeated(repetitions, axis: 1)
    // Both halves side by side, so that one product serves sources and targets.
    let halves = Tensor.concatenated(weight.split(into: 2, axis: 1), axis: 0)
    let outputs = weight.shape[0]
    let scores = x.matmul(halves, transposesRight: true).reshaped([graph.nodeCount, 2, outputs])
    return scores.selected(0, axis: 1).gatheredRows(graph.sources)
      + scores.selected(1, axis: 1).gatheredRows(graph.targets)
  }

  /// Shows `linear1`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("linear1", &linear1) }
}
