public import Tensors

/// Systems of equations with every matrix of a tensor, computed in double precision, with gradients.
extension Tensor where Scalar: TensorScalar {
  /// X of A X = B for matrices A of this tensor.
  ///
  /// - Parameter right: B, `[…, n, m]` with the same axes before.
  /// - Returns: `[…, n, m]`.
  /// - Throws: `SolverError.singular`, `.nearlySingular`, or `.notFiniteEntry`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func solved(_ right: Tensor) throws(SolverError) -> Tensor {
    let batch = MatrixBatch(self, "solved", isSquare: true)
    let rights = MatrixBatch(right, "solved")
    precondition(
      rights.shape == batch.shape && rights.rows == batch.rows,
      "solved: right-hand sides of shape \(right.shape) for matrices of shape \(shape)"
    )
    let systems = try batch.map { matrix throws(SolverError) in try LinearSystem(matrix) }
    let solutions = systems.indices.map { systems[$0].solve(rights[$0]) }
    let result = rights.gather(solutions, rights.rows, rights.columns)
    return result.recorded("solved", from: [self, right]) { gradient, _ in
      let slopes = MatrixBatch(gradient, "solved")
      let parts = systems.indices.map { systems[$0].adjoint(slopes[$0], solution: solutions[$0]) }
      return [
        batch.gather(parts.map(\.matrix), batch.rows, batch.rows),
        rights.gather(parts.map(\.right), rights.rows, rights.columns),
      ]
    }
  }

  /// A⁻¹ of every matrix, `[…, n, n]`.
  ///
  /// - Throws: `SolverError.singular`, `.nearlySingular`, or `.notFiniteEntry`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func inverted() throws(SolverError) -> Tensor {
    let batch = MatrixBatch(self, "inverted", isSquare: true)
    let inverses = try batch.map { matrix throws(SolverError) in try LinearSystem(matrix).inverse }
    return batch.gather(inverses, batch.rows, batch.rows).recorded("inverted", from: self) { gradient in
      let slopes = MatrixBatch(gradient, "inverted")
      let parts = inverses.indices.map { index in
        -1 * inverses[index].transposedTimes(slopes[index]).timesTransposed(inverses[index])
      }
      return batch.gather(parts, batch.rows, batch.rows)
    }
  }

  /// log |det A| of every matrix, `[…]`.
  ///
  /// - Throws: `SolverError.singular`, `.nearlySingular`, or `.notFiniteEntry`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func logDeterminant() throws(SolverError) -> Tensor {
    let batch = MatrixBatch(self, "logDeterminant", isSquare: true)
    let systems = try batch.map { matrix throws(SolverError) in try LinearSystem(matrix) }
    let result = batch.gather(systems.map { [$0.logDeterminant.logarithm] }, [])
    return result.recorded("logDeterminant", from: self) { gradient in
      let parts = zip(systems, gradient.values).map { $0.logDeterminantAdjoint($1.asDouble) }
      return batch.gather(parts, batch.rows, batch.rows)
    }
  }

  /// L of A = L Lᵀ for every matrix, of which the lower triangle is read; `[…, n, n]`.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` or `.notFiniteEntry`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func choleskyFactor() throws(SolverError) -> Tensor {
    let batch = MatrixBatch(self, "choleskyFactor", isSquare: true)
    let factors = try batch.map { matrix throws(SolverError) in try Cholesky(matrix) }
    let result = batch.gather(factors.map(\.factor), batch.rows, batch.rows)
    return result.recorded("choleskyFactor", from: self) { gradient in
      let slopes = MatrixBatch(gradient, "choleskyFactor")
      return batch.gather(factors.indices.map { factors[$0].adjoint(slopes[$0]) }, batch.rows, batch.rows)
    }
  }

  /// log det A of symmetric positive definite matrices, by Cholesky's factor; `[…]`.
  ///
  /// - Throws: `SolverError.notPositiveDefinite` or `.notFiniteEntry`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func definiteLogDeterminant() throws(SolverError) -> Tensor {
    let batch = MatrixBatch(self, "definiteLogDeterminant", isSquare: true)
    let factors = try batch.map { matrix throws(SolverError) in try Cholesky(matrix) }
    let result = batch.gather(factors.map { [$0.logDeterminant] }, [])
    return result.recorded("definiteLogDeterminant", from: self) { gradient in
      let slopes = gradient.values
      let parts = MatrixBatch<Scalar>.concurrently(factors.count, cost: batch.rows * batch.rows * batch.rows) { index in
        factors[index].logDeterminantAdjoint(slopes[index].asDouble)
      }
      return batch.gather(parts, batch.rows, batch.rows)
    }
  }

  /// e^A of every matrix, `[…, n, n]`.
  ///
  /// The gradient is the transpose of Fréchet's derivative, read from the exponential of a matrix of twice the size.
  ///
  /// - Throws: `SolverError.notFiniteEntry`.
  ///
  /// Source: N. Higham, "Functions of matrices", 2008, equation (3.16).
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func matrixExponential() throws(SolverError) -> Tensor {
    let batch = MatrixBatch(self, "matrixExponential", isSquare: true)
    let n = batch.rows
    let results = try batch.map { matrix throws(SolverError) in try matrix.exponential() }
    return batch.gather(results, n, n).recorded("matrixExponential", from: self) { gradient in
      let slopes = MatrixBatch(gradient, "matrixExponential")
      let parts = (0..<batch.count).map { index -> Matrix<Double> in
        let (a, slope) = (batch[index], slopes[index])
        let wide = Matrix<Double>(rows: 2 * n, columns: 2 * n) { row, column in
          if row < n, column >= n { return slope[row, column - n] }
          return (row < n) == (column < n) ? a[column % n, row % n] : 0
        }
        // A gradient that is not finite gives one that says so, as in all other operations.
        let exponential = (try? wide.exponential()) ?? Matrix(rows: 2 * n, columns: 2 * n) { _, _ in .nan }
        return Matrix(rows: n, columns: n) { exponential[$0, $1 + n] }
      }
      return batch.gather(parts, n, n)
    }
  }
}
