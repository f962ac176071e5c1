public import Tensors

/// Differences between what a model gives and what it should give, as a mean over all items.
public enum Loss {
  /// Mean square difference.
  public static func meanSquare(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
    checkEqual(a, b, "meanSquare")
    return (a - b).squared().mean()
  }

  /// Mean absolute difference; its gradient at 0 is 0.
  public static func meanAbsolute(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
    checkEqual(a, b, "meanAbsolute")
    return (a - b).abs().mean()
  }

  /// Half the square of differences below `width`, linear beyond.
  public static func huber(_ a: Tensor<Float>, _ b: Tensor<Float>, width: Float = 1) -> Tensor<Float> {
    checkEqual(a, b, "huber")
    let distance = (a - b).abs()
    let near = distance.clamped(to: 0...width)
    return (near * (distance - near * 0.5)).mean()
  }

  /// -log softmax(scores)[label], with part of the weight spread evenly where smoothing is asked for.
  ///
  /// - Parameters:
  ///   - scores: `[items, classes]`.
  ///   - labels: classes, `[items]`.
  ///   - smoothing: weight in 0…1 that all classes share.
  ///   - weights: one weight a class; the mean is then weighted too.
  /// - Returns: one number.
  public static func crossEntropy(
    _ scores: Tensor<Float>,
    _ labels: Tensor<Int>,
    smoothing: Float = 0,
    weights: [Float]? = nil
  ) -> Tensor<Float> {
    precondition(
      scores.rank == 2 && labels.shape == [scores.shape[0]],
      "crossEntropy: scores \(scores.shape) and labels \(labels.shape), expected [items, classes] and [items]"
    )
    let logs = scores.logSoftmax()
    let chosen = logs.gathered(labels.reshaped([labels.count, 1])).squeezed(1)
    guard let weights else {
      let plain = -chosen.mean()
      return smoothing == 0 ? plain : plain * (1 - smoothing) - logs.mean() * smoothing
    }
    precondition(weights.count == scores.shape[1], "crossEntropy: \(weights.count) weights for scores \(scores.shape)")
    let itemWeights = Tensor<Float>(labels.values.map { weights[$0] })
    let plain = -(chosen * itemWeights).sum() / itemWeights.sum()
    guard smoothing > 0 else { return plain }
    let even = -(logs * Tensor<Float>(weights)).sum() / (itemWeights.sum() * Float(scores.shape[1]))
    return plain * (1 - smoothing) + even * smoothing
  }

  /// -log of a given log-probability for each label, `[items, classes]` and `[items]`.
  public static func negativeLogLikelihood(_ logs: Tensor<Float>, _ labels: Tensor<Int>) -> Tensor<Float> {
    -logs.gathered(labels.reshaped([labels.count, 1])).mean()
  }

  /// Cross-entropy of sigmoid(scores) with targets in 0…1, with weights where given.
  public static func binaryCrossEntropy(
    scores: Tensor<Float>,
    targets: Tensor<Float>,
    weights: Tensor<Float>? = nil
  ) -> Tensor<Float> {
    checkEqual(scores, targets, "binaryCrossEntropy")
    let each = scores.softplus() - scores * targets
    return (weights.map { each * $0 } ?? each).mean()
  }

  /// Divergence of N(mean, e^logVariance) from N(0, 1), summed over features and averaged over items.
  public static func gaussianDivergence(mean: Tensor<Float>, logVariance: Tensor<Float>) -> Tensor<Float> {
    let each = (mean.squared() + logVariance.exp() - logVariance - 1) * 0.5
    return each.sum() / Float(mean.shape[0])
  }

  private static func checkEqual(_ a: Tensor<Float>, _ b: Tensor<Float>, _ name: StaticString) {
    precondition(a.shape == b.shape, "\(name): shapes \(a.shape) and \(b.shape) must be equal")
  }
}
