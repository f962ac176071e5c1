internal import Tensors
internal import CSparseKernels

/// An approximate inverse that speeds conjugate gradients up; it must be symmetric and positive definite.
public protocol Preconditioner: Sendable {
  /// Writes z ≈ A⁻¹ r over `result`, `[n]`.
  func apply(_ residual: [Double], into result: inout [Double])
}

/// The inverse of the diagonal.
public struct JacobiPreconditioner: Preconditioner {
  private let inverse: [Double]

  /// Takes the diagonal of a matrix.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` where an entry of the diagonal is not positive.
  public init(_ matrix: SparseMatrix<Double>) throws(SolverError) {
    let diagonal = matrix.diagonal
    if let row = diagonal.firstIndex(where: { !($0 > 0) }) {
      throw .notPositiveDefinite(function: "JacobiPreconditioner", order: row + 1)
    }
    inverse = diagonal.map { 1 / $0 }
  }

  /// Writes D⁻¹ r.
  public func apply(_ residual: [Double], into result: inout [Double]) {
    for index in residual.indices { result[index] = inverse[index] * residual[index] }
  }
}

/// Incomplete Cholesky factors without fill, IC(0): the pattern of the factor is that of the matrix.
///
/// Source: Meijerink and van der Vorst, 1977.
public struct IncompleteCholesky: Preconditioner {
  /// The lower factor, the diagonal last in each row.
  public let factor: SparseMatrix<Double>
  private let inverse: [Double]

  /// Factors a symmetric matrix, of which the lower triangle is read.
  ///
  /// - Parameters:
  ///   - matrix: symmetric, with its whole diagonal.
  ///   - shift: share by which the diagonal is enlarged first; some is needed where the factor without fill breaks down.
  /// - Throws: `SolverError.wrongShape`, or `.notPositiveDefinite` where a pivot is not positive.
  public init(_ matrix: SparseMatrix<Double>, shift: Double = 0) throws(SolverError) {
    let name = "IncompleteCholesky"
    guard matrix.rows == matrix.columns else {
      let shape = "\(matrix.rows) × \(matrix.columns)"
      throw .wrongShape(function: name, argument: "the matrix", expected: "square", got: shape)
    }
    var starts: [Int64] = [0]
    var indices: [Int32] = []
    var values: [Double] = []
    for row in 0..<matrix.rows {
      for index in matrix.range(ofRow: row) where matrix.columnIndices[index] <= row {
        indices.append(matrix.columnIndices[index])
        values.append(matrix.values[index] * (matrix.columnIndices[index] == row ? 1 + shift : 1))
      }
      guard indices.count > Int(starts[row]), indices.last == Int32(row) else {
        throw .notPositiveDefinite(function: name, order: row + 1)
      }
      starts.append(Int64(values.count))
    }
    let failed = ock_ic_factor_f64(starts, indices, &values, matrix.rows)
    guard failed == 0 else { throw .notPositiveDefinite(function: name, order: failed) }
    inverse = (0..<matrix.rows).map { 1 / values[Int(starts[$0 + 1]) - 1] }
    factor = SparseMatrix(
      rows: matrix.rows,
      columns: matrix.rows,
      rowStarts: starts,
      columnIndices: indices,
      values: values
    )
  }

  /// Writes L⁻ᵀ L⁻¹ r.
  public func apply(_ residual: [Double], into result: inout [Double]) {
    precondition(
      residual.count == factor.rows && result.count == factor.rows,
      "IncompleteCholesky: \(residual.count) values into \(result.count) for \(factor.rows) unknowns"
    )
    ock_ic_solve_f64(
      factor.rowStarts,
      factor.columnIndices,
      factor.values,
      inverse,
      residual,
      &result,
      factor.rows
    )
  }
}
