public import Layers
public import Tensors

/// How a node classifier is trained: full batches, Adam with coupled decay, the best epoch by validation.
public struct NodeTraining: Sendable {
  /// Size of a step.
  public var rate: Float
  /// Weight decay.
  public var decay: Float
  /// Weight decay of the sheaf learners; that of the rest when nil.
  public var sheafDecay: Float?
  /// Largest number of epochs.
  public var epochs: Int
  /// Epochs without a better validation before the end.
  public var patience: Int
  /// Whether accuracy and not loss chooses the epoch.
  public var selectsByAccuracy = false

  /// Chooses; the published setting of the baselines unless changed.
  public init(rate: Float = 0.01, decay: Float = 5e-4, epochs: Int = 500, patience: Int = 100) {
    (self.rate, self.decay, self.epochs, self.patience) = (rate, decay, epochs, patience)
  }

  /// What a training gave.
  public struct Outcome<Model: NodeClassifier>: Sendable {
    /// The network of the best epoch.
    public var model: Model
    /// Its share of right test labels.
    public var testAccuracy: Double
    /// The best epoch.
    public var bestEpoch: Int
    /// Training loss of each epoch.
    public var trainingLosses: [Double]
    /// Validation loss after each epoch.
    public var validationLosses: [Double]
    /// Validation accuracy after each epoch.
    public var validationAccuracies: [Double]
  }

  /// Trains a network on one split.
  ///
  /// - Parameters:
  ///   - start: the network with initial values.
  ///   - task: features and labels.
  ///   - split: number of the split.
  ///   - random: source of dropouts.
  /// - Returns: the network of the best epoch, and curves.
  /// - Throws: what the network throws.
  public func run<Model: NodeClassifier>(
    _ start: Model,
    on task: NodeTask,
    split: Int,
    random: inout RandomStream
  ) throws -> Outcome<Model> {
    let parts = task.splits[split]
    var model = start
    var optimizer = makeOptimizer()
    var outcome = Outcome(
      model: start,
      testAccuracy: 0,
      bestEpoch: -1,
      trainingLosses: [],
      validationLosses: [],
      validationAccuracies: []
    )
    var best = Double.infinity
    for epoch in 0..<epochs {
      let loss = try step(&model, &optimizer, task, parts, &random)
      let logs = try model.logProbabilities(task.features, mode: .evaluation, random: &random)
      let validation = Self.score(logs, task.labels, parts.validation)
      outcome.trainingLosses.append(loss)
      outcome.validationLosses.append(validation.loss)
      outcome.validationAccuracies.append(validation.accuracy)
      let measure = selectsByAccuracy ? -validation.accuracy : validation.loss
      if measure < best {
        best = measure
        (outcome.model, outcome.bestEpoch) = (model, epoch)
        outcome.testAccuracy = Self.score(logs, task.labels, parts.test).accuracy
      } else if epoch - outcome.bestEpoch >= patience {
        break
      }
    }
    return outcome
  }

  /// One step on the training nodes.
  ///
  /// - Returns: the loss before it.
  public func step<Model: NodeClassifier>(
    _ model: inout Model,
    _ optimizer: inout Adam,
    _ task: NodeTask,
    _ parts: NodeSplit,
    _ random: inout RandomStream
  ) throws -> Double {
    let nodes = Tensor<Int>(parts.training)
    let labels = Tensor<Int>(parts.training.map { task.labels[$0] })
    let (loss, gradients) = try valueWithGradient(at: &model) { model in
      let logs = try model.logProbabilities(task.features, mode: .training, random: &random)
      return Loss.negativeLogLikelihood(logs.gatheredRows(nodes), labels)
    }
    optimizer.step(&model, gradients)
    return Double(loss.value)
  }

  /// Adam with the decays of this training.
  public func makeOptimizer() -> Adam {
    guard let sheafDecay, decay > 0 else { return Adam(rate: rate, decay: decay) }
    let factor = sheafDecay / decay
    return Adam(rate: rate, decay: decay) { name in
      ParameterRule(decayFactor: name.contains("sheaf_learner") ? factor : 1)
    }
  }

  /// Mean loss and share of right labels over some nodes.
  static func score(_ logs: Tensor<Float>, _ labels: [Int], _ nodes: [Int]) -> (loss: Double, accuracy: Double) {
    let classes = logs.shape[1]
    return logs.withUnsafeValues { values in
      var (loss, right) = (0.0, 0)
      for node in nodes {
        let row = values[node * classes..<(node + 1) * classes]
        loss -= Double(row[row.startIndex + labels[node]])
        let best = row.indices.max { row[$0] < row[$1] }
        if best == row.startIndex + labels[node] { right += 1 }
      }
      return (loss / Double(nodes.count), Double(right) / Double(nodes.count))
    }
  }
}
