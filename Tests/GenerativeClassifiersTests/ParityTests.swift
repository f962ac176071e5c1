import GenerativeClassifiers
import Statistics
import Tensors
import TestSupport
import Testing

private let paper = "generative-vs-discriminative"

@Suite("Parity of generative and discriminative classifiers")
struct GenerativeClassifiersParityTests {
  static let cases = ["binary", "three_class", "five_class"].flatMap { Parity.cases(paper, prefix: $0) }

  private func samples(_ data: ParityData, _ x: String, _ y: String) throws -> LabelledData {
    let labels = try data[y].map { Int($0) }
    return try LabelledData(features: data.file.doubleTensor(x), labels: labels, classes: (labels.max() ?? 0) + 1)
  }

  @Test("naive Bayes: statistics, scores and decisions", arguments: cases)
  func naiveBayes(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let statistics = try ClassStatistics(samples(data, "X", "y"))
    let model = NaiveBayes(statistics)
    let test = try samples(data, "X_test", "y_test")
    #expect(try statistics.counts.map(Double.init) == data["nb_counts"])
    let near = 1e-10
    #expect(mismatch(statistics.means.values, try data["nb_mean"], relative: near, absolute: 1e-14) == nil)
    // The reference adds ε to the variances of the classes.
    #expect(mismatch((statistics.variances + 1e-9).values, try data["nb_class_var"], relative: near) == nil)
    #expect(mismatch(model.priors, try data["nb_prior"], relative: near) == nil)
    #expect(mismatch(model.variances.values, try data["nb_shared_var"], relative: near) == nil)
    #expect(mismatch(model.logJoint(test.features).values, try data["nb_log_joint"], relative: near) == nil)
    #expect(try model.classifier.predictions(test.features).map(Double.init) == data["nb_pred"])
  }

  @Test("logistic regression: weights, probabilities and decisions", arguments: cases)
  func logisticRegression(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let regression = LogisticRegression(dataWeight: try data["C"][0], tolerance: 1e-11)
    let fit = try regression.fit(samples(data, "X", "y"))
    let expected = try data["lr_coef"]
    let test = try samples(data, "X_test", "y_test")
    #expect(fit.isConverged)
    #expect(mismatch(fit.classifier.weights.values.suffix(expected.count), expected, absolute: 1e-4) == nil)
    let biases = fit.classifier.biases.values
    let intercepts = try data["lr_intercept"]
    #expect(mismatch(Array(biases.suffix(intercepts.count)), intercepts, absolute: 1e-4) == nil)
    let probabilities = fit.classifier.probabilities(test.features).values
    #expect(mismatch(probabilities, try data["lr_proba"], absolute: 1e-4) == nil)
    #expect(try fit.classifier.predictions(test.features).map(Double.init) == data["lr_pred"])
  }

  @Test("the softmax objective and its gradients", arguments: cases)
  func objective(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let probe = LinearClassifier(
      weights: try data.file.doubleTensor("probe_W"),
      biases: try data.file.doubleTensor("probe_b")
    )
    let regression = LogisticRegression(dataWeight: try data["C"][0])
    let (value, weights, biases) = try regression.softmaxObjective(at: probe, samples(data, "X", "y"))
    #expect(mismatch([value], try data["probe_loss"], relative: 1e-10) == nil)
    #expect(mismatch(weights.values, try data["probe_grad_W"], relative: 1e-10, absolute: 1e-12) == nil)
    #expect(mismatch(biases.values, try data["probe_grad_b"], relative: 1e-10, absolute: 1e-12) == nil)
  }

  @Test("batches merge to the statistics of all samples", arguments: Parity.cases(paper, prefix: "merge"))
  func merging(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let merged = try ClassStatistics(samples(data, "X1", "y1")).merged(with: ClassStatistics(samples(data, "X2", "y2")))
    #expect(try merged.counts.map(Double.init) == data["merged_counts"])
    #expect(mismatch(merged.means.values, try data["merged_mean"], relative: 1e-10, absolute: 1e-14) == nil)
    #expect(mismatch(merged.variances.values, try data["merged_class_var"], relative: 1e-10, absolute: 1e-14) == nil)
  }
}

extension Array where Element == Double {
  fileprivate func suffix(_ count: Int) -> [Double] { Array(self[(self.count - count)...]) }
}
