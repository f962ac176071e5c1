public import Layers
public import Tensors

/// A classifier of features that a frozen backbone made.
public protocol FeatureProbe: Module {
  /// Scores of the classes, `[batch, width]` and `[batch, N, width]` to `[batch, classes]`.
  ///
  /// - Throws: `MomentProbingError`.
  func scores(pooled: Tensor<Float>, tokens: Tensor<Float>) throws(MomentProbingError) -> Tensor<Float>
}

/// Linear probing: a linear map of the mean or the class token.
public struct LinearProbe: FeatureProbe {
  /// The map, `[classes, width]`.
  public var classifier: Linear

  /// Makes a probe with PyTorch's initial values: (width + 1) · classes learned values.
  public init(width: Int, classes: Int, random: inout RandomStream) {
    classifier = Linear(inputSize: width, outputSize: classes, random: &random)
  }

  /// Scores of the classes, `[batch, width]` to `[batch, classes]`; tokens are not looked at.
  ///
  /// - Throws: `.shape`.
  public func scores(pooled: Tensor<Float>, tokens: Tensor<Float>) throws(MomentProbingError) -> Tensor<Float> {
    let width = classifier.weight.shape[1]
    guard pooled.rank == 2, pooled.shape[1] == width else {
      throw .shape(what: "pooled features", expected: "[batch, \(width)]", got: pooled.shape)
    }
    return classifier(pooled)
  }

  /// Shows `classifier`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("classifier", &classifier)
  }
}

/// How probes are trained.
public struct ProbeRecipe: Sendable, Equatable {
  /// Steps of AdamW.
  public var steps: Int
  /// Size of a step.
  public var rate: Float
  /// Weight decay of matrices; vectors have none.
  public var decay: Float
  /// Largest number of examples in a step.
  public var batch: Int
  /// Label smoothing.
  public var smoothing: Float
  /// How the rate changes.
  public var schedule: Schedule

  /// Describes a training; by default the one of the replication's digits.
  public init(
    steps: Int = 120,
    rate: Float = 5e-3,
    decay: Float = 0.05,
    batch: Int = 80,
    smoothing: Float = 0.1,
    schedule: Schedule = .constant
  ) {
    (self.steps, self.rate, self.decay) = (steps, rate, decay)
    (self.batch, self.smoothing, self.schedule) = (batch, smoothing, schedule)
  }

  /// AdamW without decay on biases and norms.
  public var optimizer: Adam {
    Adam(rate: rate, decay: decay, isDecoupled: true) { name in
      let isVector = name.hasSuffix("bias") || name.contains("ln.") || name.contains("norm")
      return ParameterRule(decayFactor: isVector ? 0 : 1)
    }
  }
}

extension FeatureProbe {
  /// Trains the probe on features; the backbone that made them is not touched.
  ///
  /// - Parameters:
  ///   - features: examples with labels.
  ///   - recipe: how.
  ///   - random: draws the batches where there are more examples than a batch holds.
  /// - Returns: the loss of each step.
  /// - Throws: what `scores` throws, or `.size` without examples.
  @discardableResult public mutating func learn(
    _ features: FeatureSet,
    _ recipe: ProbeRecipe = ProbeRecipe(),
    random: RandomStream
  ) throws -> [Float] {
    try MomentProbingError.positive(features.count, "number of examples")
    var training = Training(self, recipe.optimizer, schedule: recipe.schedule, random: random)
    let losses = try training.run(steps: recipe.steps) { model, _, stream in
      let batch = features.count <= recipe.batch ? features : features.sample(recipe.batch, random: &stream)
      let scores = try model.scores(pooled: batch.pooled, tokens: batch.tokens)
      return Loss.crossEntropy(scores, batch.labels, smoothing: recipe.smoothing)
    }
    self = training.model
    return losses
  }

  /// Share of examples whose largest score is that of their class.
  ///
  /// - Throws: what `scores` throws, or `.size` without examples.
  public func accuracy(_ features: FeatureSet) throws(MomentProbingError) -> Double {
    try MomentProbingError.positive(features.count, "number of examples")
    let found = try scores(pooled: features.pooled, tokens: features.tokens).argMax().values
    return Double(zip(found, features.labels.values).count { $0 == $1 }) / Double(features.count)
  }
}
