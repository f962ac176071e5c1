public import Diffusion
internal import Layers
public import Tensors

/// How a diffusion transformer is trained.
public struct DiffusionRecipe: Sendable, Equatable {
  /// Number of steps.
  public var steps: Int
  /// Size of a step of AdamW, without decay.
  public var rate: Float
  /// Steps over which the rate rises.
  public var warmup: Int
  /// Pictures of a step.
  public var batch: Int
  /// Largest norm of the gradients.
  public var clipNorm: Float
  /// Share of labels that are dropped, so that the model also learns to draw without a class.
  public var labelDrop: Double
  /// Largest weight of the past in the running average, which begins with (1 + i)/(10 + i).
  public var averageDecay: Float

  /// Describes a training; by default the one of the replication's digits.
  public init(
    steps: Int,
    rate: Float = 2e-3,
    warmup: Int = 20,
    batch: Int = 64,
    clipNorm: Float = 1,
    labelDrop: Double = 0.1,
    averageDecay: Float = 0.99
  ) {
    (self.steps, self.rate, self.warmup, self.batch) = (steps, rate, warmup, batch)
    (self.clipNorm, self.labelDrop, self.averageDecay) = (clipNorm, labelDrop, averageDecay)
  }
}

/// A model after its training.
public struct TrainedDiffusion: Sendable {
  /// The model after the last step.
  public var model: DiffusionTransformer
  /// The running average of its parameters, which samples are drawn from.
  public var average: DiffusionTransformer
  /// Mean square error of the noise at each step.
  public var errors: [Double]
}

extension DiffusionTransformer {
  /// Trains the model on pictures with classes.
  ///
  /// - Parameters:
  ///   - pictures: in -1…1, `[count, channels, side, side]`.
  ///   - labels: their classes.
  ///   - schedule: of the noise.
  ///   - recipe: how.
  ///   - distillation: a teacher to imitate.
  ///   - random: draws batches, steps and noise: equal streams see the same.
  ///   - watching: called after each step with its number and the error of the noise.
  /// - Returns: the trained model.
  /// - Throws: `DiffusionTransformerError` or `DiffusionError`.
  public func trained(
    on pictures: Tensor<Float>,
    labels: [Int],
    schedule: NoiseSchedule,
    recipe: DiffusionRecipe,
    distillation: HybridDistillation? = nil,
    random: RandomStream,
    watching: (_ step: Int, _ error: Double, _ average: DiffusionTransformer) throws -> Void = { _, _, _ in }
  ) throws -> TrainedDiffusion {
    guard pictures.rank == 4, pictures.shape[0] == labels.count, !labels.isEmpty else {
      throw DiffusionTransformerError.shape(
        what: "pictures",
        expected: "[\(max(1, labels.count)), \(shape.channels), \(shape.side), \(shape.side)]",
        got: pictures.shape
      )
    }
    var training = Training(
      self,
      Adam.w(rate: recipe.rate, decay: 0),
      schedule: .linear(steps: recipe.warmup + 1, warmup: recipe.warmup, end: 1),
      clipNorm: recipe.clipNorm,
      random: random
    )
    var average = self
    var errors: [Double] = []
    for step in 0..<recipe.steps {
      var error = 0.0
      try training.advance { model, _, stream in
        let chosen = (0..<recipe.batch).map { _ in stream.integer(in: 0..<labels.count) }
        let start = pictures.indexSelected(Tensor<Int>(chosen))
        let batch = try NoisyBatch(start, labels: chosen.map { labels[$0] }, schedule: schedule, random: &stream)
          .droppingLabels(recipe.labelDrop, none: model.shape.classes, random: &stream)
        let found = try model.loss(batch, schedule: schedule, distillation: distillation)
        error = found.meanSquare
        return found.total
      }
      let decay = min(recipe.averageDecay, Float(1 + step) / Float(10 + step))
      var moving = MovingAverage(average, decay: decay)
      moving.update(training.model)
      average = moving.model
      errors.append(error)
      try watching(step, error, average)
    }
    return TrainedDiffusion(model: training.model, average: average, errors: errors)
  }
}
