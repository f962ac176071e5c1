internal import Layers
internal import Statistics
public import Tensors

/// Which samples are taken for noisy, and how far each way of finding them tells foreign samples from the others.
public struct NoiseDetection: Sendable, Equatable {
  /// Chance of each sample to belong to the component of large losses.
  public var lossScores: [Double]
  /// Samples whose chance is above 0.95, Z.
  public var byLoss: [Bool]
  /// Signed distance from the plane fitted to Z in the early features; the loss's chances where Z is too small to fit one.
  public var planeScores: [Double]
  /// Samples beyond the plane, W.
  public var byPlane: [Bool]

  /// Area under the curve of the loss's chances for foreign samples.
  public func lossArea(_ images: NoisyImages) throws -> Double {
    try ReceiverOperating.area(scores: lossScores, isMember: images.isForeign)
  }

  /// Area under the curve of the plane's distances for foreign samples.
  public func planeArea(_ images: NoisyImages) throws -> Double {
    try ReceiverOperating.area(scores: planeScores, isMember: images.isForeign)
  }

  static let threshold = 0.95
  static let fewest = 5

  /// Looks at all samples with the present network, without augmentation, against the labels as given.
  ///
  /// - Throws: `StatisticsError` where features are not finite.
  init(_ evaluation: NoiseEvaluation, _ images: NoisyImages, start: LossMixture.Start) throws {
    let losses = images.labels.enumerated().map { -evaluation.logProbabilities[$0.offset][$0.element] }
    let scaled = LossMixture.unitScaled(losses)
    let mixture = LossMixture(scaled, start: start)
    lossScores = scaled.map { mixture.highPosterior($0) }
    byLoss = lossScores.map { $0 > Self.threshold }
    let members = byLoss.count { $0 }
    guard members >= Self.fewest, byLoss.count - members >= Self.fewest else {
      (planeScores, byPlane) = (lossScores, byLoss)
      return
    }
    let plane = try Self.plane(evaluation.early, byLoss)
    planeScores = plane.scores
    byPlane = planeScores.map { $0 > 0 }
  }

  /// Distances from the plane of a class-balanced logistic regression, almost without a penalty, on standardised features.
  static func plane(
    _ features: Tensor<Double>,
    _ isMember: [Bool]
  ) throws -> (classifier: LinearClassifier, scores: [Double]) {
    let standardised = FeatureStandardisation(features).applied(features)
    let data = try LabelledData(features: standardised, labels: isMember.map { $0 ? 1 : 0 }, classes: 2)
    // A finite penalty ends the search where the sets are separable.
    let fit = try LogisticRegression(dataWeight: 1e4, isBalanced: true, tolerance: 1e-8).fit(data)
    let scores = fit.classifier.scores(standardised).values
    return (fit.classifier, (0..<isMember.count).map { scores[2 * $0 + 1] })
  }
}

/// Shift and scale that give features zero mean and unit variance.
public struct FeatureStandardisation: Sendable {
  private let mean: Tensor<Double>
  private let scale: Tensor<Double>

  /// Takes both from features `[n, d]`; constant ones stay zero.
  public init(_ features: Tensor<Double>) {
    mean = features.mean([0])
    scale = Tensor(features.variance([0]).values.map { $0 > 0 ? 1 / $0.squareRoot() : 0 })
  }

  /// Standardised features.
  public func applied(_ features: Tensor<Double>) -> Tensor<Double> { (features - mean) * scale }
}

/// What a network says of all pictures, without augmentation and with running moments.
public struct NoiseEvaluation: Sendable {
  /// Logarithms of the probabilities, `[count][classes]`.
  public var logProbabilities: [[Double]]
  /// Pooled features after the second stage, each of length 1, `[count, 64]`.
  public var early: Tensor<Double>
  /// Pooled features after the last stage, each of length 1, `[count, 128]`.
  public var late: Tensor<Double>
  /// Values of the contrastive head, each of length 1, `[count, 64]`.
  public var contrast: Tensor<Double>

  /// Evaluates a network.
  public init(_ network: TwoHeadNetwork, _ images: NoisyImages) {
    var network = network
    let output = network(images.batch, mode: .evaluation)
    let logs = output.logits.logSoftmax().values
    logProbabilities = (0..<images.count).map { row in
      logs[row * images.classes..<(row + 1) * images.classes].map(Double.init)
    }
    early = output.early.normalized([1]).converted()
    late = output.pooled.normalized([1]).converted()
    contrast = output.contrast.normalized([1]).converted()
  }

  /// Mean of several networks' logarithms, which orders classes as the mean of their scores does.
  public static func accuracy(_ evaluations: [NoiseEvaluation], _ images: NoisyImages) -> Double {
    let right = images.labels.indices.count { row in
      let sums = (0..<images.classes).map { label in evaluations.reduce(0) { $0 + $1.logProbabilities[row][label] } }
      return sums.firstIndex(of: sums.max() ?? 0) == images.labels[row]
    }
    return Double(right) / Double(images.count)
  }

  /// Area under the curve for foreign samples of a plane fitted to the truth on one half of the samples and judged on the other.
  ///
  /// - Throws: `StatisticsError` where a half lacks foreign or other samples.
  public static func oracleArea(_ features: Tensor<Double>, _ images: NoisyImages, random: inout RandomStream) throws
    -> Double
  {
    let order = random.permutation(images.count)
    let cut = images.count / 2
    let (fitted, held) = (Array(order[..<cut]), Array(order[cut...]))
    let training = features.gatheredRows(Tensor(fitted))
    let scale = FeatureStandardisation(training)
    let (classifier, _) = try NoiseDetection.plane(training, fitted.map { images.isForeign[$0] })
    let scores = classifier.scores(scale.applied(features.gatheredRows(Tensor(held)))).values
    return try ReceiverOperating.area(
      scores: held.indices.map { scores[2 * $0 + 1] },
      isMember: held.map { images.isForeign[$0] }
    )
  }
}
