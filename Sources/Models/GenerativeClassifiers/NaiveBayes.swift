internal import Glibc
public import Statistics
public import Tensors

/// Counts, means and variances of every class, which is all that Gaussian naive Bayes keeps of its samples.
public struct ClassStatistics: Sendable, Equatable {
  /// Samples of each class, `[classes]`.
  public let counts: [Int]
  /// Mean of each feature in each class, `[classes, features]`.
  public let means: Tensor<Double>
  /// Variance about that mean, with the count in the divisor, `[classes, features]`.
  public let variances: Tensor<Double>

  /// Takes the statistics of samples.
  ///
  /// - Throws: `StatisticsError.emptyClass`.
  public init(_ data: LabelledData) throws(StatisticsError) {
    try data.requireEveryClass("ClassStatistics")
    counts = data.classCounts
    let labels = Tensor(data.labels)
    let members = Tensor<Double>.oneHot(labels, classes: data.classes)
    let shares = Tensor(counts.map { 1 / Double($0) }).reshaped([data.classes, 1])
    means = members.matmul(data.features, transposesLeft: true) * shares
    // Two passes: a sum of squares less a squared sum would cancel.
    let centered = data.features - means.gatheredRows(labels)
    variances = members.matmul(centered.squared(), transposesLeft: true) * shares
  }

  private init(_ counts: [Int], _ means: Tensor<Double>, _ variances: Tensor<Double>) {
    (self.counts, self.means, self.variances) = (counts, means, variances)
  }

  /// The statistics of two batches together, without their samples.
  ///
  /// v = [N₁ v₁ + N₂ v₂ + N₁ N₂ / N (μ₁ - μ₂)²] / N.
  ///
  /// Source: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
  public func merged(with other: ClassStatistics) -> ClassStatistics {
    precondition(
      means.shape == other.means.shape,
      "ClassStatistics.merged: shapes \(means.shape) and \(other.means.shape) must be equal"
    )
    let total = zip(counts, other.counts).map { $0 + $1 }
    let own = Tensor(zip(counts, total).map { Double($0) / Double($1) }).reshaped([total.count, 1])
    let theirs = 1 - own
    let between = own * theirs * (means - other.means).squared()
    return ClassStatistics(
      total,
      own * means + theirs * other.means,
      own * variances + theirs * other.variances + between
    )
  }
}

/// Gaussian naive Bayes whose classes share one variance a feature, which makes it linear.
///
/// Score of class k: ln pₖ - ½ Σⱼ (xⱼ - μₖⱼ)² / σⱼ², with σⱼ² = Σₖ pₖ (vₖⱼ + ε).
///
/// Source: Zheng and others, "Revisiting discriminative vs. generative classifiers", ICML 2023, arXiv 2302.02334.
public struct NaiveBayes: Sendable, Equatable {
  /// Share of each class, `[classes]`.
  public let priors: [Double]
  /// Mean of each feature in each class, `[classes, features]`.
  public let means: Tensor<Double>
  /// Variance of each feature, the same in all classes, `[features]`.
  public let variances: Tensor<Double>

  /// Fits the model to samples.
  ///
  /// - Parameters:
  ///   - data: with a sample of every class.
  ///   - floor: ε, added to the variances so that a constant feature does not divide by zero.
  /// - Throws: `StatisticsError.emptyClass`.
  public init(_ data: LabelledData, floor: Double = 1e-9) throws(StatisticsError) {
    self.init(try ClassStatistics(data), floor: floor)
  }

  /// Fits the model to the statistics of samples.
  public init(_ statistics: ClassStatistics, floor: Double = 1e-9) {
    let total = Double(statistics.counts.reduce(0, +))
    priors = statistics.counts.map { Double($0) / total }
    means = statistics.means
    let weights = Tensor(priors).reshaped([priors.count, 1])
    variances = ((statistics.variances + floor) * weights).sum(0)
  }

  /// The same decisions as scores linear in the features: Wₖⱼ = μₖⱼ / σⱼ², bₖ = ln pₖ - ½ Σⱼ μₖⱼ² / σⱼ².
  public var classifier: LinearClassifier {
    let weights = means / variances
    return LinearClassifier(
      weights: weights,
      biases: Tensor(priors.map { log($0) }) - (weights * means).sum(1) * 0.5
    )
  }

  /// Logarithm of the joint density less what all classes share.
  ///
  /// - Parameter features: `[count, features]`.
  /// - Returns: `[count, classes]`.
  public func logJoint(_ features: Tensor<Double>) -> Tensor<Double> {
    let distances = priors.indices.map { label in
      ((features - means.selected(label)).squared() / variances).sum(1)
    }
    return Tensor(priors.map { log($0) }) - Tensor.stacked(distances, axis: 1) * 0.5
  }
}

/// A way to find a linear classifier from samples: the two that the paper compares.
public enum LinearLearner: Sendable, Equatable {
  /// Generative: naive Bayes with a floor ε under the variances.
  case naiveBayes(floor: Double = 1e-9)
  /// Discriminative: logistic regression.
  case logisticRegression(LogisticRegression = LogisticRegression())

  /// Fits a classifier.
  ///
  /// - Throws: `StatisticsError`.
  public func fit(_ data: LabelledData) throws -> LinearClassifier {
    switch self {
    case .naiveBayes(let floor): try NaiveBayes(data, floor: floor).classifier
    case .logisticRegression(let regression): try regression.fit(data).classifier
    }
  }
}
