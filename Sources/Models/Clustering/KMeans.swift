internal import Glibc
public import Solvers
public import Tensors

/// Clusters by the nearest of k means, the best of several starts.
///
/// Source: S. Lloyd, 1982; starts by D. Arthur and S. Vassilvitskii, "k-means++", 2007.
public struct KMeans: Sendable, Equatable {
  /// Number of clusters.
  public let clusters: Int
  /// Number of starts, of which the best is kept.
  public var starts: Int
  /// Largest number of rounds of one start.
  public var rounds = 300
  /// Share of the data's mean variance below which a move of the means counts as none.
  public var tolerance = 1e-4

  /// Chooses the number of clusters and of starts.
  ///
  /// - Throws: `ClusteringError.outOfRange`.
  public init(_ clusters: Int, starts: Int = 10) throws(ClusteringError) {
    try ClusteringError.positive(clusters, "number of clusters")
    try ClusteringError.positive(starts, "number of starts")
    (self.clusters, self.starts) = (clusters, starts)
  }

  /// What a run found.
  public struct Result: Sendable, Equatable {
    /// Cluster of each point.
    public var labels: [Int]
    /// The means, one a row, `[clusters, d]`.
    public var means: Matrix<Double>
    /// Sum of squared distances from the points to their means.
    public var inertia: Double
  }

  /// Clusters points, one a row, `[n, d]`; starts run side by side and do not depend on how many threads there are.
  ///
  /// - Throws: `ClusteringError.tooManyClusters` or `.notFinite`.
  public func run(_ points: Matrix<Double>, random: RandomStream) throws(ClusteringError) -> Result {
    guard clusters <= points.rows else { throw .tooManyClusters(clusters: clusters, samples: points.rows) }
    if let index = points.values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(sample: index / points.columns, feature: index % points.columns)
    }
    let search = KMeansSearch(points, clusters: clusters, rounds: rounds, tolerance: tolerance)
    let results = Threads.independently(starts) { start in
      var stream = random.stream(UInt64(start))
      return search.run(&stream)
    }
    return results.dropFirst().reduce(results[0]) { $1.inertia < $0.inertia ? $1 : $0 }
  }
}

/// Lloyd's rounds over centred points.
private struct KMeansSearch: Sendable {
  let centred: Matrix<Double>
  let centre: [Double]
  let squares: [Double]
  let clusters: Int
  let rounds: Int
  let smallestMove: Double

  init(_ points: Matrix<Double>, clusters: Int, rounds: Int, tolerance: Double) {
    (self.clusters, self.rounds) = (clusters, rounds)
    let (n, d) = (points.rows, points.columns)
    var centre = [Double](repeating: 0, count: d)
    for row in 0..<n { for column in 0..<d { centre[column] += points.values[row * d + column] / Double(n) } }
    self.centre = centre
    // Near the origin |x|² - 2 x·m + |m|² loses least to rounding.
    centred = Matrix(rows: n, columns: d) { points.values[$0 * d + $1] - centre[$1] }
    squares = Self.squaredLengths(centred)
    smallestMove = tolerance * squares.reduce(0, +) / Double(max(n * d, 1))
  }

  static func squaredLengths(_ rows: Matrix<Double>) -> [Double] {
    let d = rows.columns
    return (0..<rows.rows).map { row in
      (0..<d).reduce(0) { $0 + rows.values[row * d + $1] * rows.values[row * d + $1] }
    }
  }

  func run(_ random: inout RandomStream) -> KMeans.Result {
    var means = start(&random)
    var (labels, distances) = nearest(means)
    for _ in 0..<rounds {
      let moved = self.means(labels, distances)
      let move = zip(moved.values, means.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      means = moved
      let before = labels
      (labels, distances) = nearest(means)
      if labels == before || move <= smallestMove { break }
    }
    let places = Matrix(rows: clusters, columns: centre.count) { means[$0, $1] + centre[$1] }
    return KMeans.Result(labels: labels, means: places, inertia: distances.reduce(0, +))
  }

  /// k-means++: each further mean is a point drawn by its squared distance, the best of a few draws.
  private func start(_ random: inout RandomStream) -> Matrix<Double> {
    let n = centred.rows
    let tries = 2 + Int(log(Double(clusters)))
    var chosen = [random.integer(in: 0..<n)]
    var distances = closer(to: chosen, than: [Double](repeating: .infinity, count: n))[0]
    while chosen.count < clusters {
      // Where all points lie on means already, any point will do.
      let isSpread = distances.contains { $0 > 0 }
      let candidates = isSpread ? random.categorical(tries, weights: distances) : [random.integer(in: 0..<n)]
      let lowered = closer(to: candidates, than: distances)
      let sums = lowered.map { $0.reduce(0, +) }
      let best = sums.indices.dropFirst().reduce(0) { sums[$1] < sums[$0] ? $1 : $0 }
      distances = lowered[best]
      chosen.append(candidates[best])
    }
    return rows(chosen)
  }

  private func rows(_ places: [Int]) -> Matrix<Double> {
    let d = centred.columns
    return Matrix(places.flatMap { centred.values[$0 * d..<($0 + 1) * d] }, rows: places.count, columns: d)
  }

  /// Squared distances to each of some points, where they are below others.
  private func closer(to places: [Int], than distances: [Double]) -> [[Double]] {
    let products = rows(places).timesTransposed(centred)
    return places.indices.map { candidate in
      let own = squares[places[candidate]]
      return distances.indices.map { row in
        // The point itself is at no distance, whatever rounding says.
        let square = row == places[candidate] ? 0 : squares[row] + own - 2 * products[candidate, row]
        return min(distances[row], max(0, square))
      }
    }
  }

  /// The nearest mean of each point, and the squared distance to it.
  private func nearest(_ means: Matrix<Double>) -> (labels: [Int], distances: [Double]) {
    let products = centred.timesTransposed(means)
    let lengths = Self.squaredLengths(means)
    var labels = [Int](repeating: 0, count: centred.rows)
    var distances = squares
    for row in labels.indices {
      var best = Double.infinity
      for cluster in 0..<clusters {
        let value = lengths[cluster] - 2 * products.values[row * clusters + cluster]
        if value < best { (best, labels[row]) = (value, cluster) }
      }
      distances[row] = max(0, distances[row] + best)
    }
    return (labels, distances)
  }

  /// Means of the clusters; one without points takes the point farthest from its mean.
  private func means(_ labels: [Int], _ distances: [Double]) -> Matrix<Double> {
    let d = centred.columns
    var indicator = Matrix<Double>(zeros: labels.count, clusters)
    var counts = [Double](repeating: 0, count: clusters)
    for (row, cluster) in labels.enumerated() {
      indicator.values[row * clusters + cluster] = 1
      counts[cluster] += 1
    }
    var sums = indicator.transposedTimes(centred)
    let isWhole = counts.allSatisfy { $0 > 0 }
    var farthest = isWhole ? [] : distances.indices.sorted { distances[$0] > distances[$1] }[...]
    for cluster in 0..<clusters {
      if counts[cluster] == 0, let place = farthest.popFirst() {
        for column in 0..<d { sums.values[cluster * d + column] = centred.values[place * d + column] }
        counts[cluster] = 1
      }
      for column in 0..<d { sums.values[cluster * d + column] /= counts[cluster] }
    }
    return sums
  }
}
