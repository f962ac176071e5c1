public import Statistics
public import Tensors

/// Test errors of both learners on the same samples, for growing numbers of them.
public struct LearningCurve: Sendable, Equatable {
  /// Numbers of samples.
  public var sizes: [Int]
  /// Error of naive Bayes at each.
  public var naiveBayes: [Double]
  /// Error of logistic regression at each.
  public var logisticRegression: [Double]

  /// Naive Bayes' error less that of logistic regression.
  public var differences: [Double] { zip(naiveBayes, logisticRegression).map { $0 - $1 } }

  /// Fits both learners to the first samples of a list, for each of several numbers.
  ///
  /// - Parameters:
  ///   - sizes: numbers of samples, each at most that of the training samples.
  ///   - training: samples in random order.
  ///   - test: what the errors are taken on.
  ///   - scalesToUnit: whether features are scaled to 0…1 by the samples of each fit.
  ///   - floor: ε of naive Bayes.
  ///   - regression: settings of logistic regression.
  /// - Throws: `StatisticsError`.
  public init(
    sizes: [Int],
    training: LabelledData,
    test: LabelledData,
    scalesToUnit: Bool = false,
    floor: Double = 1e-9,
    regression: LogisticRegression = LogisticRegression()
  ) throws {
    var errors: [[Double]] = [[], []]
    let learners: [LinearLearner] = [.naiveBayes(floor: floor), .logisticRegression(regression)]
    for size in sizes {
      guard size <= training.count else {
        throw StatisticsError.tooFew(function: "LearningCurve", needed: size, got: training.count)
      }
      var (some, held) = (training.selected(Array(0..<size)), test)
      if scalesToUnit {
        let scale = UnitScale(some.features)
        (some, held) = (try some.mapped(scale.applied), try held.mapped(scale.applied))
      }
      for (index, learner) in learners.enumerated() { errors[index].append(try learner.fit(some).error(on: held)) }
    }
    (self.sizes, naiveBayes, logisticRegression) = (sizes, errors[0], errors[1])
  }

  /// The number of samples from which on logistic regression has the lower error.
  ///
  /// - Parameters:
  ///   - sizes: numbers of samples, ascending.
  ///   - differences: mean of naive Bayes' error less logistic regression's at each.
  /// - Returns: where the line between the sizes at which the difference changes its sign for the last time meets zero; nil where
  ///   one learner leads at the end or from the beginning.
  public static func crossover(_ sizes: [Int], _ differences: [Double]) -> Double? {
    guard let last = differences.lastIndex(where: { $0 <= 0 }), last + 1 < sizes.count else { return nil }
    let (low, high) = (differences[last], differences[last + 1])
    return Double(sizes[last]) + Double(sizes[last + 1] - sizes[last]) * (-low / (high - low))
  }
}

/// Scaling of every feature to 0…1 by the smallest and largest value of a training sample.
public struct UnitScale: Sendable, Equatable {
  /// Smallest value of each feature, `[features]`.
  public let minima: Tensor<Double>
  /// What a feature is multiplied by, `[features]`; zero for a feature that is constant in training.
  public let factors: Tensor<Double>

  /// Takes the scale of training features, `[count, features]`.
  public init(_ features: Tensor<Double>) {
    minima = features.min([0])
    factors = Tensor((features.max([0]) - minima).values.map { $0 > 0 ? 1 / $0 : 0 })
  }

  /// Scaled features; those of other samples may lie outside 0…1, constant ones become 0.
  public func applied(_ features: Tensor<Double>) -> Tensor<Double> { (features - minima) * factors }
}

/// A fixed random layer, max(x R + c, 0): features that were not learned from anything.
public struct RandomFeatures: Sendable, Equatable {
  private let weights: Tensor<Double>
  private let biases: Tensor<Double>

  /// Draws R from N(0, 1/inputs) and c from N(0, 0.01).
  public init(inputs: Int, features: Int, random: inout RandomStream) {
    weights = random.normal([inputs, features], deviation: (1 / Double(inputs)).squareRoot(), of: Double.self)
    biases = random.normal([features], deviation: 0.1, of: Double.self)
  }

  /// Features of samples `[count, inputs]`, `[count, features]`.
  public func applied(_ x: Tensor<Double>) -> Tensor<Double> { (x.matmul(weights) + biases).relu() }
}

extension LabelledData {
  /// Places of all samples in random order, except that one sample of each class comes first.
  ///
  /// - Throws: `StatisticsError.emptyClass`.
  public func orderWithEveryClassFirst(random: inout RandomStream) throws(StatisticsError) -> [Int] {
    if let empty = classCounts.firstIndex(of: 0) {
      throw .emptyClass(function: "orderWithEveryClassFirst", label: empty)
    }
    let order = random.permutation(count)
    var isSeen = [Bool](repeating: false, count: classes)
    var (first, rest): ([Int], [Int]) = ([], [])
    for place in order {
      if isSeen[labels[place]] {
        rest.append(place)
      } else {
        isSeen[labels[place]] = true
        first.append(place)
      }
    }
    return first + rest
  }
}
