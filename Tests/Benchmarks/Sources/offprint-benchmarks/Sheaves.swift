import Sheaves
import Tensors

/// One epoch of a sheaf network on a random graph of a data set's size: a training step, and an evaluation of all nodes.
private func epoch(
  _ name: String,
  _ preset: SheafPreset,
  nodes: Int,
  edges: Int,
  features: Int
) -> Workload {
  Workload(name: "sheaf epoch, \(name)") { random in
    var random = random
    do {
      let task = try randomTask(nodes: nodes, edges: edges, features: features, &random)
      var model = try SheafDiffusion(
        preset.network,
        graph: task.graph,
        features: features,
        classes: task.classes,
        random: &random
      )
      var optimizer = preset.training.makeOptimizer()
      return {
        accomplish {
          _ = try preset.training.step(&model, &optimizer, task, task.splits[0], &random)
          _ = try model.logProbabilities(task.features, mode: .evaluation, random: &random)
        }
      }
    } catch { preconditionFailure("\(error)") }
  }
}

private func randomTask(nodes: Int, edges: Int, features: Int, _ random: inout RandomStream) throws -> NodeTask {
  var pairs: Set<[Int]> = []
  while pairs.count < edges {
    let (a, b) = (random.integer(in: 0..<nodes), random.integer(in: 0..<nodes))
    if a != b { pairs.insert([min(a, b), max(a, b)]) }
  }
  let sorted = pairs.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
  let half = nodes / 2
  return try NodeTask(
    "random",
    graph: SheafGraph(
      nodeCount: nodes,
      sources: sorted.map { $0[0] } + sorted.map { $0[1] },
      targets: sorted.map { $0[1] } + sorted.map { $0[0] }
    ),
    features: random.bernoulli([nodes, features], probability: 0.05),
    labels: (0..<nodes).map { $0 % 5 },
    classes: 5,
    splits: [
      NodeSplit(
        training: Array(0..<half),
        validation: Array(half..<nodes - nodes / 5),
        test: Array(nodes - nodes / 5..<nodes)
      )
    ]
  )
}

let sheafWorkloads: [Workload] = [
  epoch("Texas's size", .texas, nodes: 183, edges: 279, features: 1703),
  epoch("Chameleon's size", .chameleon, nodes: 2277, edges: 31371, features: 2325),
]
