public import Tensors

/// Scores that are linear in the features, one row of weights a class; the class with the highest score is chosen.
public struct LinearClassifier: Sendable, Equatable {
  /// Weights, `[classes, features]`.
  public let weights: Tensor<Double>
  /// What is added to the scores, `[classes]`.
  public let biases: Tensor<Double>

  /// Makes a classifier.
  ///
  /// - Parameters:
  ///   - weights: `[classes, features]`.
  ///   - biases: `[classes]`.
  public init(weights: Tensor<Double>, biases: Tensor<Double>) {
    precondition(
      weights.rank == 2 && biases.shape == [weights.shape[0]],
      "LinearClassifier: weights \(weights.shape) and biases \(biases.shape) must have one row and one value a class"
    )
    (self.weights, self.biases) = (weights, biases)
  }

  /// Scores of samples `[count, features]`, `[count, classes]`.
  public func scores(_ features: Tensor<Double>) -> Tensor<Double> {
    features.matmul(weights, transposesRight: true) + biases
  }

  /// Probabilities of the classes by the softmax of the scores, `[count, classes]`.
  public func probabilities(_ features: Tensor<Double>) -> Tensor<Double> { scores(features).softmax() }

  /// The class with the highest score for each sample; the first of equal ones.
  public func predictions(_ features: Tensor<Double>) -> [Int] { scores(features).argMax().values }

  /// Share of samples whose class is not the predicted one; NaN where there are none.
  public func error(on data: LabelledData) -> Double {
    let wrong = zip(predictions(data.features), data.labels).count { $0 != $1 }
    return Double(wrong) / Double(data.count)
  }
}
