import Layers
import Sheaves
import Solvers
import Tensors
import Testing

@Suite("Sheaf diffusion")
struct SheafTests {
  static let published: [(preset: SheafPreset, features: Int, count: Int)] = [
    (.texas, 1703, 105_153), (.wisconsin, 1703, 278_113), (.cornell, 1703, 138_577), (.chameleon, 2325, 410_395),
    (.squirrel, 2089, 295_017),
  ]

  @Test("published networks have the published numbers of parameters", arguments: published.indices)
  func counts(_ index: Int) throws {
    let (preset, features, count) = Self.published[index]
    var random = RandomStream(seed: 1)
    let graph = try SheafGraph(nodeCount: 2, joining: [(0, 1)])
    let model = try SheafDiffusion(preset.network, graph: graph, features: features, classes: 5, random: &random)
    #expect(model.parameterCount == count)
  }

  @Test("pairs in any order make one graph; loops and repetitions are dropped")
  func undirected() throws {
    let graph = try SheafGraph(nodeCount: 4, joining: [(2, 0), (0, 2), (1, 1), (3, 2)])
    #expect(graph.sources.values == [0, 2, 2, 3])
    #expect(graph.targets.values == [2, 0, 3, 2])
    #expect(graph.reverse.values == [1, 0, 3, 2])
    #expect(graph.degrees == [1, 0, 2, 1])
    #expect(graph.homophily([0, 0, 0, 1]) == 0.5)
  }

  @Test("an isolated node has a Laplacian of zeros and finite gradients")
  func isolated() throws {
    let graph = try SheafGraph(nodeCount: 3, joining: [(0, 1)])
    let maps = Tensor<Double>((0..<8).map { Double($0 * $0 % 5) - 1 }, shape: [2, 2, 2])
    let slope = try gradient(at: maps) { try SheafLaplacian.general($0, on: graph).dense().squared().sum() }
    #expect(slope.values.allSatisfy { $0.isFinite })
    let dense = try SheafLaplacian.general(maps, on: graph).dense()
    #expect(dense.sliced(4..<6).values.allSatisfy { $0 == 0 })
  }

  static let studies: [(study: SeparationStudy, isSeparable: Bool, kernel: Int?)] = [
    (SeparationStudy(.trivial(size: 1), classes: 2, isBipartite: true), false, 1),
    (SeparationStudy(.sign, classes: 2), true, 1),
    (SeparationStudy(.sign, classes: 2, isBipartite: true), true, 1),
    (SeparationStudy(.sign, classes: 3), false, nil),
    (SeparationStudy(.diagonal(classes: 3), classes: 3), true, 3),
    (SeparationStudy(.rotation(classes: 4), classes: 4), true, 2),
    (SeparationStudy(.quaternion, classes: 8), true, 4),
    (SeparationStudy(.trivial(size: 3), classes: 3), false, 3),
  ]

  @Test("limits of diffusion separate what the theory says", arguments: studies.indices)
  func separation(_ index: Int) throws {
    let (study, isSeparable, kernel) = Self.studies[index]
    var random = RandomStream(seed: 3)
    for _ in 0..<3 {
      let trial = try study.trial(&random)
      #expect(trial.isSeparable == isSeparable)
      if let kernel { #expect(trial.kernelDimension == kernel) }
    }
  }

  @Test("a plane is found where there is one, also for close sets")
  func planes() throws {
    let points = Matrix<Double>([[0, 0], [1, 0], [0, 1], [1, 1]])
    #expect(try LinearSeparation.isSeparable(points, [false, false, false, true]))
    #expect(try !LinearSeparation.isSeparable(points, [true, false, false, true]))
    let line = Matrix<Double>([[1], [1.0001], [1.0002], [1.0003]])
    #expect(try LinearSeparation.isSeparable(line, [true, true, false, false]))
    #expect(try !LinearSeparation.isSeparable(line, [true, false, true, false]))
  }

  @Test("all networks learn a small graph")
  func training() throws {
    var random = RandomStream(seed: 5)
    let task = try NodeTask.synthetic(nodes: 40, edges: 60, classes: 3, words: 60, splits: 1, random: &random)
    func check(_ model: some NodeClassifier) throws {
      let outcome = try NodeTraining(epochs: 40).run(model, on: task, split: 0, random: &random)
      #expect(outcome.trainingLosses.last ?? 9 < 0.9 * (outcome.trainingLosses.first ?? 0))
      #expect(outcome.trainingLosses.count == outcome.validationLosses.count)
    }
    try check(FeatureNetwork(features: 60, classes: 3, random: &random))
    try check(GraphConvolutionNetwork(graph: task.graph, features: 60, classes: 3, random: &random))
    try check(GraphAttentionNetwork(graph: task.graph, features: 60, classes: 3, random: &random))
    for family in [SheafFamily.diagonal, .general, .bundle(.cayley)] {
      let sizes = SheafConfiguration(family, stalk: 2, layers: 2, hidden: 4)
      try check(SheafDiffusion(sizes, graph: task.graph, features: 60, classes: 3, random: &random))
    }
  }

  @Test("memory stays flat over 1000 epochs")
  func memory() async {
    // A process of its own: tensors of other tests would count.
    await #expect(processExitsWith: .success) {
      var random = RandomStream(seed: 5)
      let task = try NodeTask.synthetic(nodes: 40, edges: 60, classes: 3, words: 60, splits: 1, random: &random)
      let sizes = SheafConfiguration(.bundle(.householder), stalk: 2, layers: 2, hidden: 4)
      var model = try SheafDiffusion(sizes, graph: task.graph, features: 60, classes: 3, random: &random)
      let training = NodeTraining()
      var optimizer = training.makeOptimizer()
      for _ in 0..<3 { _ = try training.step(&model, &optimizer, task, task.splits[0], &random) }
      let early = TensorMemory.statistics.peak
      for _ in 0..<1000 { _ = try training.step(&model, &optimizer, task, task.splits[0], &random) }
      precondition(TensorMemory.statistics.peak <= early, "peak grew from \(early) to \(TensorMemory.statistics.peak)")
    }
  }
}
