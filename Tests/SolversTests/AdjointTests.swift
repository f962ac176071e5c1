import Solvers
import Testing
import TestSupport

/// Gradients of factorizations against central differences of a random linear function of the result.
@Suite("Gradients of linear algebra")
struct AdjointTests {
  /// Third-order error of the differences at this step, and rounding of the function over it.
  private static let step = 1e-5
  private static let tolerance = 1e-6

  private func dot(_ a: Dense, _ b: Dense) -> Double { zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Compares a gradient with differences of a function; symmetric arguments are changed in pairs of entries.
  private func check(_ gradient: Dense, at a: Dense, isSymmetric: Bool = false, _ function: (Dense) throws -> Double)
    throws
  {
    for row in 0..<a.rows {
      for column in 0..<(isSymmetric ? row + 1 : a.columns) {
        var (up, down) = (a, a)
        var expected = gradient[row, column]
        up[row, column] += Self.step
        down[row, column] -= Self.step
        if isSymmetric, row != column {
          up[column, row] += Self.step
          down[column, row] -= Self.step
          expected += gradient[column, row]
        }
        let slope = try (function(up) - function(down)) / (2 * Self.step)
        #expect(abs(slope - expected) <= Self.tolerance * (1 + abs(slope)), "entry \(row), \(column)")
      }
    }
  }

  @Test("solving, inverting and the determinant", arguments: [1, 2, 5])
  func system(count: Int) throws {
    let a = randomMatrix(count, count, seed: 1) + 3 * Dense.identity(count)
    let b = randomMatrix(count, 2, seed: 2)
    let weights = randomMatrix(count, 2, seed: 3)
    let system = try LinearSystem(a)
    let gradients = system.adjoint(weights, solution: system.solve(b))
    try check(gradients.matrix, at: a) { dot(weights, try LinearSystem($0).solve(b)) }
    try check(gradients.right, at: b) { dot(weights, system.solve($0)) }
    let square = randomMatrix(count, count, seed: 4)
    try check(system.inverseAdjoint(square), at: a) { dot(square, try LinearSystem($0).inverse) }
    try check(system.logDeterminantAdjoint(1.5), at: a) { 1.5 * (try LinearSystem($0).logDeterminant.logarithm) }
  }

  @Test("Cholesky's factor and determinant", arguments: [1, 2, 5])
  func cholesky(count: Int) throws {
    let a = randomDefinite(count, seed: 5)
    let weights = randomMatrix(count, count, seed: 6)
    let factors = try Cholesky(a)
    try check(factors.adjoint(weights), at: a, isSymmetric: true) { dot(weights, try Cholesky($0).factor) }
    try check(factors.logDeterminantAdjoint(0.7), at: a, isSymmetric: true) { 0.7 * (try Cholesky($0).logDeterminant) }
  }

  @Test("symmetric eigenvalues and vectors", arguments: [1, 2, 5])
  func eigen(count: Int) throws {
    let root = randomMatrix(count, count, seed: 7)
    let a = root + root.transposed
    let eigen = try SymmetricEigen(a)
    let weights = randomMatrix(count, count, seed: 8)
    let values = randomMatrix(1, count, seed: 9).values
    func loss(_ matrix: Dense) throws -> Double {
      let other = try SymmetricEigen(matrix)
      // The sign of a vector is free: it is taken as at the start.
      let signs = other.vectors.transposedTimes(eigen.vectors).diagonal.map { $0 < 0 ? -1.0 : 1 }
      return dot(weights, other.vectors * .diagonal(signs)) + zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
    try check(eigen.adjoint(values: values, vectors: weights), at: a, isSymmetric: true, loss)
  }

  @Test("singular values and vectors", arguments: [(1, 1), (3, 3), (5, 3), (3, 5)])
  func svd(rows: Int, columns: Int) throws {
    let a = randomMatrix(rows, columns, seed: 10)
    let svd = try SingularValues(a)
    let k = min(rows, columns)
    let (left, right) = (randomMatrix(rows, k, seed: 11), randomMatrix(k, columns, seed: 12))
    let values = randomMatrix(1, k, seed: 13).values
    func loss(_ matrix: Dense) throws -> Double {
      let other = try SingularValues(matrix)
      let signs = Dense.diagonal(other.u.transposedTimes(svd.u).diagonal.map { $0 < 0 ? -1 : 1 })
      return dot(left, other.u * signs) + dot(right, signs * other.vt)
        + zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
    try check(svd.adjoint(u: left, values: values, vt: right), at: a, loss)
  }

  @Test("sparse products by vector and by values")
  func sparse() throws {
    var random = SplitMix(seed: 14)
    let a = SparseMatrix(Dense(rows: 6, columns: 4) { _, _ in random.uniform() < 0.4 ? random.roughlyNormal() : 0 })
    let x = randomMatrix(4, 3, seed: 15)
    let weights = randomMatrix(6, 3, seed: 16)
    let gradient = a.valuesAdjoint(weights, x)
    for index in 0..<a.entryCount {
      var changed = a
      changed.values[index] += 1
      // The product is linear in the values: a step of one has no error of its own.
      #expect(abs(dot(weights, changed * x) - dot(weights, a * x) - gradient[index]) <= 1e-13)
    }
    let y = weights.column(0)
    #expect(mismatch(a.transposedTimes(y), a.transposed * y, absolute: 1e-14) == nil)
  }
}
