internal import Display

/// How two lists of numbers hang together, in words.
enum Correlation {
  /// Number of points and Pearson's correlation, such as "120 points, correlation 0.93".
  static func words(_ x: [Double], _ y: [Double]) -> String {
    let pairs = zip(x, y).filter { $0.isFinite && $1.isFinite }
    let missing = min(x.count, y.count) - pairs.count
    let gaps = missing > 0 ? " (\(missing) missing)" : ""
    let count = "\(pairs.count) point\(pairs.count == 1 ? "" : "s")\(gaps)"
    guard pairs.count > 2, let value = coefficient(pairs) else { return count }
    return count + ", correlation " + NumberFormat.decimals(2).string(value)
  }

  private static func coefficient(_ pairs: [(Double, Double)]) -> Double? {
    let count = Double(pairs.count)
    let meanX = pairs.reduce(0) { $0 + $1.0 } / count
    let meanY = pairs.reduce(0) { $0 + $1.1 } / count
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (x, y) in pairs {
      xx += (x - meanX) * (x - meanX)
      yy += (y - meanY) * (y - meanY)
      xy += (x - meanX) * (y - meanY)
    }
    guard xx > 0, yy > 0 else { return nil }
    return xy / (xx * yy).squareRoot()
  }
}
