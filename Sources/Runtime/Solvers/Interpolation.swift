/// The broken line through given points, level beyond its ends.
public struct LinearInterpolation: Sendable, Equatable {
  /// Abscissae in rising order.
  public let x: [Double]
  /// Ordinates, one for each abscissa.
  public let y: [Double]

  /// Makes the line.
  ///
  /// - Parameters:
  ///   - x: at least one abscissa, each larger than the one before.
  ///   - y: as many ordinates.
  /// - Throws: `SolverError.wrongCount` or `.outOfRange`.
  public init(_ x: [Double], _ y: [Double]) throws(SolverError) {
    let name = "LinearInterpolation"
    guard y.count == x.count, !x.isEmpty else {
      throw .wrongCount(function: name, argument: "y", expected: max(x.count, 1), got: y.count)
    }
    if let index = x.indices.first(where: { !x[$0].isFinite || $0 > 0 && x[$0] <= x[$0 - 1] }) {
      throw .outOfRange(
        function: name,
        argument: "x[\(index)]",
        expected: "finite and above x before it",
        got: x[index]
      )
    }
    (self.x, self.y) = (x, y)
  }

  /// The ordinate at an abscissa; NaN at NaN.
  public func callAsFunction(_ place: Double) -> Double {
    guard place > x[0] else { return place.isNaN ? place : y[0] }
    guard place < x[x.count - 1] else { return y[y.count - 1] }
    var low = 0
    var high = x.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= place { low = middle } else { high = middle }
    }
    return y[low] + (y[high] - y[low]) * ((place - x[low]) / (x[high] - x[low]))
  }
}
