import Clustering
import Layers
import Solvers
import Tensors
import Testing

@Suite("Manifold clustering")
struct ClusteringTests {
  @Test(
    "networks have the published numbers of parameters",
    arguments: [
      (ClusterNetworkSize.digits, 33_344), (.cifar10, 20_988_160), (.imageNet, 9_971_712),
    ]
  )
  func parameterCount(size: ClusterNetworkSize, expected: Int) {
    var random = RandomStream(seed: 1)
    #expect(ClusterNetwork(size, random: &random).parameterCount == expected)
  }

  @Test("the one-shot start makes both heads equal, and codes lie on the sphere")
  func oneShot() throws {
    var random = RandomStream(seed: 3)
    var network = ClusterNetwork(.digits, random: &random)
    network.copyFeatureHead()
    let codes = try network.codes(random.normal([20, 64]))
    #expect(codes.features == codes.clusters)
    #expect(codes.features.norm([1]).isClose(to: .ones([20]), absolute: 1e-5))
  }

  @Test("memberships have rows and columns that sum to one, rows last or columns last")
  func marginals() throws {
    var random = RandomStream(seed: 4)
    let c = random.normal([60, 8], of: Double.self).normalized([1])
    for (halfSteps, exact) in [(5, 1), (10, 0)] {
      let objective = try ClusterObjective(
        precision: 0.5,
        membership: StochasticMembership(regularization: 0.2, halfSteps: halfSteps)
      )
      let sums = objective.memberships(c).sum(exact)
      #expect(sums.isClose(to: .ones([60]), absolute: 1e-12))
    }
  }

  @Test("sharp memberships neither overflow nor lose their gradients")
  func sharp() throws {
    var random = RandomStream(seed: 12)
    let c = random.normal([12, 4], of: Double.self).normalized([1])
    let scaling = try StochasticMembership(regularization: 0.004, halfSteps: 7)
    let gamma = scaling(c.matmul(c, transposesRight: true))
    #expect(gamma.sum(1).isClose(to: .ones([12]), absolute: 1e-12))
    // Just beyond and just within the range of exponents that is scaled without logarithms.
    let cotangent = random.normal([12, 12], of: Double.self)
    for eta in [0.04, 0.06] {
      let scaling = try StochasticMembership(regularization: eta, halfSteps: 4)
      let error = GradientCheck.largestError(at: [c]) { c in
        (scaling(c[0].matmul(c[0], transposesRight: true)) * cotangent).sum()
      }
      #expect(error < 1e-5)
    }
  }

  @Test("random columns estimate the rate of the groups without bias")
  func columns() throws {
    var random = RandomStream(seed: 5)
    let z = random.normal([40, 6], of: Double.self).normalized([1])
    let objective = try ClusterObjective(precision: 0.5, membership: StochasticMembership(regularization: 0.2))
    let whole = try objective.loss(features: [z], clusters: [z]).value.value
    // Every column once, in eight parts of five: the mean of the parts is the whole.
    let order = random.permutation(40)
    let parts = try (0..<8).map { part in
      let chosen = Tensor<Int>(Array(order[5 * part..<5 * part + 5]))
      return try objective.loss(features: [z], clusters: [z], columns: chosen).value.value
    }
    #expect(abs(parts.reduce(0, +) / 8 - whole) < 1e-10)
    #expect(Set(parts).count == 8)
  }

  @Test("views shift by at most one pixel, and zeros enter")
  func augmentation() throws {
    var augmentation = try ImageAugmentation(side: 3)
    (augmentation.brightness, augmentation.noise) = (1..<1, 0)
    var random = RandomStream(seed: 6)
    let image: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    let views = augmentation(Tensor(Array(repeating: image, count: 200).flatMap { $0 }, shape: [200, 9]), &random)
    var expected: Set<[Float]> = []
    for down in -1...1 {
      for right in -1...1 {
        expected.insert(
          (0..<9).map { place in
            let (row, column) = (place / 3 - down, place % 3 - right)
            return (0..<3).contains(row) && (0..<3).contains(column) ? image[row * 3 + column] : 0
          }
        )
      }
    }
    let found = Set((0..<200).map { Array(views.values[9 * $0..<9 * $0 + 9]) })
    #expect(found == expected)
  }

