public import Diffusion
internal import Layers
public import Tensors

/// Noisy pictures with what made them: one step's work for a diffusion transformer.
public struct NoisyBatch: Sendable {
  /// x_0, `[batch, channels, side, side]`.
  public let start: Tensor<Float>
  /// ε.
  public let noise: Tensor<Float>
  /// x_t.
  public let items: Tensor<Float>
  /// t of each picture, as the schedule counts.
  public let steps: [Int]
  /// Classes.
  public let labels: [Int]

  /// Adds noise of random steps to pictures.
  ///
  /// - Parameters:
  ///   - pictures: x_0 in -1…1.
  ///   - labels: their classes.
  ///   - schedule: of the noise.
  ///   - random: draws steps and noise.
  /// - Throws: `DiffusionError`.
  public init(
    _ pictures: Tensor<Float>,
    labels: [Int],
    schedule: NoiseSchedule,
    random: inout RandomStream
  ) throws(DiffusionError) {
    var steps: [Int] = []
    for _ in labels { steps.append(random.integer(in: 0..<schedule.count)) }
    noise = random.normal(pictures.shape)
    items = try schedule.noised(pictures, noise: noise, at: steps)
    (start, self.steps, self.labels) = (pictures, steps, labels)
  }

  /// The batch with some labels replaced by the one that stands for no class.
  public func droppingLabels(_ share: Double, none: Int, random: inout RandomStream) -> NoisyBatch {
    NoisyBatch(self, labels: labels.map { random.uniform() < share ? none : $0 })
  }

  private init(_ other: NoisyBatch, labels: [Int]) {
    (start, noise, items, steps) = (other.start, other.noise, other.items, other.steps)
    self.labels = labels
  }
}

/// λ₁ |ε_T - ε_S|² + λ₂ |v_T - v_S|², what a student gains from imitating a teacher, as means over all values.
///
/// The second term compares the raw variance channel v: variances themselves are of order 10⁻⁴ and would give no signal.
/// Source: J. Wang and others, "LiT", 2025, section on hybrid distillation.
public struct HybridDistillation: Sendable {
  /// The teacher; no gradient reaches it.
  public var teacher: DiffusionTransformer
  /// λ₁.
  public var noiseWeight: Float
  /// λ₂.
  public var varianceWeight: Float

  /// Describes a distillation with the published weights.
  public init(from teacher: DiffusionTransformer, noiseWeight: Float = 0.5, varianceWeight: Float = 0.05) {
    (self.teacher, self.noiseWeight, self.varianceWeight) = (teacher, noiseWeight, varianceWeight)
  }
}

extension DiffusionTransformer {
  /// What the model says about noisy pictures.
  ///
  /// - Throws: `DiffusionTransformerError` or `DiffusionError`.
  public func predict(_ batch: NoisyBatch, schedule: NoiseSchedule) throws -> NoisePrediction<Float> {
    let timesteps = batch.steps.map { schedule.timesteps[$0] }
    return try NoisePrediction(self(batch.items, timesteps: timesteps, labels: batch.labels), channels: shape.channels)
  }

  /// The training loss, with a teacher's part where one is given.
  ///
  /// - Parameters:
  ///   - batch: noisy pictures.
  ///   - schedule: of the noise.
  ///   - distillation: a teacher and its weights.
  /// - Returns: the loss with its gradient, and the mean square error of the noise.
  /// - Throws: `DiffusionTransformerError` or `DiffusionError`.
  public func loss(
    _ batch: NoisyBatch,
    schedule: NoiseSchedule,
    distillation: HybridDistillation? = nil
  ) throws -> (total: Tensor<Float>, meanSquare: Double) {
    let own = try predict(batch, schedule: schedule)
    let terms = try schedule.loss(own, start: batch.start, noise: batch.noise, items: batch.items, at: batch.steps)
    let meanSquare = Double(terms.meanSquare.withoutGradient().mean().value)
    guard let distillation else { return (terms.total, meanSquare) }
    let taught = try distillation.teacher.predict(batch, schedule: schedule)
    var total = terms.total + Loss.meanSquare(own.noise, taught.noise.withoutGradient()) * distillation.noiseWeight
    if let variance = own.variance, let goal = taught.variance {
      total = total + Loss.meanSquare(variance, goal.withoutGradient()) * distillation.varianceWeight
    }
    return (total, meanSquare)
  }

  /// How far a model's predictions are from another's on the same noisy pictures, as mean squares of both channels.
  ///
  /// - Throws: `DiffusionTransformerError` or `DiffusionError`.
  public func gap(
    to other: DiffusionTransformer,
    on batch: NoisyBatch,
    schedule: NoiseSchedule
  ) throws -> (noise: Double, variance: Double) {
    let (a, b) = (try predict(batch, schedule: schedule), try other.predict(batch, schedule: schedule))
    let variance = zip([a.variance], [b.variance]).compactMap { pair in
      pair.0.flatMap { own in pair.1.map { Double(Loss.meanSquare(own, $0).value) } }
    }
    return (Double(Loss.meanSquare(a.noise, b.noise).value), variance.first ?? .nan)
  }

  /// Pictures of given classes, drawn from noise.
  ///
  /// - Parameters:
  ///   - labels: class of each picture.
  ///   - schedule: respaced to as many steps as are wanted.
  ///   - sampler: how each step goes.
  ///   - guidance: weight w of ε_none + w (ε_class - ε_none); 1 for none, which costs half.
  ///   - random: draws all noise.
  ///   - watching: called after each step with its t and the pictures.
  /// - Returns: `[count, channels, side, side]`, in -1…1 up to the last step's rounding.
  /// - Throws: `DiffusionTransformerError` or `DiffusionError`.
  public func sample(
    _ labels: [Int],
    schedule: NoiseSchedule,
    by sampler: Sampler = .ddpm,
    guidance: Float = 1,
    random: inout RandomStream,
    watching: (_ step: Int, _ pictures: Tensor<Float>) -> Void = { _, _ in }
  ) throws -> Tensor<Float> {
    let noise = random.normal([labels.count, shape.channels, shape.side, shape.side])
    let none = labels.map { _ in shape.classes }
    return try schedule.sample(from: noise, by: sampler, random: &random, watching: watching) { items, times in
      let output = try self(items, timesteps: times, labels: labels)
      var found = try NoisePrediction(output, channels: shape.channels)
      guard guidance != 1 else { return found }
      let free = try NoisePrediction(self(items, timesteps: times, labels: none), channels: shape.channels)
      found.noise = free.noise + (found.noise - free.noise) * guidance
      return found
    }
  }
}
