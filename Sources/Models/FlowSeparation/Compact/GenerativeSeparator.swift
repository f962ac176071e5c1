internal import Layers
public import Tensors

/// Latents of targets and mixtures with the queries that ask for the targets.
public struct QueriedLatents: Sendable {
  /// Latents of the targets, `[count, 4, rows, columns]`.
  public var targets: Tensor<Float>
  /// Latents of the mixtures.
  public var mixtures: Tensor<Float>
  /// Features of the queries, `[count, queryWidth]`.
  public var queries: Tensor<Float>

  /// Puts them together.
  ///
  /// - Throws: `.shape`.
  public init(
    targets: Tensor<Float>,
    mixtures: Tensor<Float>,
    queries: Tensor<Float>
  ) throws(FlowSeparationError) {
    guard mixtures.shape == targets.shape, targets.rank == 4 else {
      throw .shape(what: "latents of the mixtures", expected: "\(targets.shape)", got: mixtures.shape)
    }
    guard queries.rank == 2, queries.shape[0] == targets.shape[0] else {
      throw .shape(what: "queries", expected: "[\(targets.shape[0]), features]", got: queries.shape)
    }
    (self.targets, self.mixtures, self.queries) = (targets, mixtures, queries)
  }

  func chosen(_ indices: [Int]) -> QueriedLatents {
    let places = Tensor<Int>(indices)
    var copy = self
    copy.targets = targets.indexSelected(places)
    copy.mixtures = mixtures.indexSelected(places)
    copy.queries = queries.indexSelected(places)
    return copy
  }
}

/// How a generative separator is trained.
public struct SeparatorRecipe: Sendable, Equatable {
  /// Number of steps.
  public var steps: Int
  /// Pairs of a step.
  public var batch: Int
  /// Largest rate of AdamW; after the warm-up it falls to a twentieth along a line.
  public var rate: Float = 2e-3
  /// Steps over which the rate rises.
  public var warmup: Int = 50
  /// Share of queries that are dropped.
  public var queryDrop = 0.1
  /// Largest weight of the past in the running average, which begins with (1 + i)/(10 + i).
  public var averageDecay: Float = 0.99

  /// Describes a training.
  public init(steps: Int, batch: Int = 32) { (self.steps, self.batch) = (steps, batch) }
}

/// A network that makes the latent of a queried sound out of noise, beside the latent of the mixture.
public struct GenerativeSeparator: Sendable {
  /// The running average of the network.
  public var network: CompactVelocityNetwork
  /// What the network says, and the way it goes.
  public let path: GenerativePath

  /// Joins a network with its path.
  public init(_ network: CompactVelocityNetwork, path: GenerativePath) { (self.network, self.path) = (network, path) }

  /// Mean square error of what the network should say, on a batch.
  ///
  /// - Throws: `FlowSeparationError` or `DiffusionError`.
  public static func loss(
    _ network: CompactVelocityNetwork,
    path: GenerativePath,
    on batch: QueriedLatents,
    random: inout RandomStream
  ) throws -> Tensor<Float> {
    let lesson = try path.lesson(batch.targets, random: &random)
    let said = try network(lesson.items, mixtures: batch.mixtures, times: lesson.times, queries: batch.queries)
    return Loss.meanSquare(said, lesson.goal)
  }

  /// The separator after a training; equal streams see the same pairs.
  ///
  /// - Parameters:
  ///   - latents: pairs to learn from.
  ///   - recipe: how.
  ///   - random: draws batches, times and noise.
  ///   - watching: called after each step with its number and loss.
  /// - Returns: the separator with the running average of the network.
  /// - Throws: `FlowSeparationError` or `DiffusionError`.
  public func trained(
    on latents: QueriedLatents,
    recipe: SeparatorRecipe,
    random: RandomStream,
    watching: (_ step: Int, _ loss: Double) -> Void = { _, _ in }
  ) throws -> GenerativeSeparator {
    let schedule = Schedule.linear(steps: recipe.steps, warmup: recipe.warmup, end: 0.05)
    var training = Training(network, Adam.w(rate: recipe.rate), schedule: schedule, random: random)
    var average = network
    for step in 0..<recipe.steps {
      let loss = try training.advance { model, _, stream in
        var indices: [Int] = []
        for _ in 0..<recipe.batch { indices.append(stream.integer(in: 0..<latents.targets.shape[0])) }
        var batch = latents.chosen(indices)
        batch.queries = batch.queries * stream.bernoulli([recipe.batch, 1], probability: 1 - recipe.queryDrop)
        return try Self.loss(model, path: path, on: batch, random: &stream)
      }
      var moving = MovingAverage(average, decay: min(recipe.averageDecay, Float(1 + step) / Float(10 + step)))
      moving.update(training.model)
      average = moving.model
      watching(step, Double(loss))
    }
    return GenerativeSeparator(average, path: path)
  }

  /// Latents of the queried sounds.
  ///
  /// - Parameters:
  ///   - mixtures: latents of the mixtures, `[batch, 4, rows, columns]`.
  ///   - queries: `[batch, queryWidth]`; zeros ask for nothing.
  ///   - steps: number of steps.
  ///   - solver: how a step of a flow goes; a diffusion does not read it.
  ///   - eta: share of fresh noise in a step of a diffusion; a flow does not read it.
  ///   - random: draws the noise.
  ///   - watching: called after each step with the items.
  /// - Returns: the shape of the mixtures.
  /// - Throws: `FlowSeparationError` or `DiffusionError`.
  public func separate(
    _ mixtures: Tensor<Float>,
    queries: Tensor<Float>,
    steps: Int,
    solver: RectifiedFlow.Solver = .euler,
    eta: Double = 0,
    random: RandomStream,
    watching: (_ items: Tensor<Float>) -> Void = { _ in }
  ) throws -> Tensor<Float> {
    var random = random
    let start: Tensor<Float> = random.normal(mixtures.shape)
    return try path.sample(
      from: start,
      steps: steps,
      solver: solver,
      eta: eta,
      random: &random,
      watching: watching
    ) { items, times in try network(items, mixtures: mixtures, times: times, queries: queries) }
  }
}
