internal import Layers
public import Tensors

/// How a separator learns from anchors.
public struct UniversalRecipe: Sendable, Equatable {
  /// Number of steps.
  public var steps: Int
  /// Anchors of a step; no more than classes, so that a class rarely meets itself.
  public var batch = 12
  /// Rate of AdamW with AMSGrad's bound and no decay.
  public var rate: Float = 2e-3
  /// Steps over which the rate rises.
  public var warmup = 20
  /// Whether the condition names the anchor's class in place of what the tagger hears.
  public var usesLabels = false

  /// Describes a training.
  public init(steps: Int) { self.steps = steps }
}

extension ConditionalUNet {
  /// The network after a training in which each anchor is to be taken out of its mixture with the next one of the batch.
  ///
  /// - Parameters:
  ///   - anchors: segments with conditions.
  ///   - recipe: how.
  ///   - random: draws classes and anchors; equal streams see the same batches.
  ///   - watching: called after each step with its number and loss.
  /// - Returns: the network after the last step.
  /// - Throws: `UniversalSeparationError`, or `SignalError`.
  public func trained(
    on anchors: AnchorLibrary,
    recipe: UniversalRecipe,
    random: RandomStream,
    watching: (_ step: Int, _ loss: Double) -> Void = { _, _ in }
  ) throws -> ConditionalUNet {
    let classes = anchors.conditions.shape[1]
    var sampler = try BalancedSampler(labels: anchors.labels.map { [$0] }, classes: classes)
    let mixing = try AnchorMixing()
    let conditions = recipe.usesLabels ? anchors.oneHot : anchors.conditions
    let rule = Adam(rate: recipe.rate, isDecoupled: true, usesLargest: true)
    // A line from the full rate to the full rate: what is wanted of it is the rise before.
    let schedule = Schedule.linear(steps: recipe.steps, warmup: recipe.warmup, end: 1)
    var training = Training(self, rule, schedule: schedule, random: random)
    for step in 0..<recipe.steps {
      let loss = try training.advance { network, _, stream in
        var chosen: [Int] = []
        for _ in 0..<recipe.batch { chosen.append(sampler.next(&stream).clip) }
        let places = Tensor<Int>(chosen)
        let targets = anchors.sounds.indexSelected(places)
        let estimates = try network(
          mixing.mixtures(of: targets),
          conditions: conditions.indexSelected(places),
          mode: .training
        )
        return try SeparationLoss.waveform(estimates, targets)
      }
      watching(step, Double(loss))
    }
    return training.model
  }
}
