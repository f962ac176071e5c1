internal import Layers
public import Tensors

extension SoundTagger {
  /// The tagger after steps of Adam on clips of one length, told their labels and nothing else.
  ///
  /// The loss is the sum of two cross-entropies: of the clip's head, and of the largest score of the frames' head over time.
  ///
  /// - Parameters:
  ///   - clips: at 8 kHz, with labels below `classCount`.
  ///   - steps: number of steps.
  ///   - batch: clips of a step.
  ///   - rate: rate of Adam.
  ///   - random: draws the clips.
  ///   - watching: called after each step with its number and loss.
  /// - Returns: the tagger after the last step.
  /// - Throws: `UniversalSeparationError`, or `SignalError`.
  public func trained(
    on clips: [WeakClip],
    steps: Int,
    batch: Int = 16,
    rate: Float = 2e-3,
    random: RandomStream,
    watching: (_ step: Int, _ loss: Double) -> Void = { _, _ in }
  ) throws -> SoundTagger {
    try WeakClip.check(clips, rate: Self.sampleRate, anchor: 1, classes: classCount)
    var sampler = try BalancedSampler(labels: clips.map(\.labels), classes: classCount)
    let all = try pictures(clips.map(\.samples))
    var flags = [Float](repeating: 0, count: clips.count * classCount)
    for (index, clip) in clips.enumerated() {
      for label in clip.labels { flags[index * classCount + label] = 1 }
    }
    let labels = Tensor(flags, shape: [clips.count, classCount])
    var training = Training(self, Adam(rate: rate), random: random)
    for step in 0..<steps {
      let loss = training.advance { tagger, _, stream in
        var chosen: [Int] = []
        for _ in 0..<batch { chosen.append(sampler.next(&stream).clip) }
        let places = Tensor<Int>(chosen)
        let scores = tagger(all.indexSelected(places), mode: .training)
        let wanted = labels.indexSelected(places)
        return Loss.binaryCrossEntropy(scores: scores.clip, targets: wanted)
          + Loss.binaryCrossEntropy(scores: scores.frames.max([1]), targets: wanted)
      }
      watching(step, Double(loss))
    }
    return training.model
  }
}
