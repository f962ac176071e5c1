public import Solvers

/// Which estimate belongs to which reference: the pairing with the best sum of scores.
public struct SourcePairing: Sendable, Equatable {
  /// For each reference, the number of its estimate.
  public let estimates: [Int]
  /// Mean score of the pairs.
  public let meanScore: Double

  /// Finds the best pairing of a square table of scores, larger being better.
  ///
  /// - Parameter scores: score of estimate j for reference i at row i, column j; infinite scores count as ±1e9.
  /// - Throws: `SolverError.wrongShape`, or `.notFiniteEntry` for NaN.
  public init(scores: Matrix<Double>) throws(SolverError) {
    guard scores.isSquare else {
      let shape = "\(scores.rows) × \(scores.columns)"
      throw .wrongShape(function: "SourcePairing", argument: "scores", expected: "square", got: shape)
    }
    let bounded = Matrix(rows: scores.rows, columns: scores.columns) { row, column -> Double in
      let score = scores[row, column]
      return score.isNaN ? score : -max(min(score, 1e9), -1e9)
    }
    estimates = try Assignment.solve(bounded).columns.compactMap { $0 }
    let sum = estimates.enumerated().reduce(0.0) { $0 + scores[$1.offset, $1.element] }
    meanScore = sum / Double(max(scores.rows, 1))
  }

  /// Finds the best pairing of signals under a score such as `SignalRatio.siSNR`.
  ///
  /// - Parameters:
  ///   - references: `[sources][samples]`.
  ///   - estimates: as many.
  ///   - score: score of an estimate, the second argument, for a reference.
  /// - Throws: what the score throws.
  public init(
    references: [[Double]],
    estimates: [[Double]],
    score: ([Double], [Double]) throws -> Double
  ) throws {
    let table = try references.map { reference in try estimates.map { try score(reference, $0) } }
    try self.init(scores: Matrix(table))
  }
}
