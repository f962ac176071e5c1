internal import Solvers
public import Tensors

/// Logistic regression with a squared penalty, by limited-memory quasi-Newton steps.
///
/// Softmax form: C Σᵢ ωᵢ (-log softmax(W xᵢ + b)_{yᵢ}) + ½ ‖W‖². Binary form, with y = ±1 and one row w:
/// C Σᵢ ωᵢ log(1 + exp(-yᵢ (wᵀxᵢ + b))) + ½ ‖w‖². Biases are free of the penalty. At equal C the binary form is penalised
/// twice as hard as the softmax form of two classes, whose rows share the difference.
///
/// Source: behaviour of scikit-learn's `LogisticRegression` with the solver `lbfgs`, version 1.9.
public struct LogisticRegression: Sendable, Equatable {
  /// How the scores depend on the weights.
  public enum Form: Sendable, Equatable {
    /// One row of weights, the logit of class 1 against class 0.
    case binary
    /// One row of weights a class.
    case softmax
  }

  /// What a fit found.
  public struct Fit: Sendable, Equatable {
    /// The classifier; of the binary form the row of class 0 is zero.
    public let classifier: LinearClassifier
    /// Steps taken.
    public let steps: Int
    /// Whether the gradient fell below the tolerance.
    public let isConverged: Bool
  }

  /// Weight C of the data against the penalty.
  public var dataWeight: Double
  /// Form of the scores; binary for two classes and softmax for more where nil.
  public var form: Form?
  /// Whether samples count inversely to the size of their class.
  public var isBalanced: Bool
  /// Largest entry of the gradient at which the search ends, of the objective divided by C and the number of samples.
  public var tolerance: Double
  /// Largest number of steps.
  public var maximumSteps: Int

  /// Makes a regression with scikit-learn's settings.
  public init(
    dataWeight: Double = 1,
    form: Form? = nil,
    isBalanced: Bool = false,
    tolerance: Double = 1e-4,
    maximumSteps: Int = 1000
  ) {
    (self.dataWeight, self.form, self.isBalanced) = (dataWeight, form, isBalanced)
    (self.tolerance, self.maximumSteps) = (tolerance, maximumSteps)
  }

  /// Finds the weights for samples.
  ///
  /// - Parameter data: with a sample of every class.
  /// - Returns: the classifier, and how the search ended.
  /// - Throws: `StatisticsError.emptyClass`, or `.badSetting` for C that is not positive or a binary form of more than two classes.
  public func fit(_ data: LabelledData) throws -> Fit {
    let name = "LogisticRegression.fit"
    try checkSettings(data, name)
    try data.requireEveryClass(name)
    let objective = LogisticObjective(data, rows: rows(data), dataWeight: dataWeight, isBalanced: isBalanced)
    var search = LBFGS()
    search.gradientTolerance = tolerance * dataWeight * Double(data.count)
    search.maximumSteps = maximumSteps
    let start = [Double](repeating: 0, count: objective.rows * (data.featureCount + 1))
    let solution = try search.minimize(from: start, objective.valueAndGradient)
    return Fit(
      classifier: objective.classifier(solution.point),
      steps: solution.steps,
      isConverged: solution.isConverged
    )
  }

  /// The objective and its gradients at some weights, in the softmax form.
  ///
  /// - Parameters:
  ///   - classifier: where to take it.
  ///   - data: the samples.
  /// - Returns: value, gradient by the weights `[classes, features]` and by the biases `[classes]`.
  /// - Throws: `StatisticsError.badSetting`.
  public func softmaxObjective(
    at classifier: LinearClassifier,
    _ data: LabelledData
  ) throws -> (value: Double, weights: Tensor<Double>, biases: Tensor<Double>) {
    try checkSettings(data, "LogisticRegression.softmaxObjective")
    let objective = LogisticObjective(data, rows: data.classes, dataWeight: dataWeight, isBalanced: isBalanced)
    let (value, gradient) = objective.valueAndGradient(classifier.weights.values + classifier.biases.values)
    let whole = data.classes * data.featureCount
    let weights = Tensor(Array(gradient[..<whole]), shape: [data.classes, data.featureCount])
    return (value, weights, Tensor(Array(gradient[whole...])))
  }

  private func rows(_ data: LabelledData) -> Int {
    (form ?? (data.classes == 2 ? .binary : .softmax)) == .binary ? 1 : data.classes
  }

  private func checkSettings(_ data: LabelledData, _ name: String) throws(StatisticsError) {
    guard dataWeight > 0, dataWeight.isFinite else {
      throw .badSetting(function: name, setting: "C", expected: "positive and finite", got: dataWeight)
    }
    guard form != .binary || data.classes == 2 else {
      let setting = "the number of classes of the binary form"
      throw .badSetting(function: name, setting: setting, expected: "2", got: Double(data.classes))
    }
  }
}
