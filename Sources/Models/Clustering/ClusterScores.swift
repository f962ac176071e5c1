internal import Glibc
public import Solvers

/// How well found clusters agree with classes.
public struct ClusterScores: Sendable, Equatable {
  /// Share of items in the class of their cluster, by the best matching of clusters to classes.
  public let accuracy: Double
  /// Class that the best matching gives to each cluster; nil for clusters left over.
  public let classOfCluster: [Int?]
  /// Mutual information over the mean of both entropies; 1 where both are zero.
  public let mutualInformation: Double

  /// Compares labels.
  ///
  /// - Parameters:
  ///   - found: cluster of each item, numbers from 0.
  ///   - labels: class of each item, numbers from 0.
  /// - Throws: `ClusteringError` for lists of different length, empty ones, or negative numbers.
  public init(_ found: [Int], labels: [Int]) throws {
    guard found.count == labels.count else {
      throw ClusteringError.wrongCount(what: "clusters", expected: labels.count, got: found.count)
    }
    guard !labels.isEmpty else { throw ClusteringError.empty }
    for value in found + labels where value < 0 {
      throw ClusteringError.outOfRange(what: "label", expected: "zero or positive", got: Double(value))
    }
    let size = max(found.max() ?? 0, labels.max() ?? 0) + 1
    var table = Matrix<Double>(zeros: size, size)
    for (cluster, label) in zip(found, labels) { table[cluster, label] += 1 }
    let count = Double(labels.count)
    let matching = try Assignment.solve(-1 * table)
    accuracy = -matching.cost / count
    classOfCluster = matching.columns
    func entropy(_ totals: [Double]) -> Double {
      totals.reduce(0) { $1 > 0 ? $0 - $1 / count * log($1 / count) : $0 }
    }
    let rows = entropy((0..<size).map { table.row($0).reduce(0, +) })
    let columns = entropy((0..<size).map { table.column($0).reduce(0, +) })
    let mean = (rows + columns) / 2
    mutualInformation = mean > 0 ? (rows + columns - entropy(table.values)) / mean : 1
  }

  /// The least number of directions that hold more than a share of the squares of points, one a row.
  ///
  /// - Throws: `SolverError` where a number is not finite.
  public static func numericalRank(_ points: Matrix<Double>, share: Double = 0.95) throws(SolverError) -> Int {
    let squares = try SingularValues(points).values.map { $0 * $0 }
    let total = squares.reduce(0, +)
    var sum = 0.0
    for (index, square) in squares.enumerated() {
      sum += square
      if sum > share * total { return index + 1 }
    }
    return squares.count
  }
}
