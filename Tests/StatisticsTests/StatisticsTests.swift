import Statistics
import TestSupport
import Testing

/// Numbers of SciPy 1.17.1 and NumPy.
@Suite("Statistics")
struct StatisticsTests {
  static let x = [1.2, 3.4, 2.2, 5.1, 4.4, 2.9, 3.8, 1.7, 4.0]
  static let y = [0.9, 3.0, 2.6, 4.2, 4.4, 2.0, 3.1, 1.9, 3.3]

  private func expect(_ got: Double, _ expected: Double, relative: Double = 1e-12) {
    #expect(abs(got - expected) <= relative * abs(expected), "got \(got), expected \(expected)")
  }

  @Test("a summary holds mean, spread, quantiles and Student's interval")
  func summary() {
    let summary = Summary(Self.x)
    expect(summary.deviation, 1.2956122533810457)
    expect(summary.interval().lowerBound, 2.192993150916262)
    expect(summary.interval().upperBound, 4.184784626861515)
    expect(Summary.quantile(0.3, of: Self.x), 2.48)
    #expect(summary.median == 3.4)
    #expect(Summary([Double]()).mean.isNaN)
    #expect(Summary([3.0]).interval() == -Double.infinity...Double.infinity)
  }

  @Test(
    "Student's distribution has SciPy's tails and quantiles",
    arguments: [
      (1, [0.8128329581890011, 0.4072264209222577, 0.14758361765043326, 0.026464676059589878], 12.706204736174694),
      (2.5, [0.8760817734568519, 0.39367118574759863, 0.07869574787898295, 0.0014181075150391622], 3.5746548420036817),
      (8, [0.9139983540240444, 0.38591224084124937, 0.04025811897863131, 1.0719333738443846e-06], 2.306004135204166),
      (30, [0.927967035435677, 0.3831230526421764, 0.027312522481491547, 2.7900927075996303e-13], 2.0422724563012378),
      (
        1e5, [0.9331912202385847, 0.3820888895951688, 0.022751481728753256, 1.8722529059782093e-33], 1.9599877075346095
      ),
    ]
  )
  func student(degrees: Double, tails: [Double], quantile: Double) {
    let distribution = StudentT(degrees: degrees)
    // The logarithm of the density cancels in proportion to the degrees.
    let tolerance = 1e-12 * max(1, degrees / 100)
    for (t, tail) in zip([-1.5, 0.3, 2, 12], tails) {
      expect(distribution.upperTail(t), tail, relative: tolerance)
      expect(distribution.cumulative(-t), tail, relative: tolerance)
    }
    expect(distribution.quantile(0.975), quantile, relative: tolerance)
    expect(distribution.quantile(0.025), -quantile, relative: tolerance)
    #expect(distribution.quantile(0.5) == 0)
    #expect(distribution.upperTail(.infinity) == 0)
  }

  @Test("the normal distribution keeps its small tails")
  func normal() {
    expect(StandardNormal.cumulative(-8), 6.22096057e-16, relative: 1e-8)
    expect(StandardNormal.cumulative(0.5), 6.91462461e-01, relative: 1e-8)
  }

  @Test("paired tests give SciPy's statistics and probabilities")
  func paired() throws {
    let student = try PairedTest.studentT(Self.x, Self.y)
    expect(student.statistic, 2.293658554627822)
    expect(student.probability, 0.05097292084369805)
    let gaps = [0.3, 0.41, -0.13, 0.5, 0.07, 0.9, 0.71, -0.21, 0.62]
    let exact = try PairedTest.wilcoxon(gaps, [Double](repeating: 0, count: 9))
    #expect(exact.statistic == 5 && exact.probability == 0.0390625 && exact.count == 9)
    let many = (0..<80).map { Double($0 * 37 % 101) / 10 - 4.7 }
    let zeros = [Double](repeating: 0, count: 80)
    expect(try PairedTest.wilcoxon(many, zeros).probability, 0.37506795187981645)
    let tied = try PairedTest.wilcoxon(many.map { $0.rounded(.toNearestOrEven) }, zeros)
    expect(tied.statistic, 1118.5)
    expect(tied.probability, 0.3581567684768321)
    let same = try PairedTest.wilcoxon(Self.x, Self.x)
    #expect(same.probability == 1 && same.count == 0)
    #expect(try PairedTest.studentT(Self.x, Self.x).probability == 1)
  }

