public import Solvers
internal import Tensors

/// The lowest eigenvectors of the normalised Laplacian I - D^-½ A D^-½ of an affinity.
public struct SpectralEmbedding: Sendable {
  /// The lowest eigenvalues, rising.
  public let values: [Double]
  /// Orthonormal eigenvectors, one a column, `[n, count]`.
  public let vectors: Matrix<Double>

  /// Graphs up to this size are decomposed whole: exact at once, and as quick.
  private static let wholeSize = 256
  /// Entries below this share of both degrees join nothing.
  private static let smallestShare = 1e-12
  /// |A v - λ v| of an eigenvector that counts as found; eigenvalues of the scaled affinity lie in -1…1.
  private static let residual = 1e-7

  /// Decomposes an affinity.
  ///
  /// The parts of a graph that nothing joins have known vectors with eigenvalue 0; the others are found by Lanczos's method in the
  /// space beside them.
  ///
  /// - Parameters:
  ///   - affinity: of n samples.
  ///   - count: number of eigenvectors.
  /// - Throws: `ClusteringError.tooManyClusters`, `.isolated`, or `.fallsApart` where there are more parts than eigenvectors.
  public init(_ affinity: Affinity, count: Int) throws {
    try ClusteringError.positive(count, "number of clusters")
    guard count <= affinity.count else {
      throw ClusteringError.tooManyClusters(clusters: count, samples: affinity.count)
    }
    let scaled = try ScaledAffinity(affinity)
    let parts = scaled.parts(smallestShare: Self.smallestShare)
    let partCount = (parts.max() ?? 0) + 1
    guard partCount <= count else { throw ClusteringError.fallsApart(parts: partCount, clusters: count) }
    if affinity.count <= Self.wholeSize {
      self = try SpectralEmbedding(whole: scaled, count)
      return
    }
    let known = scaled.partVectors(parts, count: partCount)
    guard let rest = try Self.leading(scaled, beside: known, count - partCount) else {
      self = try SpectralEmbedding(whole: scaled, count)
      return
    }
    let rows = known + rest.vectors
    values = [Double](repeating: 0, count: partCount) + rest.values.map { 1 - $0 }
    vectors = Matrix(rows).transposed
  }

  private init(whole scaled: ScaledAffinity, _ count: Int) throws {
    let eigen = try SymmetricEigen(scaled.dense)
    let n = eigen.values.count
    values = (0..<count).map { 1 - eigen.values[n - 1 - $0] }
    vectors = Matrix(rows: n, columns: count) { eigen.vectors[$0, n - 1 - $1] }
  }

  /// The largest eigenvalues in falling order beside known eigenvectors; nil where the Krylov space ends before they are found.
  private static func leading(
    _ scaled: ScaledAffinity,
    beside known: [[Double]],
    _ count: Int
  ) throws -> (values: [Double], vectors: [[Double]])? {
    guard count > 0 else { return ([], []) }
    var random = RandomStream(seed: 1)
    var start = random.normal([scaled.count], of: Double.self).values
    lower(known, in: &start, by: 1)
    var steps = min(max(8 * count, 64), scaled.count)
    while true {
      let lanczos = try Lanczos(start: start, steps: steps) { x, y in
        y = scaled.times(x)
        // Known eigenvectors move from 1 to -1, out of the way.
        lower(known, in: &y, by: 2, along: x)
      }
      let ritz = try lanczos.ritz()
      let found = ritz.values.indices.suffix(count).reversed()
      if found.count == count, found.allSatisfy({ ritz.residuals[$0] <= residual }) {
        return (found.map { ritz.values[$0] }, found.map { ritz.vectors.row($0) })
      }
      if lanczos.nextLength == 0 || steps == scaled.count { return nil }
      steps = min(2 * steps, scaled.count)
    }
  }

  /// Takes a factor times the parts along known vectors off: those of the vector itself, or of another one.
  private static func lower(
    _ known: [[Double]],
    in vector: inout [Double],
    by factor: Double,
    along other: [Double]? = nil
  ) {
    for axis in known {
      let share = factor * zip(axis, other ?? vector).reduce(0) { $0 + $1.0 * $1.1 }
      for index in vector.indices { vector[index] -= share * axis[index] }
    }
  }
}

/// D^-½ A D^-½.
private struct ScaledAffinity: Sendable {
  let storage: Affinity.Storage
  let roots: [Double]
  var count: Int { roots.count }

  init(_ affinity: Affinity) throws(ClusteringError) {
    let ones = [Double](repeating: 1, count: affinity.count)
    let degrees: [Double] =
      switch affinity.storage {
      case .dense(let matrix): matrix * ones
      case .sparse(let matrix): matrix * ones
      }
    if let sample = degrees.firstIndex(where: { !($0 > 0) }) { throw .isolated(sample: sample) }
    let roots = degrees.map { $0.squareRoot() }
    self.roots = roots
    switch affinity.storage {
    case .dense(var matrix):
      let n = matrix.rows
      for row in 0..<n {
        for column in 0..<n { matrix.values[row * n + column] /= roots[row] * roots[column] }
      }
      storage = .dense(matrix)
    case .sparse(var matrix):
      for row in 0..<matrix.rows {
        for index in matrix.range(ofRow: row) {
          matrix.values[index] /= roots[row] * roots[Int(matrix.columnIndices[index])]
        }
      }
      storage = .sparse(matrix)
    }
  }

  var dense: Matrix<Double> {
    switch storage {
    case .dense(let matrix): matrix
    case .sparse(let matrix): matrix.dense
    }
  }

  func times(_ x: [Double]) -> [Double] {
    switch storage {
    case .dense(let matrix): matrix * x
    case .sparse(let matrix): matrix * x
    }
  }

  /// Number of the part that each sample is in, from 0, by a walk over entries above a share of both degrees.
  func parts(smallestShare: Double) -> [Int] {
    var parts = [Int](repeating: -1, count: count)
    var next = 0
    for first in 0..<count where parts[first] < 0 {
      var open = [first]
      parts[first] = next
      while let sample = open.popLast() {
        forNeighbours(of: sample, above: smallestShare) { other in
          if parts[other] < 0 {
            parts[other] = next
            open.append(other)
          }
        }
      }
      next += 1
    }
    return parts
  }

  private func forNeighbours(of row: Int, above share: Double, _ body: (Int) -> Void) {
    switch storage {
    case .dense(let matrix):
      for column in 0..<count where matrix.values[row * count + column] > share { body(column) }
    case .sparse(let matrix):
      for index in matrix.range(ofRow: row) where matrix.values[index] > share {
        body(Int(matrix.columnIndices[index]))
      }
    }
  }

  /// D^½ on each part, of length 1: the vectors with eigenvalue 1.
  func partVectors(_ parts: [Int], count: Int) -> [[Double]] {
    (0..<count).map { part in
      let vector = roots.indices.map { parts[$0] == part ? roots[$0] : 0 }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return vector.map { $0 / length }
    }
  }
}
