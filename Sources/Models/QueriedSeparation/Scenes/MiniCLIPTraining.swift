internal import Layers
internal import Tensors

/// Training of a `MiniCLIP` on a world of pictures.
public struct MiniCLIPTraining: Sendable, Equatable {
  /// Steps to take.
  public var steps = 400
  /// Pairs in a step.
  public var pairs = 24
  /// Whether each picture comes with another picture's caption, as a control.
  public var isShuffled = false

  /// Makes the plan of this replication.
  public init(steps: Int = 400, isShuffled: Bool = false) { (self.steps, self.isShuffled) = (steps, isShuffled) }

  /// Trains with Adam at 3e-3.
  ///
  /// - Parameters:
  ///   - world: pictures and captions.
  ///   - seed: of initial values and draws.
  /// - Returns: the model, and the loss of each step.
  /// - Throws: `QueriedSeparationError`.
  public func run(_ world: PictureWorld, seed: UInt64) throws -> (model: MiniCLIP, losses: [Float]) {
    var random = RandomStream(seed: seed)
    var training = Training(
      MiniCLIP(random: &random),
      Adam(rate: 3e-3),
      random: RandomStream(seed: seed, stream: 1)
    )
    let losses = try training.run(steps: steps) { model, _, random in
      let classes = (0..<pairs).map { _ in random.integer(in: 0..<PictureWorld.names.count) }
      let pictures = classes.flatMap { world.picture($0, &random) }
      var captions = classes.map { world.caption($0, &random) }
      if isShuffled { captions = random.permutation(pairs).map { captions[$0] } }
      return try model.loss(
        pictures: Tensor(pictures, shape: [pairs, pictures.count / pairs]),
        bags: model.bags(captions),
        classes: classes
      )
    }
    return (training.model, losses)
  }
}