  @Test("the exact signed ranks agree with all choices of signs, ties included")
  func signedRanks() throws {
    let gaps = [1.0, 1, -1, 2, 2, 3.5, -4, 5, 5, 5]
    let ranks = Ranks.averaged(gaps.map { abs($0) })
    let statistic = try PairedTest.wilcoxon(gaps, [Double](repeating: 0, count: gaps.count))
    let below = (0..<1 << gaps.count).count { signs in
      gaps.indices.reduce(0) { signs >> $1 & 1 == 1 ? $0 + ranks[$1] : $0 } <= statistic.statistic
    }
    #expect(statistic.probability == 2 * Double(below) / Double(1 << gaps.count))
  }

  @Test("a fit of logarithms has SciPy's slope, errors and interval")
  func lines() throws {
    let fit = try LineFit.logLog([10, 20, 40, 80, 160], [1.1, 0.52, 0.27, 0.125, 0.07])
    expect(fit.slope, -1.0004593111300482)
    expect(fit.intercept, 2.3692435602648736)
    expect(fit.slopeError, 0.02397651362436353, relative: 1e-10)
    expect(fit.interceptError, 0.0915159926836303, relative: 1e-10)
    expect(fit.determination, 0.9982799273142943)
    expect(fit.slopeInterval().lowerBound, -1.0767632783274883, relative: 1e-10)
    expect(fit.slopeInterval().upperBound, -0.924155343932608, relative: 1e-10)
    #expect(try LineFit([1, 2], [3, 5]).slopeInterval() == -Double.infinity...Double.infinity)
  }

  @Test("correlations and the area under the curve")
  func correlations() throws {
    expect(try Correlation.spearman(Self.x, Self.y), 0.9666666666666667)
    expect(try Correlation.pearson(Self.x, Self.y), 0.9315096758597634)
    #expect(Ranks.averaged([3, 1, 3, 2]) == [3.5, 1, 3.5, 2])
    let area = try ReceiverOperating.area(
      scores: [0.1, 0.4, 0.35, 0.8, 0.4],
      isMember: [false, false, true, true, true]
    )
    // Of six pairs four are in order, one is a tie and one is not.
    #expect(area == 0.75)
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    let message: String
    let call: @Sendable () throws -> Void
    var testDescription: String { message }

    init(_ message: String, _ call: @escaping @Sendable () throws -> Void) {
      (self.message, self.call) = (message, call)
    }
  }

  static let refused: [Refused] = [
    Refused("PairedTest.studentT: the second sample must have 2 values as the first, got 1") {
      _ = try PairedTest.studentT([1, 2], [1])
    },
    Refused("PairedTest.wilcoxon: needs 2 values at least, got 1") { _ = try PairedTest.wilcoxon([1], [1]) },
    Refused("PairedTest.studentT: second[1] must be finite, got nan") {
      _ = try PairedTest.studentT([1, 2], [1, .nan])
    },
    Refused("LineFit: all values of x are equal; vary it") { _ = try LineFit([1, 1], [1, 2]) },
    Refused("LineFit.logLog: y[1] must be positive, got 0.0") { _ = try LineFit.logLog([1, 2], [1, 0]) },
    Refused("Correlation.pearson: all values of y are equal; vary it") {
      _ = try Correlation.pearson([1, 2], [3, 3])
    },
    Refused("ReceiverOperating.area: all values of isMember are equal; vary it") {
      _ = try ReceiverOperating.area(scores: [1, 2], isMember: [true, true])
    },
    Refused("ReceiverOperating.area: scores[0] must be a number, got nan") {
      _ = try ReceiverOperating.area(scores: [.nan, 2], isMember: [true, false])
    },
  ]

  @Test("bad samples get one clear error", arguments: refused)
  func refusals(_ refused: Refused) {
    let error = #expect(throws: StatisticsError.self) { try refused.call() }
    #expect(error?.description == refused.message)
  }
}
