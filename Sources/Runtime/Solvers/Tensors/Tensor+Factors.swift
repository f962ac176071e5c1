public import Tensors

/// Factors of every matrix of a tensor, computed in double precision, with gradients.
extension Tensor where Scalar: TensorScalar {
  /// Eigenvalues in rising order, `[…, n]`, and orthonormal vectors, one a column, `[…, n, n]`, of symmetric matrices.
  ///
  /// The lower triangle is read. Gradients by vectors are right for losses that do not depend on their signs, nor on the basis
  /// of a space that several equal eigenvalues share.
  ///
  /// - Throws: `SolverError.notFiniteEntry` or `.notConverged`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func symmetricEigen() throws(SolverError) -> (values: Tensor, vectors: Tensor) {
    let batch = MatrixBatch(self, "symmetricEigen", isSquare: true)
    let n = batch.rows
    let factors = try batch.map { matrix throws(SolverError) in try SymmetricEigen(matrix) }
    // Values in the first row, vectors below, so that one step of the tape carries both.
    let packed = batch.gather(factors.map { $0.values + $0.vectors.values }, [n + 1, n])
      .recorded("symmetricEigen", from: self) { gradient in
        let slopes = MatrixBatch(gradient, "symmetricEigen")
        let parts = MatrixBatch<Scalar>.concurrently(factors.count, cost: 4 * n * n * n) { index in
          let slope = slopes[index].values
          let vectors = Matrix(Array(slope[n...]), rows: n, columns: n)
          return factors[index].adjoint(values: Array(slope[..<n]), vectors: vectors)
        }
        return batch.gather(parts, n, n)
      }
    return (packed.selected(0, axis: -2), packed.sliced(1..<n + 1, axis: -2))
  }

  /// U, Σ and Vᵀ of the thin singular value decomposition A = U Σ Vᵀ of every matrix, k = min(m, n).
  ///
  /// - Returns: left vectors `[…, m, k]`, values in falling order `[…, k]`, right vectors, one a row, `[…, k, n]`.
  /// - Throws: `SolverError.notFiniteEntry` or `.notConverged`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func singularValues() throws(SolverError) -> (u: Tensor, values: Tensor, vt: Tensor) {
    let batch = MatrixBatch(self, "singularValues")
    let (m, n) = (batch.rows, batch.columns)
    let k = Swift.min(m, n)
    let factors = try batch.map { matrix throws(SolverError) in try SingularValues(matrix) }
    let packed = batch.gather(factors.map { $0.u.values + $0.values + $0.vt.values }, [m * k + k + k * n])
      .recorded("singularValues", from: self) { gradient in
        let slopes = gradient.values.map(\.asDouble)
        let width = m * k + k + k * n
        let parts = MatrixBatch<Scalar>.concurrently(factors.count, cost: 4 * m * n * k) { index in
          let slope = Array(slopes[index * width..<(index + 1) * width])
          return factors[index].adjoint(
            u: Matrix(Array(slope[..<(m * k)]), rows: m, columns: k),
            values: Array(slope[m * k..<m * k + k]),
            vt: Matrix(Array(slope[(m * k + k)...]), rows: k, columns: n)
          )
        }
        return batch.gather(parts, m, n)
      }
    let parts = packed.split([m * k, k, k * n], axis: -1)
    return (parts[0].reshaped(batch.shape + [m, k]), parts[1], parts[2].reshaped(batch.shape + [k, n]))
  }

  /// Q with orthonormal columns and upper triangular R of A = Q R for every matrix with at least as many rows as columns.
  ///
  /// R's diagonal is positive, which makes both unique where the columns are independent.
  ///
  /// - Returns: Q, `[…, m, n]`, and R, `[…, n, n]`.
  /// - Throws: `SolverError.notFiniteEntry`, or `.singular` where the columns depend on each other.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func orthogonalFactors() throws(SolverError) -> (q: Tensor, r: Tensor) {
    let batch = MatrixBatch(self, "orthogonalFactors")
    let (m, n) = (batch.rows, batch.columns)
    precondition(m >= n, "orthogonalFactors: matrices of shape \(shape) must have at least as many rows as columns")
    let factors = try batch.map { matrix throws(SolverError) in try QRFactors(matrix).withPositiveDiagonal() }
    let packed = batch.gather(factors.map { $0.q.values + $0.r.values }, [m + n, n])
      .recorded("orthogonalFactors", from: self) { gradient in
        let slopes = MatrixBatch(gradient, "orthogonalFactors")
        let parts = MatrixBatch<Scalar>.concurrently(factors.count, cost: 4 * m * n * n) { index in
          let slope = slopes[index].values
          return factors[index].adjoint(
            q: Matrix(Array(slope[..<(m * n)]), rows: m, columns: n),
            r: Matrix(Array(slope[(m * n)...]), rows: n, columns: n)
          )
        }
        return batch.gather(parts, m, n)
      }
    return (packed.sliced(0..<m, axis: -2), packed.sliced(m..<m + n, axis: -2))
  }

  /// The product (I - 2 v₁v₁ᵀ/|v₁|²) … (I - 2 vₖvₖᵀ/|vₖ|²) of reflections along the rows v of this tensor, `[…, k, n]`.
  ///
  /// Composed of products, so that gradients of any rows follow; a row of zeros is divided by `epsilon` and reflects nothing.
  ///
  /// - Parameter epsilon: added to |v|².
  /// - Returns: orthogonal matrices, `[…, n, n]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func householderProduct(epsilon: Scalar = 1e-12) -> Tensor {
    precondition(rank >= 2, "householderProduct: shape \(shape) must be […, reflections, n]")
    let n = shape[rank - 1]
    var result = Tensor.identity(n).broadcast(to: Array(shape.dropLast(2)) + [n, n])
    for index in 0..<shape[rank - 2] {
      let row = sliced(index..<index + 1, axis: -2)
      let factor = 2 / (row.squared().sum(-1, keepsAxes: true) + epsilon)
      result = result - result.matmul(row, transposesRight: true).matmul(row * factor)
    }
    return result
  }
}
