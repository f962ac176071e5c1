/// Places of values in their order.
public enum Ranks {
  /// Ranks from 1 up; equal values share the mean of their ranks.
  public static func averaged(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}

/// How closely two variables go together, in -1…1.
public enum Correlation {
  /// Pearson's coefficient: 1 where points lie on a rising line.
  ///
  /// - Throws: `StatisticsError` for samples of different sizes, fewer than two points, or a constant variable.
  public static func pearson(_ x: [Double], _ y: [Double]) throws(StatisticsError) -> Double {
    try coefficient(x, y, "Correlation.pearson")
  }

  /// Spearman's coefficient: Pearson's of the ranks, 1 where one variable always rises with the other.
  ///
  /// - Throws: `StatisticsError` for samples of different sizes, fewer than two points, or a constant variable.
  public static func spearman(_ x: [Double], _ y: [Double]) throws(StatisticsError) -> Double {
    let name = "Correlation.spearman"
    try StatisticsError.check(x, y, name, least: 2, names: ("x", "y"))
    return try coefficient(Ranks.averaged(x), Ranks.averaged(y), name)
  }

  private static func coefficient(_ x: [Double], _ y: [Double], _ name: String) throws(StatisticsError) -> Double {
    try StatisticsError.check(x, y, name, least: 2, names: ("x", "y"))
    let n = Double(x.count)
    let (meanX, meanY) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += (a - meanX) * (a - meanX)
      xy += (a - meanX) * (b - meanY)
      yy += (b - meanY) * (b - meanY)
    }
    guard xx > 0 else { throw .constant(function: name, argument: "x") }
    guard yy > 0 else { throw .constant(function: name, argument: "y") }
    return max(-1, min(1, xy / (xx.squareRoot() * yy.squareRoot())))
  }
}

/// How well scores tell two classes apart.
public enum ReceiverOperating {
  /// Area under the curve: the chance that a member scores higher than a non-member, ties counting half.
  ///
  /// - Parameters:
  ///   - scores: higher means rather a member.
  ///   - isMember: the truth, one for each score.
  /// - Returns: a value in 0…1.
  /// - Throws: `StatisticsError` for samples of different sizes, a score that is NaN, or a class without members.
  public static func area(scores: [Double], isMember: [Bool]) throws(StatisticsError) -> Double {
    let name = "ReceiverOperating.area"
    guard isMember.count == scores.count else {
      throw .wrongCount(function: name, expected: scores.count, got: isMember.count)
    }
    if let index = scores.firstIndex(where: \.isNaN) {
      throw .badValue(function: name, argument: "scores", index: index, expected: "a number", got: .nan)
    }
    let members = isMember.count { $0 }
    guard members > 0, members < scores.count else { throw .constant(function: name, argument: "isMember") }
    let sum = zip(Ranks.averaged(scores), isMember).reduce(0) { $1.1 ? $0 + $1.0 : $0 }
    let (inside, outside) = (Double(members), Double(scores.count - members))
    return (sum - inside * (inside + 1) / 2) / (inside * outside)
  }
}
