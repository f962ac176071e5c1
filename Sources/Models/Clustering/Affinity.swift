public import Solvers
public import Tensors

/// How much each two samples belong together: a symmetric matrix without negative entries, dense or sparse.
public struct Affinity: Sendable {
  enum Storage: Sendable {
    case dense(Matrix<Double>)
    case sparse(SparseMatrix<Double>)
  }

  let storage: Storage
  /// Number of samples.
  public let count: Int

  /// The symmetric part of a matrix, such as a membership after finitely many half-steps.
  ///
  /// - Throws: `ClusteringError.shape` where it is not square, `.outOfRange` for an entry that is negative or not finite.
  public init(_ matrix: Matrix<Double>) throws(ClusteringError) {
    guard matrix.isSquare else {
      throw .shape(what: "the affinity", expected: "[n, n]", got: [matrix.rows, matrix.columns])
    }
    if let value = matrix.values.first(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .outOfRange(what: "every entry of an affinity", expected: "zero or positive", got: value)
    }
    self.init(.dense(0.5 * (matrix + matrix.transposed)), count: matrix.rows)
  }

  private init(_ storage: Storage, count: Int) { (self.storage, self.count) = (storage, count) }

  /// The symmetric part of a membership, `[n, n]`.
  ///
  /// - Throws: `ClusteringError.shape` or `.outOfRange`.
  public static func membership<Scalar: TensorScalar>(
    _ gamma: Tensor<Scalar>
  ) throws(ClusteringError) -> Affinity {
    guard gamma.rank == 2 else { throw .shape(what: "the membership", expected: "[n, n]", got: gamma.shape) }
    let entries: Tensor<Double> = gamma.converted()
    return try Affinity(Matrix(entries.values, rows: gamma.shape[0], columns: gamma.shape[1]))
  }

  /// |cos| of the angle between samples, one a row; a row of zeros is near none.
  ///
  /// - Throws: `ClusteringError.outOfRange` where a number is not finite.
  public static func cosine(_ samples: Matrix<Double>) throws(ClusteringError) -> Affinity {
    let unit = normalizedRows(samples)
    return try Affinity(magnitude(unit.timesTransposed(unit)))
  }

  /// ½ for each of two samples that counts the other among its nearest, itself included.
  ///
  /// - Parameters:
  ///   - samples: one a row.
  ///   - neighbours: how many are the nearest.
  /// - Returns: a sparse affinity.
  /// - Throws: `ClusteringError.outOfRange` for a number not in 1…samples, `.notFinite`.
  public static func nearest(
    _ samples: Matrix<Double>,
    neighbours: Int = 10
  ) throws(ClusteringError) -> Affinity {
    let n = samples.rows
    guard (1...max(n, 1)).contains(neighbours) else {
      throw .outOfRange(what: "number of neighbours", expected: "in 1…\(n)", got: Double(neighbours))
    }
    if let index = samples.values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(sample: index / samples.columns, feature: index % samples.columns)
    }
    let products = samples.timesTransposed(samples)
    let squares = products.diagonal
    var entries: [SparseMatrix<Double>.Entry] = []
    for row in 0..<n {
      for other in smallest(neighbours, of: n, by: { squares[$0] - 2 * products.values[row * n + $0] }) {
        entries += [.init(row, other, 0.5), .init(other, row, 0.5)]
      }
    }
    do {
      return Affinity(.sparse(try SparseMatrix(rows: n, columns: n, entries: entries)), count: n)
    } catch {
      preconditionFailure("neighbours are samples: \(error)")
    }
  }

  /// |C| + |Cᵀ| without its diagonal, C = (K + λI)⁻¹K being each sample's least-squares description by all, K = X Xᵀ of unit rows.
  ///
  /// Computed as X (XᵀX + λI)⁻¹ Xᵀ, whose system has the size of a sample.
  ///
  /// - Parameters:
  ///   - samples: X, one sample a row.
  ///   - regularization: λ.
  /// - Returns: a dense affinity.
  /// - Throws: `ClusteringError.outOfRange` for λ, `SolverError` where a number is not finite.
  ///
  /// Source: C. Lu and others, "Robust and efficient subspace segmentation via least squares regression", 2012.
  public static func leastSquares(_ samples: Matrix<Double>, regularization: Double = 0.1) throws -> Affinity {
    try ClusteringError.positive(regularization, "regularization λ")
    let unit = normalizedRows(samples)
    let scaled = unit.transposedTimes(unit) + regularization * Matrix.identity(samples.columns)
    var c = magnitude(unit * (try Cholesky(scaled).solve(unit.transposed)))
    for index in 0..<c.rows { c[index, index] = 0 }
    return try Affinity(2 * c)
  }

  private static func normalizedRows(_ samples: Matrix<Double>) -> Matrix<Double> {
    let d = samples.columns
    var result = samples
    for row in 0..<samples.rows {
      let length = (0..<d).reduce(0) { $0 + samples[row, $1] * samples[row, $1] }.squareRoot()
      for column in 0..<d { result[row, column] /= max(length, 1e-12) }
    }
    return result
  }

  private static func magnitude(_ matrix: Matrix<Double>) -> Matrix<Double> {
    Matrix(matrix.values.map(abs), rows: matrix.rows, columns: matrix.columns)
  }

  /// The places of the smallest values, by insertion into a short list.
  private static func smallest(_ wanted: Int, of count: Int, by value: (Int) -> Double) -> [Int] {
    var places: [Int] = []
    var values: [Double] = []
    for place in 0..<count {
      let value = value(place)
      if places.count == wanted {
        guard value < values[wanted - 1] else { continue }
        places.removeLast()
        values.removeLast()
      }
      var slot = values.count
      while slot > 0, values[slot - 1] > value { slot -= 1 }
      places.insert(place, at: slot)
      values.insert(value, at: slot)
    }
    return places
  }
}
