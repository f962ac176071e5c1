internal import Acoustics
internal import Glibc
internal import Layers
package import Tensors

/// Training of separators on made sounds, in noise that no query asks for.
public struct SceneTraining: Sendable, Equatable {
  /// Steps to take.
  public var steps: Int
  /// Mixtures in a step.
  public var batch = 8
  /// Numbers in `SceneClasses.onScreen` that take part, two or more.
  public var classes: [Int] = Array(0..<SceneClasses.onScreen.count)
  /// Chance of a source to come with a sound off screen.
  public var noiseShare = 0.75
  /// Largest change of a level up and down, in dB.
  public var spread = 3.0

  /// Plans a training.
  public init(steps: Int) { self.steps = steps }

  /// Trains with Adam at 3e-3: 30 steps of warm-up, then a line down to a tenth; gradients clipped at norm one.
  ///
  /// Equal seeds give equal mixtures, whatever the separator and the queries.
  ///
  /// - Parameters:
  ///   - separator: with initial values.
  ///   - query: what asks for the sources.
  ///   - seed: of all draws.
  ///   - progress: called with the number of each step.
  /// - Returns: the model, the losses, and the mean activation of the noise masks in each step, if they took part.
  /// - Throws: `QueriedSeparationError`.
  public func run<Separator: QueriedSeparator>(
    _ separator: Separator,
    query: SceneQuery,
    seed: UInt64,
    progress: (Int) -> Void = { _ in }
  ) throws -> (model: Separator, losses: [Float], activations: [Float]) {
    var training = Training(
      separator,
      Adam(rate: 3e-3),
      schedule: .linear(steps: steps, warmup: min(30, steps / 2), end: 0.1),
      clipNorm: 1,
      random: RandomStream(seed: seed, stream: 3)
    )
    guard classes.count > 1 else {
      throw QueriedSeparationError.badSetting(
        name: "the number of classes",
        expected: "2 or more",
        got: "\(classes.count)"
      )
    }
    var activations: [Float] = []
    let losses = try training.run(
      steps: steps,
      progress: { step, _ in
        progress(step)
        return true
      }
    ) { model, _, random in
      let result = try model.loss(noGradient { try examples(query, &random) })
      if let activation = result.activation { activations.append(activation) }
      return result.loss
    }
    return (training.model, losses, activations)
  }

  /// Fresh mixtures of two sources each, whose classes differ.
  package func examples(_ query: SceneQuery, _ random: inout RandomStream) throws -> QueriedBatch {
    var shown: [[Int]] = [[], []]
    var sounds: [[Float]] = [[], []]
    for _ in 0..<batch {
      let first = random.integer(in: 0..<classes.count)
      let pair = [classes[first], classes[(first + random.integer(in: 1..<classes.count)) % classes.count]]
      for source in 0..<2 {
        var sound = leveled(SceneClasses.onScreen[pair[source]], &random)
        if random.uniform() < noiseShare {
          let noise = leveled(SceneClasses.offScreen[random.integer(in: 0..<4)], &random)
          for index in sound.indices { sound[index] += noise[index] }
        }
        shown[source].append(pair[source])
        sounds[source] += sound
      }
    }
    let sources = sounds.map { Tensor($0, shape: [batch, $0.count / batch]) }
    // Queries are drawn last, so that mixtures do not depend on them.
    let queries = try shown.compactMap { try query.rows($0, &random) }
    return QueriedBatch(mixtures: sources[0] + sources[1], sources: sources, queries: queries)
  }

  private func leveled(_ sound: SceneSound, _ random: inout RandomStream) -> [Float] {
    let gain = Float(pow(10, spread * (2 * random.uniform() - 1) / 20))
    return sound.event(random: &random).map { $0 * gain }
  }
}
