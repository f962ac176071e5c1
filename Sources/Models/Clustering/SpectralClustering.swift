internal import Solvers
public import Tensors

/// Clusters of an affinity: k-means on the rows of its lowest eigenvectors.
///
/// Source: A. Ng, M. Jordan, Y. Weiss, "On spectral clustering", 2001, in the form of the authors' code.
public enum SpectralClustering {
  /// Clusters samples.
  ///
  /// - Parameters:
  ///   - affinity: of n samples.
  ///   - clusters: number of clusters k.
  ///   - starts: starts of k-means.
  ///   - random: supplies the starts.
  /// - Returns: cluster of each sample.
  /// - Throws: `ClusteringError` as `SpectralEmbedding` does.
  public static func labels(
    _ affinity: Affinity,
    clusters: Int,
    starts: Int = 10,
    random: RandomStream
  ) throws -> [Int] {
    var rows = try SpectralEmbedding(affinity, count: clusters).vectors
    for row in 0..<rows.rows {
      let length = (0..<clusters).reduce(0) { $0 + rows[row, $1] * rows[row, $1] }.squareRoot()
      for column in 0..<clusters { rows[row, column] /= max(length, 1e-12) }
    }
    return try KMeans(clusters, starts: starts).run(rows, random: random).labels
  }
}
