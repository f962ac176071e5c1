internal import Tensors

/// A tridiagonal system factored once and solved for many right-hand sides.
///
/// Gaussian elimination without exchange of rows: stable for diagonally dominant matrices, such as those of diffusion and
/// upwind differences.
public struct Tridiagonal: Sendable {
  /// Number of unknowns.
  public var count: Int { upper.count }
  /// Lower diagonal times the inverse pivot of its row's predecessor.
  private let multiplier: [Double]
  private let inversePivot: [Double]
  private let upper: [Double]

  /// Factors the matrix whose row i is lower[i] x[i-1] + diagonal[i] x[i] + upper[i] x[i+1].
  ///
  /// - Parameters:
  ///   - lower: `[n]`; the first entry is not used.
  ///   - diagonal: `[n]`.
  ///   - upper: `[n]`; the last entry is not used.
  /// - Throws: `SolverError.wrongCount` or `.singular`.
  public init(lower: [Double], diagonal: [Double], upper: [Double]) throws(SolverError) {
    let count = diagonal.count
    for (name, values) in [("lower", lower), ("upper", upper)] where values.count != count {
      throw .wrongCount(function: "Tridiagonal", argument: name, expected: count, got: values.count)
    }
    var multiplier = [Double](repeating: 0, count: count)
    var inverse = [Double](repeating: 0, count: count)
    for row in 0..<count {
      if row > 0 { multiplier[row] = lower[row] * inverse[row - 1] }
      let pivot = diagonal[row] - (row > 0 ? multiplier[row] * upper[row - 1] : 0)
      guard pivot != 0, pivot.isFinite else { throw .singular(function: "Tridiagonal", row: row) }
      inverse[row] = 1 / pivot
    }
    self.multiplier = multiplier
    self.inversePivot = inverse
    self.upper = upper
  }

  /// Solves for one right-hand side in place, `[n]`.
  public func solve(_ values: inout [Double]) {
    precondition(values.count == count, "Tridiagonal: right-hand side of \(values.count) values for \(count) unknowns")
    guard count > 0 else { return }
    var previous = values[0]
    for row in 1..<max(count, 1) {
      previous = values[row] - multiplier[row] * previous
      values[row] = previous
    }
    var next = values[count - 1] * inversePivot[count - 1]
    values[count - 1] = next
    for row in stride(from: count - 2, through: 0, by: -1) {
      next = (values[row] - upper[row] * next) * inversePivot[row]
      values[row] = next
    }
  }
}
