/// Whether paired values differ: what two methods gave on the same seeds, problems or data.
public struct PairedTest: Sendable, Equatable {
  /// The statistic: Student's t, or the smaller sum of signed ranks.
  public let statistic: Double
  /// Probability of a statistic at least as far out where there is no difference, on both sides.
  public let probability: Double
  /// Pairs that count.
  public let count: Int

  /// Student's test of the mean difference; differences should be nearly normal.
  ///
  /// - Parameters:
  ///   - first: values of one method.
  ///   - second: those of the other, in the same order.
  /// - Throws: `StatisticsError.wrongCount` or `.tooFew` for fewer than two pairs.
  public static func studentT(_ first: [Double], _ second: [Double]) throws(StatisticsError) -> PairedTest {
    let summary = Summary(try differences(first, second, "PairedTest.studentT"))
    let t = summary.mean / summary.standardError
    // Equal differences leave no doubt, equal values none either way.
    guard !t.isNaN else { return PairedTest(statistic: 0, probability: 1, count: summary.count) }
    let tail = StudentT(degrees: Double(summary.count - 1)).upperTail(abs(t))
    return PairedTest(statistic: t, probability: 2 * tail, count: summary.count)
  }

  /// Wilcoxon's signed ranks: differences need only be symmetric about their median.
  ///
  /// Pairs without a difference are left out. Up to 50 pairs the probability is exact, ties included; beyond that the normal
  /// approximation with its correction for ties is used.
  ///
  /// - Parameters:
  ///   - first: values of one method.
  ///   - second: those of the other, in the same order.
  /// - Throws: `StatisticsError.wrongCount` or `.tooFew` for fewer than two pairs.
  public static func wilcoxon(_ first: [Double], _ second: [Double]) throws(StatisticsError) -> PairedTest {
    let differences = try differences(first, second, "PairedTest.wilcoxon").filter { $0 != 0 }
    let count = differences.count
    guard count > 0 else { return PairedTest(statistic: 0, probability: 1, count: 0) }
    let ranks = Ranks.averaged(differences.map { abs($0) })
    let positive = zip(differences, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    let total = Double(count * (count + 1)) / 2
    let statistic = min(positive, total - positive)
    let probability = count <= 50 ? exactTail(ranks, statistic) : normalTail(ranks, statistic)
    return PairedTest(statistic: statistic, probability: min(1, 2 * probability), count: count)
  }

  /// Share of all choices of signs whose positive ranks add up to a value or less.
  private static func exactTail(_ ranks: [Double], _ value: Double) -> Double {
    // Ranks of ties are halves: everything is counted twofold.
    let steps = ranks.map { Int(2 * $0) }
    var shares = [Double](repeating: 0, count: steps.reduce(0, +) + 1)
    shares[0] = 1
    var top = 0
    for step in steps {
      for sum in (0...top).reversed() {
        shares[sum] /= 2
        shares[sum + step] += shares[sum]
      }
      top += step
    }
    return shares[...Int(2 * value)].reduce(0, +)
  }

  private static func normalTail(_ ranks: [Double], _ value: Double) -> Double {
    let n = Double(ranks.count)
    let ties = Dictionary(grouping: ranks, by: { $0 }).values.reduce(0.0) { sum, group in
      let size = Double(group.count)
      return sum + size * size * size - size
    }
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
    return StandardNormal.cumulative((value - n * (n + 1) / 4) / variance.squareRoot())
  }

  private static func differences(
    _ first: [Double],
    _ second: [Double],
    _ name: String
  ) throws(StatisticsError) -> [Double] {
    try StatisticsError.check(first, second, name, least: 2)
    return zip(first, second).map { $0 - $1 }
  }
}
