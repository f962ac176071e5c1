import Clustering
import Glibc
import Solvers
import Tensors

/// Clustering of points of the digits' size, beside scikit-learn's.
let clusteringWorkloads: [Workload] = [
  Workload(name: "k-means 1797x64 k10, 10 starts") { random in
    let (points, stream) = (blobs(), random)
    return { accomplish { _ = try KMeans(10, starts: 10).run(points, random: stream) } }
  },
  Workload(name: "spectral 1797x64 k10, 10 neighbours") { random in
    let (points, stream) = (blobs(), random)
    return {
      accomplish { _ = try SpectralClustering.labels(.nearest(points, neighbours: 10), clusters: 10, random: stream) }
    }
  },
  Workload(name: "spectral 1797x64 k10, cosines") { random in
    let (points, stream) = (blobs(), random)
    return { accomplish { _ = try SpectralClustering.labels(.cosine(points), clusters: 10, random: stream) } }
  },
]

/// Points around ten centres, from a generator that the Python side has too.
private func blobs(count: Int = 1797, size: Int = 64) -> Matrix<Double> {
  var state: UInt64 = 1
  return Matrix(rows: count, columns: size) { row, column in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return sin(Double((row % 10 + 1) * (column + 1))) + 3 * (Double(state >> 11) * 0x1p-53 - 0.5)
  }
}

/// Runs what cannot fail on these inputs.
func accomplish(_ body: () throws -> Void) {
  do { try body() } catch { preconditionFailure("\(error)") }
}
