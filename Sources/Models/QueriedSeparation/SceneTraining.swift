internal import Glibc
internal import Layers
public import Tensors

/// Training of a CLIPSep on made sounds with pictures, in noise that no picture shows.
public struct SceneTraining: Sendable, Equatable {
  /// Steps to take.
  public var steps: Int
  /// Mixtures in a step.
  public var batch = 8
  /// Chance of a source to come with a sound off screen.
  public var noiseShare = 0.75
  /// Largest change of a level up and down, in dB.
  public var spread = 3.0
  /// The noise invariant loss; the plain one where nil.
  public var rule: MaskLoss?

  /// Plans a training.
  ///
  /// - Parameters:
  ///   - steps: steps to take.
  ///   - isNoiseInvariant: whether noise heads take part.
  public init(steps: Int, isNoiseInvariant: Bool) { (self.steps, rule) = (steps, isNoiseInvariant ? MaskLoss() : nil) }

  /// Trains with Adam at 3e-3: 30 steps of warm-up, then a line down to a tenth; gradients clipped at norm one.
  ///
  /// - Parameters:
  ///   - encoder: frozen; gives queries of pictures.
  ///   - world: the pictures.
  ///   - seed: of initial values and draws.
  ///   - progress: called with the number of each step.
  /// - Returns: the model, the losses, and the mean activation of the noise masks in each step, if they took part.
  /// - Throws: `QueriedSeparationError`.
  public func run(
    _ encoder: MiniCLIP,
    _ world: PictureWorld,
    seed: UInt64,
    progress: (Int) -> Void = { _ in }
  ) throws -> (model: CLIPSep, losses: [Float], activations: [Float]) {
    var random = RandomStream(seed: seed, stream: 2)
    var training = Training(
      try CLIPSep(.scaled, random: &random),
      Adam(rate: 3e-3),
      schedule: .linear(steps: steps, warmup: min(30, steps / 2), end: 0.1),
      clipNorm: 1,
      random: RandomStream(seed: seed, stream: 3)
    )
    var activations: [Float] = []
    let losses = try training.run(
      steps: steps,
      progress: { step, _ in
        progress(step)
        return true
      }
    ) { model, _, random in
      let result = try model.loss(noGradient { examples(encoder, world, &random) }, rule)
      if let activation = result.activation { activations.append(activation) }
      return result.loss
    }
    return (training.model, losses, activations)
  }

  /// Fresh mixtures of two sources each, whose classes differ.
  private func examples(_ encoder: MiniCLIP, _ world: PictureWorld, _ random: inout RandomStream) -> QueriedBatch {
    let length = 8000
    var classes: [[Int]] = [[], []]
    var sounds: [[Float]] = [[], []]
    for _ in 0..<batch {
      let first = random.integer(in: 0..<8)
      let pair = [first, (first + random.integer(in: 1..<8)) % 8]
      for source in 0..<2 {
        var sound = leveled(SoundEvent.targets[pair[source]], length, &random)
        if random.uniform() < noiseShare {
          let noise = leveled(SoundEvent.offScreen[random.integer(in: 0..<4)], length, &random)
          for index in sound.indices { sound[index] += noise[index] }
        }
        classes[source].append(pair[source])
        sounds[source] += sound
      }
    }
    let sources = sounds.map { Tensor($0, shape: [batch, length]) }
    let queries = classes.map { SceneQuery.pictures($0, encoder, world, &random) }
    return QueriedBatch(mixtures: sources[0] + sources[1], sources: sources, queries: queries)
  }

  private func leveled(_ event: SoundEvent, _ length: Int, _ random: inout RandomStream) -> [Float] {
    let level = spread * (2 * random.uniform() - 1)
    let gain = Float(pow(10, level / 20))
    return event.samples(length, &random).map { $0 * gain }
  }
}

/// Queries by class: embeddings of length √32.
public enum SceneQuery {
  private static var scale: Float { Float(MiniCLIP.size).squareRoot() }

  /// The mean of three pictures of each class, `[classes, 32]`.
  public static func pictures(
    _ classes: [Int],
    _ encoder: MiniCLIP,
    _ world: PictureWorld,
    _ random: inout RandomStream
  ) -> Tensor<Float> {
    let pictures = classes.flatMap { index in (0..<3).flatMap { _ in world.picture(index, &random) } }
    let embedded = encoder.embed(
      pictures: Tensor(pictures, shape: [3 * classes.count, pictures.count / (3 * classes.count)])
    )
    return embedded.reshaped([classes.count, 3, MiniCLIP.size]).mean(1) * scale
  }

  /// "a photo of a …" with each name of a class in turn, `[classes, 32]`.
  ///
  /// - Throws: `QueriedSeparationError.unknownCaption`.
  public static func text(_ classes: [Int], _ encoder: MiniCLIP) throws(QueriedSeparationError) -> Tensor<Float> {
    let captions = classes.enumerated().map { item, index in
      "a photo of a " + PictureWorld.names[index][item % PictureWorld.names[index].count]
    }
    return try encoder.embed(captions: captions) * scale
  }
}
