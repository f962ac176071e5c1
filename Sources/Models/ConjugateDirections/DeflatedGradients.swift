public import Solvers

/// Conjugate gradients whose directions have no part in a space of Ritz vectors, preconditioned by the diagonal.
///
/// Source: Y. Saad and others, 2000; the baseline of section 2.5 of the method.
public struct DeflatedGradients: Sendable {
  /// Vectors, one a row, `[k, n]`.
  public let vectors: Matrix<Double>
  /// Their Rayleigh quotients, `[k]`.
  public let values: [Double]

  /// What a solve found.
  public struct Solution: Sendable, Equatable {
    /// x, `[n]`.
    public var values: [Double]
    /// |r| after each step, the first entry being that after the start.
    public var residuals: [Double]
    /// Number of steps.
    public var steps: Int { residuals.count - 1 }
  }

  /// Takes vectors and values.
  ///
  /// - Throws: `DirectionError.wrongCount`, or `.outOfRange` where a value is not positive.
  public init(vectors: Matrix<Double>, values: [Double]) throws(DirectionError) {
    guard values.count == vectors.rows else {
      throw .wrongCount(what: "Ritz values", expected: vectors.rows, got: values.count)
    }
    if let bad = values.first(where: { !($0 > 0) }) {
      throw .outOfRange(what: "Ritz value", expected: "positive", got: bad)
    }
    (self.vectors, self.values) = (vectors, values)
  }

  /// Finds vectors by Lanczos' method from the right-hand side.
  ///
  /// - Throws: `SolverError`, or `DirectionError` where a value is not positive.
  public init(_ right: [Double], count: Int, product: (_ x: [Double], _ y: inout [Double]) -> Void) throws {
    let ritz = try Lanczos(start: right, steps: count, product: product).ritz()
    try self.init(vectors: ritz.vectors, values: ritz.values)
  }

  /// Solves A x = b on rows whose diagonal is positive.
  ///
  /// - Parameters:
  ///   - right: b, `[n]`.
  ///   - diagonal: the diagonal of A; where it is 0, so is x.
  ///   - tolerance: share of |b| to be reached.
  ///   - maximumSteps: largest number of steps.
  ///   - product: writes A x over its second argument.
  /// - Returns: x with its history.
  public func solve(
    _ right: [Double],
    diagonal: [Double],
    tolerance: Double,
    maximumSteps: Int,
    product: (_ x: [Double], _ y: inout [Double]) -> Void
  ) -> Solution {
    var x = coarse(right)
    var image = x
    product(x, &image)
    var residual = zip(right, image).map { $0 - $1 }
    func preconditioned(_ r: [Double]) -> [Double] { zip(r, diagonal).map { $1 > 0 ? $0 / $1 : 0 } }
    func projection(_ z: [Double]) -> [Double] {
      var away = z
      product(z, &away)
      return coarse(away)
    }
    var z = preconditioned(residual)
    var p = zip(z, projection(z)).map { $0 - $1 }
    var weight = DeepDirections.dot(residual, z)
    let wanted = tolerance * DeepDirections.norm(right)
    var history = [DeepDirections.norm(residual)]
    while history[history.count - 1] > wanted, history.count <= maximumSteps {
      product(p, &image)
      let length = weight / DeepDirections.dot(p, image)
      for index in x.indices {
        x[index] += length * p[index]
        residual[index] -= length * image[index]
      }
      history.append(DeepDirections.norm(residual))
      z = preconditioned(residual)
      let next = DeepDirections.dot(residual, z)
      let away = projection(z)
      for index in p.indices { p[index] = z[index] + next / weight * p[index] - away[index] }
      weight = next
    }
    return Solution(values: x, residuals: history)
  }

  /// Qᵀ Λ⁻¹ Q b.
  private func coarse(_ b: [Double]) -> [Double] {
    let parts = zip(vectors * b, values).map { $0 / $1 }
    return vectors.transposedTimes(Matrix(parts, rows: parts.count, columns: 1)).values
  }
}
