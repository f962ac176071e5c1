internal import CSparseKernels

/// A symmetric matrix reduced to a tridiagonal one on a Krylov space, with re-orthogonalization.
///
/// A V ≈ V T: the eigenvalues of T (Ritz values) approach the outermost ones of A.
///
/// Source: Lanczos, 1950; re-orthogonalized twice as Giraud, Langou and Rozložník, 2005, advise.
public struct Lanczos: Sendable {
  /// Diagonal of T, `[m]`.
  public let diagonal: [Double]
  /// Entries beside the diagonal, `[m - 1]`.
  public let offDiagonal: [Double]
  /// Length of the vector that would have come next: 0 where the space is invariant.
  public let nextLength: Double
  /// Orthonormal vectors, one a row, `[m, n]`.
  public let basis: Matrix<Double>

  /// Runs a number of steps.
  ///
  /// - Parameters:
  ///   - start: first vector, `[n]`, not zero.
  ///   - steps: number of steps; fewer are taken where the space becomes invariant.
  ///   - product: writes A x over its second argument, `[n]`.
  /// - Throws: `SolverError.outOfRange` for a zero or infinite start or no steps.
  public init(
    start: [Double],
    steps: Int,
    product: (_ x: [Double], _ y: inout [Double]) -> Void
  ) throws(SolverError) {
    let count = start.count
    let length = ock_dot_f64(start, start, count).squareRoot()
    guard length > 0, length.isFinite else {
      throw .outOfRange(function: "Lanczos", argument: "length of start", expected: "positive and finite", got: length)
    }
    guard steps > 0 else {
      throw .outOfRange(function: "Lanczos", argument: "steps", expected: "positive", got: Double(steps))
    }
    var basis: [[Double]] = []
    var diagonal: [Double] = []
    var offDiagonal: [Double] = []
    var vector = start.map { $0 / length }
    var next = [Double](repeating: 0, count: count)
    var size = 0.0
    var scale = 0.0
    for step in 0..<min(steps, count) {
      basis.append(vector)
      product(vector, &next)
      scale = max(scale, ock_dot_f64(next, next, count).squareRoot())
      diagonal.append(ock_dot_f64(vector, next, count))
      for _ in 0..<2 {
        for other in basis {
          let share = ock_dot_f64(other, next, count)
          for index in 0..<count { next[index] -= share * other[index] }
        }
      }
      size = ock_dot_f64(next, next, count).squareRoot()
      if size <= Double(count) * .ulpOfOne * scale {
        size = 0
        break
      }
      if step + 1 < min(steps, count) { offDiagonal.append(size) }
      vector = next.map { $0 / size }
    }
    self.diagonal = diagonal
    self.offDiagonal = offDiagonal
    nextLength = size
    self.basis = Matrix(basis)
  }

  /// T as a matrix, `[m, m]`.
  public var tridiagonal: Matrix<Double> {
    var result = Matrix.diagonal(diagonal)
    for (index, value) in offDiagonal.enumerated() {
      result[index, index + 1] = value
      result[index + 1, index] = value
    }
    return result
  }

  /// Ritz values in rising order, their vectors as rows, `[m, n]`, and bounds on |A v - λ v|, `[m]`.
  ///
  /// - Throws: `SolverError.notConverged`, which no finite matrix has shown.
  public func ritz() throws(SolverError) -> (values: [Double], vectors: Matrix<Double>, residuals: [Double]) {
    let eigen = try SymmetricEigen(tridiagonal)
    let last = diagonal.count - 1
    let residuals = (0...last).map { nextLength * abs(eigen.vectors[last, $0]) }
    return (eigen.values, eigen.vectors.transposedTimes(basis), residuals)
  }
}
