public import Tensors

/// Losses of masks: plain, and invariant to noise that no query asks for.
///
/// Source: Dong and others, "CLIPSep", 2023, section 3.2; clipping and reductions as in sony/CLIPSep at 22b6f91.
public struct MaskLoss: Sendable, Equatable {
  /// Mean activation of both noise masks together above which they are penalised, γ.
  public var allowedActivation: Float
  /// Weight of the penalty.
  public var penalty: Float

  /// Makes a loss with the released settings.
  public init(allowedActivation: Float = 0.25, penalty: Float = 0.1) {
    (self.allowedActivation, self.penalty) = (allowedActivation, penalty)
  }

  /// Weighted cross-entropy of masks, averaged over bins, items and sources.
  ///
  /// - Parameters:
  ///   - logits: of each source's mask, `[batch, 1, rows, frames]`.
  ///   - targets: the masks and weights of the same shape.
  /// - Returns: a scalar.
  public static func plain(_ logits: [Tensor<Float>], _ targets: MaskTargets) -> Tensor<Float> {
    let costs = zip(logits, targets.masks).map { crossEntropy(scores: $0, $1, targets.weights) }
    return costs.dropFirst().reduce(costs[0], +).mean() / Float(costs.count)
  }

  /// The plain loss of two masks without queries, in the order that is better for each item.
  ///
  /// - Parameters:
  ///   - logits: of both masks, `[batch, 1, rows, frames]`.
  ///   - targets: two masks and weights of the same shape.
  /// - Returns: a scalar.
  public static func permutationInvariant(_ logits: [Tensor<Float>], _ targets: MaskTargets) -> Tensor<Float> {
    precondition(
      logits.count == 2 && targets.masks.count == 2,
      "MaskLoss.permutationInvariant: \(logits.count) masks and \(targets.masks.count) sources, expected 2 of each"
    )
    func cost(_ mask: Int, _ source: Int) -> Tensor<Float> {
      crossEntropy(scores: logits[mask], targets.masks[source], targets.weights)
    }
    return Tensor.minimum(cost(0, 0) + cost(1, 1), cost(0, 1) + cost(1, 0)).mean() * 0.5
  }

  /// The noise invariant loss of two queries and two noise masks.
  ///
  /// Each query's mask is joined with one noise mask, min(1, M + N); the better of both assignments counts for each item.
  ///
  /// - Parameters:
  ///   - logits: of both queries' masks, `[batch, 1, rows, frames]`.
  ///   - noise: logits of both noise masks.
  ///   - targets: the masks and weights of the same shape.
  /// - Returns: the loss, and the mean activation of both noise masks together.
  public func noiseInvariant(
    _ logits: [Tensor<Float>],
    noise: [Tensor<Float>],
    _ targets: MaskTargets
  ) -> (loss: Tensor<Float>, activation: Tensor<Float>) {
    precondition(
      logits.count == 2 && noise.count == 2 && targets.masks.count == 2,
      "MaskLoss.noiseInvariant: \(logits.count) queries, \(noise.count) noise masks and \(targets.masks.count) sources, expected 2 of each"
    )
    let (masks, noiseMasks) = (logits.map { $0.sigmoid() }, noise.map { $0.sigmoid() })
    func loss(_ source: Int, with head: Int) -> Tensor<Float> {
      // Not 1 - relu(1 - sum): that would round away what small masks say.
      let joined = (masks[source] + noiseMasks[head]).clamped(to: 0...1)
      return Self.crossEntropy(joined, targets.masks[source], targets.weights)
    }
    let straight = loss(0, with: 0) + loss(1, with: 1)
    let crossed = loss(0, with: 1) + loss(1, with: 0)
    let activation = (noiseMasks[0] + noiseMasks[1]).mean()
    let best = Tensor.minimum(straight, crossed).mean() * 0.5
    return (best + (activation - allowedActivation).relu() * penalty, activation)
  }

  /// Weighted cross-entropy of sigmoid(scores), averaged over the bins of each item, `[batch]`.
  private static func crossEntropy(
    scores: Tensor<Float>,
    _ targets: Tensor<Float>,
    _ weights: Tensor<Float>
  ) -> Tensor<Float> {
    itemMeans((scores.softplus() - scores * targets) * weights)
  }

  /// Weighted cross-entropy of probabilities, averaged over the bins of each item, `[batch]`.
  private static func crossEntropy(
    _ probabilities: Tensor<Float>,
    _ targets: Tensor<Float>,
    _ weights: Tensor<Float>
  ) -> Tensor<Float> {
    // Targets are 0 or 1, so that one logarithm of the chance of being right is enough.
    let right = targets * probabilities + (1 - targets) * (1 - probabilities)
    // A clipped mask over a target of 0 costs 100, as in PyTorch's loss; where the sum is clipped, nothing has a slope.
    let logarithm = right.clamped(to: 1e-30...1).log().replacing(where: right .== 0, with: -100)
    return -itemMeans(logarithm * weights)
  }

  private static func itemMeans(_ values: Tensor<Float>) -> Tensor<Float> {
    values.reshaped([values.shape[0], values.count / values.shape[0]]).mean(1)
  }
}
