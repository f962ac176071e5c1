internal import Layers
internal import Statistics
public import Tensors

/// Which samples a training takes for noisy, and what it does with them.
public enum NoiseMode: String, Sendable, Equatable, CaseIterable {
  /// Plain cross-entropy on weak views: no mixing, nothing is detected.
  case crossEntropy = "cross-entropy"
  /// Mixed inputs with the labels as given.
  case mixup
  /// Pseudo-labels for samples of large loss: PLS.
  case smallLoss = "small loss (PLS)"
  /// Pseudo-labels for samples beyond the plane in the features.
  case linear
  /// Both by turns: PLS-LSA.
  case alternating = "alternating (PLS-LSA)"
  /// Pseudo-labels for the samples that truly are foreign.
  case oracle

  /// Whether samples are detected and relabelled.
  var relabels: Bool { self != .crossEntropy && self != .mixup }
}

/// Training with pseudo-labels on data with wrong labels, by one network or by two that watch each other.
///
/// Source: Albert and others, 2024: PLS-LSA, and PLS-LSA+ for two networks; official code PaulAlbert31/LSA, `main.py` and `trainers.py`.
public struct NoisyTraining: Sendable, Equatable {
  /// What counts as noisy.
  public var mode: NoiseMode
  /// Passes over the pictures.
  public var epochs: Int
  /// Epochs at the beginning in which all labels are believed.
  public var warmUp: Int
  /// Largest batch.
  public var batch: Int
  /// Size of a step at the beginning; it falls by half a cosine.
  public var rate: Double
  /// γ, the power that sharpens pseudo-labels.
  public var sharpening: Double
  /// μ of the contrastive loss.
  public var temperature: Double
  /// Whether mean predictions are drawn towards equal shares.
  public var isBalanced: Bool
  /// Where the mixtures of losses begin.
  public var mixtureStart: LossMixture.Start

  /// Plans a training.
  public init(
    _ mode: NoiseMode,
    epochs: Int = 20,
    warmUp: Int = 3,
    batch: Int = 128,
    rate: Double = 0.05,
    sharpening: Double = 2,
    temperature: Double = 0.2,
    isBalanced: Bool = false,
    mixtureStart: LossMixture.Start = .twoMeans
  ) {
    (self.mode, self.epochs, self.warmUp, self.batch, self.rate) = (mode, epochs, warmUp, batch, rate)
    (self.sharpening, self.temperature, self.isBalanced) = (sharpening, temperature, isBalanced)
    self.mixtureStart = mixtureStart
  }

  /// What an epoch left.
  public struct Epoch: Sendable, Equatable {
    /// Mean loss of the batches.
    public var loss: Double
    /// Share of test pictures whose class is found, by all networks together.
    public var accuracy: Double
    /// What was detected after the epoch, by the first network.
    public var detection: NoiseDetection
    /// Samples that the next epoch takes for noisy.
    public var isNoisy: [Bool]
  }

  /// Trains networks together.
  ///
  /// - Parameters:
  ///   - networks: one, or two for co-training: samples count as noisy where both say so, pseudo-labels and weights are means.
  ///   - images: the pictures with labels as given.
  ///   - test: pictures with true labels.
  ///   - random: source of orders, views and mixing.
  /// - Returns: the networks, and what every epoch left.
  /// - Throws: `LabelNoiseError`, or `StatisticsError` where a network diverged.
  public func run(
    _ networks: [TwoHeadNetwork],
    _ images: NoisyImages,
    test: NoisyImages,
    random: RandomStream
  ) throws -> (networks: [TwoHeadNetwork], epochs: [Epoch]) {
    var state = TrainingState(networks, images, rate: rate)
    var course: [Epoch] = []
    for epoch in 0..<epochs {
      var stream = random.stream(UInt64(epoch))
      state.setRate(rate * cosineShare(epoch, of: epochs))
      let batches = try Batches(images.count, size: batch, random: &stream).parts
      var total = 0.0
      for (number, places) in batches.enumerated() {
        total += try step(&state, images, places, number: number, isWarm: epoch >= warmUp, random: &stream)
      }
      let evaluations = state.networks.map { NoiseEvaluation($0, images) }
      let detections = try evaluations.map { try NoiseDetection($0, images, start: mixtureStart) }
      state.isNoisy = noisy(detections, images, epoch)
      state.weights = weights(evaluations, state)
      course.append(
        Epoch(
          loss: total / Double(batches.count),
          accuracy: NoiseEvaluation.accuracy(state.networks.map { NoiseEvaluation($0, test) }, test),
          detection: detections[0],
          isNoisy: state.isNoisy
        )
      )
    }
    return (state.networks, course)
  }

  /// What every network takes for noisy after an epoch, in common.
  private func noisy(_ detections: [NoiseDetection], _ images: NoisyImages, _ epoch: Int) -> [Bool] {
    (0..<images.count).map { place in
      detections.allSatisfy { detection in
        switch mode {
        case .crossEntropy, .mixup: false
        case .smallLoss: detection.byLoss[place]
        case .linear: detection.byPlane[place]
        case .alternating: epoch.isMultiple(of: 2) ? detection.byPlane[place] : detection.byLoss[place]
        case .oracle: images.isForeign[place]
        }
      }
    }
  }

