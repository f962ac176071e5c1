internal import Glibc
internal import Statistics
public import Tensors

/// How many samples a learner needs until its mean error comes near the best possible one.
///
/// From 2K samples on their number grows in steps of ⌈ln n⌉, or by a share of itself where that is more. At each number the learner is fitted
/// to fresh samples several times and its mean error on one large test set is taken.
///
/// Source: `main_simulation.py` of ML-GSAI/Revisiting-Dis-vs-Gen-Classifiers, which draws from a pool of 100n samples; independent
/// samples and random ones of a pool of independent samples are the same in distribution.
public struct SampleComplexity: Sendable, Equatable {
  /// Where samples come from.
  public var source: GaussianClasses
  /// Fits at each number of samples.
  public var runs: Int
  /// Size of the test set.
  public var testCount: Int
  /// How near the best error counts as reached.
  public var margin: Double
  /// Share by which the number of samples grows where that is more than ⌈ln n⌉.
  public var growth: Double

  /// A point of the curve.
  public struct Point: Sendable, Equatable {
    /// Number of samples.
    public var samples: Int
    /// Mean error over the runs.
    public var error: Double
  }

  /// What a search found.
  public struct Outcome: Sendable, Equatable {
    /// Mean errors up to the first that is near enough.
    public var curve: [Point]
    /// The number of samples sought, m★; nil where 100n samples do not suffice.
    public var needed: Int?
  }

  /// Plans a search with the paper's settings.
  public init(
    _ source: GaussianClasses,
    runs: Int = 5,
    testCount: Int = 10_000,
    margin: Double = 0.01,
    growth: Double = 0
  ) {
    (self.source, self.runs, self.testCount) = (source, runs, testCount)
    (self.margin, self.growth) = (margin, growth)
  }

  /// Searches for one learner; two learners with equal streams meet equal samples.
  ///
  /// - Throws: `StatisticsError`.
  public func search(_ learner: LinearLearner, random: RandomStream) throws -> Outcome {
    var testRandom = random.stream(0)
    let test = try source.sample(testCount, hasEveryClass: false, random: &testRandom)
    let wanted = source.bayesError + margin
    let step = Int(log(Double(source.features)).rounded(.up))
    var outcome = Outcome(curve: [])
    var samples = 2 * source.classes
    while samples <= 100 * source.features {
      var total = 0.0
      for run in 0..<runs {
        var stream = random.stream(UInt64(samples)).stream(UInt64(run))
        let data = try source.sample(samples, random: &stream)
        total += try learner.fit(data).error(on: test)
      }
      let error = total / Double(runs)
      outcome.curve.append(Point(samples: samples, error: error))
      if error < wanted {
        outcome.needed = samples
        break
      }
      samples += max(step, Int(growth * Double(samples)))
    }
    return outcome
  }
}
