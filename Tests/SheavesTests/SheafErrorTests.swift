import Sheaves
import Tensors
import Testing

/// A call that must fail, and what it must say.
struct RefusedInput: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }

  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) {
    self.message = message
    self.call = call
  }
}

@Suite("Errors of sheaf diffusion")
struct SheafErrorTests {
  private static func path() throws -> SheafGraph {
    try SheafGraph(nodeCount: 3, sources: [0, 1, 1, 2], targets: [1, 0, 2, 1])
  }
  private static func network(_ change: (inout SheafConfiguration) -> Void) throws {
    var configuration = SheafConfiguration(.bundle(.householder), stalk: 2, layers: 1, hidden: 3)
    change(&configuration)
    var random = RandomStream(seed: 1)
    _ = try SheafDiffusion(configuration, graph: path(), features: 4, classes: 2, random: &random)
  }
  private static func task(labels: [Int] = [0, 1, 0], training: [Int] = [0]) throws {
    let split = NodeSplit(training: training, validation: [1], test: [2])
    _ = try NodeTask("t", graph: path(), features: .ones([3, 2]), labels: labels, classes: 2, splits: [split])
  }

  static let inputs: [RefusedInput] = [
    RefusedInput("directed edges: 3 is odd; list both directions of every edge") {
      _ = try SheafGraph(nodeCount: 3, sources: [0, 1, 1], targets: [1, 0, 2])
    },
    RefusedInput("edge (0, 1) lacks its reverse; list (1, 0) too") {
      _ = try SheafGraph(nodeCount: 3, sources: [0, 1], targets: [1, 2])
    },
    RefusedInput("edge (0, 1) is listed twice; list it once") {
      _ = try SheafGraph(nodeCount: 3, sources: [0, 0], targets: [1, 1])
    },
    RefusedInput("node 1 has an edge to itself; remove the self-loop") {
      _ = try SheafGraph(nodeCount: 3, sources: [0, 1, 1, 1], targets: [1, 0, 1, 1])
    },
    RefusedInput("an edge names node 7, but nodes are 0..<3; mend the edge list") {
      _ = try SheafGraph(nodeCount: 3, sources: [0, 7], targets: [7, 0])
    },
    RefusedInput("an edge names node -1, but nodes are 0..<3; mend the edge list") {
      _ = try SheafGraph(nodeCount: 3, joining: [(0, -1)])
    },
    RefusedInput("number of nodes must be positive, got 0") { _ = try SheafGraph(nodeCount: 0, joining: []) },
    RefusedInput("targets of edges: expected 2, got 1") {
      _ = try SheafGraph(nodeCount: 3, sources: [0, 1], targets: [1])
    },
    RefusedInput("bundle: stalk size must be 2 or more, got 1") { try network { $0.stalk = 1 } },
    RefusedInput("bundle by Euler's angles: stalk size must be 2 or 3, got 4") {
      try network { ($0.family, $0.stalk) = (.bundle(.euler), 4) }
    },
    RefusedInput("sheaf: stalk size must be 1 or more, got 0") {
      try network { ($0.family, $0.stalk) = (.diagonal, 0) }
    },
    RefusedInput("number of layers must be positive, got 0") { try network { $0.layers = 0 } },
    RefusedInput("bundle: left and right weights cannot be switched off; only the diagonal family can do without") {
      try network { $0.hasLeftWeights = false }
    },
    RefusedInput("bundle by cayley: parameters must have shape [5, 3], got [5, 4]") {
      _ = try OrthogonalForm.cayley.maps(Tensor<Double>.zeros([5, 4]), size: 2)
    },
    RefusedInput("diagonal: parameters must have shape [4, 2], got [5, 2]") {
      _ = try SheafLaplacian<Double>.diagonal(.zeros([5, 2]), on: path())
    },
    RefusedInput("bundle: parameters must have shape [4, 3, 3], got [4, 2, 3]") {
      _ = try SheafLaplacian<Double>.bundle(.zeros([4, 2, 3]), on: path())
    },
    RefusedInput("edge weights: parameters must have shape [4, 1], got [4]") {
      _ = try SheafLaplacian<Double>.bundle(.zeros([4, 2, 2]), weights: .zeros([4]), on: path())
    },
    RefusedInput("block and degree normalisation exclude each other; choose one") {
      _ = try SheafNormalization(block: true, degree: true)
    },
    RefusedInput("split 0 has no training nodes; give each part at least one") { try task(training: []) },
    RefusedInput("node 1 has label 2, expected one in 0..<2") { try task(labels: [0, 2, 1]) },
    RefusedInput("labels: expected 3, got 2") { try task(labels: [0, 1]) },
    RefusedInput("split 0 has training node 9, but nodes are 0..<3; mend the split") { try task(training: [9]) },
  ]

  @Test("bad input gets one clear error", arguments: inputs)
  func refused(_ input: RefusedInput) {
    let error = #expect(throws: SheafError.self) { try input.call() }
    #expect(error?.description == input.message)
  }
}