  /// 1 for clean samples; for noisy ones how well the networks still agree with the pseudo-label that they gave in the epoch.
  private func weights(_ evaluations: [NoiseEvaluation], _ state: TrainingState) -> [Float] {
    let noisy = state.isNoisy.indices.filter { state.isNoisy[$0] }
    var result = [Float](repeating: 1, count: state.isNoisy.count)
    guard mode.relabels, !noisy.isEmpty else { return result }
    for place in noisy { result[place] = 0 }
    for evaluation in evaluations {
      let losses = noisy.map { place in
        zip(state.guesses[place], evaluation.logProbabilities[place]).reduce(0) { $0 - $1.0 * $1.1 }
      }
      let scaled = LossMixture.unitScaled(losses)
      let mixture = LossMixture(scaled, start: mixtureStart)
      for (place, value) in zip(noisy, scaled) {
        result[place] += Float((1 - mixture.highPosterior(value)) / Double(evaluations.count))
      }
    }
    return result
  }

  /// One batch for all networks; the mean of their losses.
  private func step(
    _ state: inout TrainingState,
    _ images: NoisyImages,
    _ places: [Int],
    number: Int,
    isWarm: Bool,
    random: inout RandomStream
  ) throws -> Double {
    let isActive = isWarm && mode.relabels
    if mode.relabels {
      state.guess(ViewAugmentation.weak.views(images, places, random: &random), places, power: Float(sharpening))
    }
    let draw = BatchDraw(state, images, places, isActive: isActive, mixes: mode != .crossEntropy, random: &random)
    guard draw.weights.sum().value > 0 else { throw LabelNoiseError.noWeight(batch: number) }
    let strong = isActive ? ViewAugmentation.strong.views(images, places, random: &random) : nil
    return state.descend { network in
      let output = network(draw.mixed, mode: .training)
      var loss = ContrastiveLosses.mixed(
        logits: output.logits,
        targets: draw.targets,
        weights: draw.weights,
        partner: draw.partner,
        share: draw.share
      )
      if let strong {
        loss =
          loss
          + ContrastiveLosses.supervised(
            output.contrast,
            network(strong, mode: .training).contrast,
            classes: draw.classes,
            partner: draw.partner,
            share: draw.share,
            temperature: Float(temperature)
          )
        if isBalanced { loss = loss + ContrastiveLosses.balance(logits: output.logits) }
      }
      return loss
    }
  }
}

/// Targets, weights and mixed inputs of a batch.
private struct BatchDraw {
  let targets: Tensor<Float>
  let classes: [Int]
  let weights: Tensor<Float>
  let partner: [Int]
  let share: Float
  let mixed: Tensor<Float>

  init(
    _ state: TrainingState,
    _ images: NoisyImages,
    _ places: [Int],
    isActive: Bool,
    mixes: Bool,
    random: inout RandomStream
  ) {
    var rows: [Float] = []
    var isNoisy: [Bool] = []
    for place in places {
      isNoisy.append(isActive && state.isNoisy[place])
      rows +=
        isNoisy.last == true
        ? state.guesses[place].map { Float($0) } : (0..<images.classes).map { $0 == images.labels[place] ? 1 : 0 }
    }
    targets = Tensor(rows, shape: [places.count, images.classes])
    classes = targets.argMax().values
    weights = Tensor(places.map { isActive ? state.weights[$0] : 1 })
    var inputs = ViewAugmentation.weak.views(images, places, random: &random)
    if isActive {
      let strong = ViewAugmentation.strong.views(images, places, random: &random)
      let marks = Tensor<Float>(isNoisy.map { $0 ? 1 : 0 }).reshaped([places.count, 1, 1, 1])
      inputs = inputs * (1 - marks) + strong * marks
    }
    partner = mixes ? random.permutation(places.count) : Array(places.indices)
    // Beta(1, 1) is uniform; the larger part is the own one.
    let draw = random.uniform()
    share = mixes ? Float(max(draw, 1 - draw)) : 1
    mixed = mixes ? inputs * share + inputs.gatheredRows(Tensor<Int>(partner)) * (1 - share) : inputs
  }
}

/// Networks in training, and what they think of every sample.
private struct TrainingState {
  var networks: [TwoHeadNetwork]
  var isNoisy: [Bool]
  var weights: [Float]
  /// Sharpened predictions on a weak view, from this epoch where it came so far.
  var guesses: [[Double]]
  private var rules: [GradientDescent]

  init(_ networks: [TwoHeadNetwork], _ images: NoisyImages, rate: Double) {
    self.networks = networks
    isNoisy = [Bool](repeating: false, count: images.count)
    weights = [Float](repeating: 1, count: images.count)
    let equal = [Double](repeating: 1 / Double(images.classes), count: images.classes)
    guesses = [[Double]](repeating: equal, count: images.count)
    rules = networks.map { _ in GradientDescent(rate: Float(rate), momentum: 0.9, decay: 5e-4) }
  }

  mutating func setRate(_ rate: Double) { for index in rules.indices { rules[index].rate = Float(rate) } }

  /// Mean prediction of all networks on a view, sharpened, kept for each sample.
  mutating func guess(_ views: Tensor<Float>, _ places: [Int], power: Float) {
    var sum: Tensor<Float>?
    for index in networks.indices {
      // Running moments: a guess must not depend on who else is in the batch.
      let own = networks[index](views, mode: .evaluation).logits.softmax().power(power)
      let shares = own / own.sum(1, keepsAxes: true)
      sum = sum.map { $0 + shares } ?? shares
    }
    guard let sum else { return }
    let (values, classes) = (sum.values, sum.shape[1])
    for (row, place) in places.enumerated() {
      guesses[place] = values[row * classes..<(row + 1) * classes].map { Double($0) / Double(networks.count) }
    }
  }

  /// A step of every network; the mean of the losses.
  mutating func descend(_ loss: (inout TwoHeadNetwork) -> Tensor<Float>) -> Double {
    var total = 0.0
    for index in networks.indices {
      let (value, gradients) = valueWithGradient(at: &networks[index]) { loss(&$0) }
      rules[index].step(&networks[index], gradients)
      total += Double(value.value)
    }
    return total / Double(networks.count)
  }
}
