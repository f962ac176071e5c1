internal import Tensors
internal import CSparseKernels

/// The method of conjugate gradients for symmetric positive definite matrices, with or without a preconditioner.
///
/// Source: Hestenes and Stiefel, 1952.
public struct ConjugateGradients: Sendable {
  /// Share of |b| that the residual must reach.
  public var tolerance = 1e-10
  /// Largest number of steps; ten times the number of unknowns when nil.
  public var maximumSteps: Int?

  /// Makes a method.
  public init(tolerance: Double = 1e-10, maximumSteps: Int? = nil) {
    self.tolerance = tolerance
    self.maximumSteps = maximumSteps
  }

  /// What a solve found.
  public struct Solution: Sendable, Equatable {
    /// x, `[n]`.
    public var values: [Double]
    /// |r| after each step, the first entry being that of the start.
    public var residuals: [Double]
    /// Number of steps.
    public var steps: Int { residuals.count - 1 }
  }

  /// Solves A x = b.
  ///
  /// - Parameters:
  ///   - matrix: symmetric positive definite, `[n, n]`.
  ///   - right: b, `[n]`.
  ///   - start: first guess, `[n]`; zeros when nil.
  ///   - preconditioner: approximate inverse.
  /// - Returns: the solution with its history.
  /// - Throws: `SolverError.wrongCount`, `.notPositiveDefinite` where a direction has no positive curvature, `.notFinite`, or
  ///   `.notConverged`.
  public func solve(
    _ matrix: SparseMatrix<Double>,
    _ right: [Double],
    start: [Double]? = nil,
    preconditioner: (any Preconditioner)? = nil
  ) throws(SolverError) -> Solution {
    guard matrix.rows == matrix.columns else {
      let shape = "\(matrix.rows) × \(matrix.columns)"
      throw .wrongShape(function: Self.name, argument: "the matrix", expected: "square", got: shape)
    }
    guard right.count == matrix.rows else {
      throw .wrongCount(function: Self.name, argument: "right", expected: matrix.rows, got: right.count)
    }
    return try solve(right, start: start, preconditioner: preconditioner) { x, y in matrix.multiply(x, into: &y) }
  }

  /// Solves A x = b for a matrix that is known by its products only.
  ///
  /// - Parameters:
  ///   - right: b, `[n]`.
  ///   - start: first guess, `[n]`; zeros when nil.
  ///   - preconditioner: approximate inverse.
  ///   - product: writes A x over its second argument, `[n]`.
  /// - Returns: the solution with its history.
  /// - Throws: `SolverError` as for a matrix.
  public func solve(
    _ right: [Double],
    start: [Double]? = nil,
    preconditioner: (any Preconditioner)? = nil,
    product: (_ x: [Double], _ y: inout [Double]) -> Void
  ) throws(SolverError) -> Solution {
    let count = right.count
    var x = start ?? [Double](repeating: 0, count: count)
    guard x.count == count else {
      throw .wrongCount(function: Self.name, argument: "start", expected: count, got: x.count)
    }
    var q = [Double](repeating: 0, count: count)
    var r = right
    if start != nil {
      product(x, &q)
      for index in 0..<count { r[index] -= q[index] }
    }
    var z = r
    preconditioner?.apply(r, into: &z)
    var p = z
    var square = ock_dot_f64(r, r, count)
    var weight = ock_dot_f64(r, z, count)
    let wanted = tolerance * ock_dot_f64(right, right, count).squareRoot()
    var history = [square.squareRoot()]
    let limit = maximumSteps ?? 10 * count
    while !(square.squareRoot() <= wanted) {
      guard square.isFinite else { throw .notFinite(function: Self.name, at: "step \(history.count - 1)") }
      guard history.count <= limit else {
        throw .notConverged(function: Self.name, steps: limit, error: square.squareRoot(), wanted: wanted)
      }
      product(p, &q)
      let curvature = ock_dot_f64(p, q, count)
      guard curvature > 0, weight > 0 else { throw .notPositiveDefinite(function: Self.name, order: history.count) }
      square = ock_cg_step_f64(weight / curvature, p, q, &x, &r, count)
      history.append(square.squareRoot())
      let last = weight
      if let preconditioner {
        preconditioner.apply(r, into: &z)
        weight = ock_dot_f64(r, z, count)
        ock_direction_f64(weight / last, z, &p, count)
      } else {
        weight = square
        ock_direction_f64(weight / last, r, &p, count)
      }
    }
    return Solution(values: x, residuals: history)
  }

  private static let name = "ConjugateGradients"
}
