import GenerativeClassifiers
import Solvers
import Statistics
import Tensors
import TestSupport
import Testing

/// A call that must fail, and what it must say.
struct RefusedInput: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }
  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) { (self.message, self.call) = (message, call) }
}

@Suite("Generative and discriminative classifiers")
struct GenerativeClassifiersTests {
  private static func data(_ labels: [Int], classes: Int, _ values: [Double]? = nil) throws -> LabelledData {
    let features = Tensor(values ?? labels.map(Double.init), shape: [labels.count, 1])
    return try LabelledData(features: features, labels: labels, classes: classes)
  }

  static let refused: [RefusedInput] = [
    RefusedInput("ClassStatistics: class 1 has no sample; draw again or leave the class out") {
      _ = try NaiveBayes(data([0, 0, 2], classes: 3))
    },
    RefusedInput("LogisticRegression.fit: class 2 has no sample; draw again or leave the class out") {
      _ = try LogisticRegression().fit(data([0, 1, 1], classes: 3))
    },
    RefusedInput("LabelledData: label 2 is 3, must be in 0..<3; number the classes from 0 up") {
      _ = try data([0, 1, 3], classes: 3)
    },
    RefusedInput("LabelledData: features[1][0] must be finite, got nan") {
      _ = try data([0, 1], classes: 2, [1, .nan])
    },
    RefusedInput("LabelledData: the second sample must have 2 values as the first, got 1") {
      _ = try LabelledData(features: .zeros([2, 3]), labels: [0], classes: 2)
    },
    RefusedInput("LabelledData: the number of classes must be 2 or more, got 1.0") { _ = try data([0], classes: 1) },
    RefusedInput("LogisticRegression.fit: C must be positive and finite, got 0.0") {
      _ = try LogisticRegression(dataWeight: 0).fit(data([0, 1], classes: 2))
    },
    RefusedInput("LogisticRegression.fit: the number of classes of the binary form must be 2, got 3.0") {
      _ = try LogisticRegression(form: .binary).fit(data([0, 1, 2], classes: 3))
    },
    RefusedInput("GaussianClasses.sample: the number of samples m must be 3 or more, one a class, got 2.0") {
      var random = RandomStream(seed: 1)
      _ = try GaussianClasses.simulation(features: 4, classes: 3).sample(2, random: &random)
    },
    RefusedInput("LearningCurve: needs 5 values at least, got 2") {
      let few = try data([0, 1], classes: 2)
      _ = try LearningCurve(sizes: [5], training: few, test: few)
    },
    RefusedInput("orderWithEveryClassFirst: class 1 has no sample; draw again or leave the class out") {
      var random = RandomStream(seed: 1)
      _ = try data([0, 0], classes: 2).orderWithEveryClassFirst(random: &random)
    },
  ]

  @Test("bad input gets one clear error", arguments: refused)
  func refusal(_ input: RefusedInput) {
    let error = #expect(throws: StatisticsError.self) { try input.call() }
    #expect(error?.description == input.message)
  }

  @Test("covariances that outweigh the variances are refused")
  func hardMode() throws {
    var random = RandomStream(seed: 1)
    #expect(throws: SolverError.self) {
      try GaussianClasses.hardSimulation(features: 200, classes: 2, random: &random)
    }
    let hard = try GaussianClasses.hardSimulation(features: 2, classes: 2, random: &random)
    #expect(hard.bayesError > 0 && hard.bayesError < 0.5)
  }

  @Test("the Bayes error is that of the best rule on many samples", arguments: [2, 3, 5])
  func bayesError(_ classes: Int) throws {
    let source = GaussianClasses.simulation(features: 2, classes: classes)
    var random = RandomStream(seed: 5, stream: UInt64(classes))
    let many = try source.sample(200_000, random: &random)
    // With the true means and variances and many samples naive Bayes is the best rule: the features are independent.
    let error = try NaiveBayes(many).classifier.error(on: many)
    let deviation = (source.bayesError / 200_000).squareRoot()
    #expect(abs(error - source.bayesError) < 4 * deviation)
  }

  @Test("correlated pairs: both limits are as computed")
  func pairs() throws {
    let source = try GaussianClasses.correlatedPairs(10, correlation: 0.6, shift: 0.2)
    var random = RandomStream(seed: 6)
    let training = try source.sample(50_000, random: &random)
    let test = try source.sample(50_000, random: &random)
    let naive = try LinearLearner.naiveBayes().fit(training).error(on: test)
    let logistic = try LinearLearner.logisticRegression().fit(training).error(on: test)
    // Three standard errors of a share of 50,000, and what 50,000 training samples leave.
    #expect(abs(naive - source.naiveBayesLimit) < 0.007)
    #expect(abs(logistic - source.bayesError) < 0.007)
    #expect(source.naiveBayesLimit > source.bayesError + 0.02)
  }

  @Test("the binary form is penalised twice as hard as two softmax rows")
  func forms() throws {
    var random = RandomStream(seed: 7)
    let data = try GaussianClasses.simulation(features: 6, classes: 2).sample(40, random: &random)
    let binary = try LogisticRegression(dataWeight: 1, form: .binary, tolerance: 1e-12).fit(data).classifier
    let softmax = try LogisticRegression(dataWeight: 0.5, form: .softmax, tolerance: 1e-12).fit(data).classifier
    let weights = (softmax.weights.selected(1) - softmax.weights.selected(0)).values
    #expect(mismatch(weights, binary.weights.selected(1).values, relative: 1e-5, absolute: 1e-7) == nil)
  }

  @Test("constant features: the scale makes them zero, the floor keeps naive Bayes finite")
  func constants() throws {
    let features = Tensor<Double>(rows: [[1, 5], [2, 5], [4, 5]])
    let scale = UnitScale(features)
    #expect(scale.applied(features).values == [0, 0, 1.0 / 3, 0, 1, 0])
    #expect(scale.applied(Tensor(rows: [[7, 6]])).values == [2, 0])
    let data = try LabelledData(features: features, labels: [0, 0, 1], classes: 2)
    let scores = try NaiveBayes(data, floor: 1e-2).classifier.scores(features)
    #expect(scores.values.allSatisfy { $0.isFinite })
  }

  @Test("a search gives the same with any number of threads, and the first number that suffices")
  func search() throws {
    let plan = SampleComplexity(.simulation(features: 30, classes: 2), runs: 2, testCount: 500)
    let learners: [LinearLearner] = [.naiveBayes(), .logisticRegression()]
    func outcomes(_ threads: Int) throws -> [[SampleComplexity.Outcome]] {
      try Seeds(2, seed: 3).run(over: learners, threads: threads) { learner, _, random in
        try plan.search(learner, random: random)
      }
    }
    let found = try outcomes(1)
    #expect(try outcomes(2) == found)
    for outcome in found.joined() {
      let wanted = plan.source.bayesError + plan.margin
      #expect(outcome.needed == outcome.curve.last?.samples)
      #expect(outcome.curve.dropLast().allSatisfy { $0.error >= wanted })
      #expect((outcome.curve.last?.error ?? 1) < wanted)
    }
  }

  @Test("curves cross where the mean difference changes sign for the last time")
  func crossover() {
    #expect(LearningCurve.crossover([10, 20, 40], [-0.1, -0.1, 0.1]) == 30)
    #expect(LearningCurve.crossover([10, 20], [0.1, 0.2]) == nil)
    #expect(LearningCurve.crossover([10, 20], [0.1, -0.2]) == nil)
  }
}