  @Test("k-means finds the best of all divisions of a few points")
  func kMeans() throws {
    var random = RandomStream(seed: 7)
    let points = random.normal([9, 2], of: Double.self).values
    let matrix = Matrix(points, rows: 9, columns: 2)
    let found = try KMeans(2, starts: 300).run(matrix, random: random)
    var best = Double.infinity
    for mask in 1..<(1 << 9) - 1 {
      var sum = 0.0
      for side in 0..<2 {
        let members = (0..<9).filter { (mask >> $0) & 1 == side }
        for axis in 0..<2 {
          let values = members.map { matrix[$0, axis] }
          let mean = values.reduce(0, +) / Double(values.count)
          sum += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
      }
      best = min(best, sum)
    }
    #expect(abs(found.inertia - best) < 1e-12)
  }

  @Test("k-means gives equal points and surplus clusters sensible labels")
  func equalPoints() throws {
    let found = try KMeans(3).run(Matrix(zeros: 5, 2), random: RandomStream(seed: 1))
    #expect(found.inertia == 0)
    #expect(found.labels.allSatisfy { (0..<3).contains($0) })
  }

  @Test("beyond the size that is decomposed whole, Lanczos finds the same space, in one part and in several")
  func lanczos() throws {
    var random = RandomStream(seed: 8)
    let curves = try CurveUnion(curves: 3, count: 120, noise: 0.01, random: &random)
    let points = Matrix(curves.points.values.map(Double.init), rows: 360, columns: 20)
    for affinity in [try Affinity.cosine(points), try Affinity.nearest(points, neighbours: 8)] {
      let embedding = try SpectralEmbedding(affinity, count: 5)
      let all = try SpectralEmbedding(affinity, count: 360)
      #expect(zip(embedding.values, all.values).allSatisfy { abs($0 - $1) < 1e-8 })
      let (few, some) = (embedding.vectors, Matrix(rows: 360, columns: 5) { all.vectors[$0, $1] })
      let overlap = few.transposedTimes(some)
      #expect(abs(overlap.frobeniusNorm - 5.0.squareRoot()) < 1e-6)
    }
  }

  @Test("neighbours tell curves apart that means cannot")
  func curves() throws {
    var random = RandomStream(seed: 9)
    let curves = try CurveUnion(curves: 3, count: 150, noise: 0.01, random: &random)
    let points = Matrix(curves.points.values.map(Double.init), rows: 450, columns: 20)
    let spectral = try SpectralClustering.labels(.nearest(points), clusters: 3, random: random)
    let means = try KMeans(3).run(points, random: random).labels
    #expect(try ClusterScores(spectral, labels: curves.labels).accuracy == 1)
    #expect(try ClusterScores(means, labels: curves.labels).accuracy < 0.7)
  }

  @Test("least-squares subspace clustering finds independent subspaces")
  func subspaces() throws {
    var random = RandomStream(seed: 10)
    var rows: [[Double]] = []
    for subspace in 0..<3 {
      for _ in 0..<30 {
        rows.append((0..<9).map { $0 / 3 == subspace ? random.normal() : 0 })
      }
    }
    let labels = try SpectralClustering.labels(.leastSquares(Matrix(rows)), clusters: 3, random: random)
    #expect(try ClusterScores(labels, labels: (0..<90).map { $0 / 30 }).accuracy == 1)
  }

  @Test("the first stage raises the rate, the second lowers the objective, and both repeat from their seeds")
  func training() throws {
    func run() throws -> (first: [Float], second: [Float], network: ClusterNetwork) {
      var random = RandomStream(seed: 11)
      let curves = try CurveUnion(curves: 2, count: 64, dimension: 16, random: &random)
      var network = ClusterNetwork(
        try ClusterNetworkSize(inputs: 16, hidden: 16, prefeatures: 16, outputs: 8),
        random: &random
      )
      var training = try ClusterTraining()
      (training.featureSteps, training.clusterSteps) = (30, 15)
      (training.featureBatch, training.clusterBatch, training.columns) = (64, 64, 64)
      let augmented: (Tensor<Float>, inout RandomStream) -> Tensor<Float> = {
        $0 + $1.normal($0.shape, deviation: 0.05)
      }
      let first = try training.fillSpace(&network, curves.points, random: random.stream(1), augmented: augmented)
      let rates = try training.cluster(&network, curves.points, random: random.stream(2), augmented: augmented)
      let second = rates.map { $0.groups - $0.whole }
      return (first, second, network)
    }
    let (once, twice) = (try run(), try run())
    #expect(once.first == twice.first && once.second == twice.second)
    #expect(once.network.namedTensors == twice.network.namedTensors)
    #expect((once.first.last ?? 0) < once.first[0])
    #expect(once.second.suffix(5).reduce(0, +) < once.second.prefix(5).reduce(0, +))
  }
}
