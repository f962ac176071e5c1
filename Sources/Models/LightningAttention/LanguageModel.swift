public import Layers
public import Tensors

/// A model that gives each position's scores for the token that follows.
public protocol LanguageModel: Module {
  /// Sizes.
  var shape: TransNormerConfiguration { get }

  /// Scores of all tokens after each position, `[batch, positions]` to `[batch · positions, vocabulary]`.
  ///
  /// - Throws: `LightningAttentionError`.
  func scores(_ tokens: Tensor<Int>) throws(LightningAttentionError) -> Tensor<Float>
}

extension LanguageModel {
  /// Mean -log probability of the tokens that follow, with a gradient.
  ///
  /// - Throws: `.shapes` or `.token` through `scores`.
  public func loss(_ batch: TokenBatch) throws(LightningAttentionError) -> Tensor<Float> {
    Loss.crossEntropy(try scores(batch.inputs), batch.targets)
  }

  /// Mean loss over the first characters of a text, cut into windows that know nothing of each other.
  ///
  /// - Parameters:
  ///   - tokens: the text.
  ///   - window: positions of a window.
  ///   - characters: how many are read, cut to whole windows.
  /// - Returns: the loss in nats a character.
  /// - Throws: `.shortText` where no window fits.
  public func validationLoss(_ tokens: [Int], window: Int, characters: Int) throws(LightningAttentionError) -> Double {
    try LightningAttentionError.positive(window, "window")
    let windows = (min(characters, tokens.count - 1)) / window
    guard windows > 0 else { throw .shortText(characters: tokens.count, needed: window + 1) }
    var sum = 0.0
    for index in 0..<windows {
      let batch = try TokenBatch(tokens, starts: [index * window], window: window)
      sum += Double(try loss(batch).value)
    }
    return sum / Double(windows)
  }

  /// The training rule of all models here: AdamW (0.9, 0.99), decay 0.1 on matrices, 20 steps up and a cosine down, norm clipped at 1.
  ///
  /// - Parameters:
  ///   - steps: length of the schedule.
  ///   - seed: of the batches.
  /// - Returns: a training at its beginning.
  public func training(steps: Int, seed: UInt64) -> Training<Self, Adam> {
    let rule = Adam(rate: 3e-3, betas: (0.9, 0.99), decay: 0.1, isDecoupled: true) { name in
      ParameterRule(decayFactor: name.hasSuffix("theta") ? 0 : 1)
    }
    return Training(
      self,
      rule,
      schedule: .cosine(steps: steps, warmup: 20, end: 0.1),
      clipNorm: 1,
      random: RandomStream(seed: seed)
    )
  }

  func checkTokens(_ tokens: Tensor<Int>) throws(LightningAttentionError) {
    guard tokens.rank == 2 else {
      throw .size(what: "axes of the tokens", expected: "2: [batch, positions]", got: tokens.rank)
    }
    for (position, token) in tokens.values.enumerated() where !(0..<shape.vocabulary).contains(token) {
      throw .token(position: position, got: token, vocabulary: shape.vocabulary)
    }
  }
}
