import Layers
import Sheaves
import Solvers
import Tensors
import TestSupport
import Testing

private let paper = "neural-sheaf-diffusion"

extension ParityData {
  /// An array with its shape.
  func tensor(_ name: String) throws -> Tensor<Double> {
    try file.doubleTensor(name)
  }

  /// The graph, its directed edges in the order of the file.
  func graph(nodes: Int) throws -> SheafGraph {
    let index = try file.integers("edge_index").values
    return try SheafGraph(
      nodeCount: nodes,
      sources: Array(index[..<(index.count / 2)]),
      targets: Array(index[(index.count / 2)...])
    )
  }
}

@Suite("Parity of sheaf diffusion")
struct SheafParityTests {
  static let forms = ["laplacian_", "orthogonal_maps", "model_"]

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let names = Parity.committedNames(paper)
    #expect(names.count >= 10)
    for name in names { #expect(Self.forms.contains { name.hasPrefix($0) }, "\(name)") }
  }

  @Test(
    "Laplacians and their gradients equal the official builders'",
    arguments: Parity.cases(paper, prefix: "laplacian_")
  )
  func laplacian(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let words = Set(fixture.name.split(separator: "_").map(String.init))
    let cotangent = try data.tensor("cotangent")
    let parameters = try data.tensor("params")
    let weights = data.names.contains("edge_weights") ? try data.tensor("edge_weights") : nil
    let fixed = FixedDimensions(lowPass: words.contains("lp"), highPass: words.contains("hp"))
    let normalization: SheafNormalization = words.contains("degnorm") ? .degree : .block
    let stalk = Int(fixture.name.split(separator: "d").last ?? "") ?? 0
    let graph = try data.graph(nodes: cotangent.shape[0] / (stalk + [fixed.lowPass, fixed.highPass].count { $0 }))
    let form = OrthogonalForm.allCases.first { words.contains($0.rawValue) }
    var dense = Tensor<Double>.zeros([0])
    let inputs = [parameters] + (weights.map { [$0] } ?? [])
    let (_, gradients) = try valueWithGradient(at: inputs) { inputs in
      let laplacian: SheafLaplacian<Double> =
        if let form {
          try .bundle(
            form.maps(inputs[0], size: stalk),
            weights: inputs.count > 1 ? inputs[1] : nil,
            on: graph,
            normalization: normalization,
            fixed: fixed
          )
        } else if words.contains("diag") {
          try .diagonal(inputs[0], on: graph, normalization: normalization, fixed: fixed)
        } else {
          try .general(inputs[0], on: graph, normalization: normalization, fixed: fixed)
        }
      let whole = laplacian.dense()
      dense = whole.withoutGradient()
      return (whole * cotangent).sum()
    }
    #expect(mismatch(dense.values, try data["laplacian"], absolute: 1e-10) == nil)
    #expect(mismatch(dense.transposed().values, dense.values, absolute: 1e-14) == nil)
    let matrix = Matrix(dense.values, rows: dense.shape[0], columns: dense.shape[1])
    // The clamp of the general family can make an eigenvalue negative.
    if !words.contains("general"), !words.contains("lp") { #expect(try SymmetricEigen(matrix).values[0] > -1e-12) }
    #expect(mismatch(gradients[0].values, try data["grad_params"], absolute: 1e-9) == nil)
    if weights != nil {
      #expect(mismatch(gradients[1].values, try data["grad_edge_weights"], absolute: 1e-9) == nil)
    }
  }

  static let forms4 = OrthogonalForm.allCases.flatMap { form in
    (form == .euler ? [2, 3] : [2, 3, 4]).map { (form, $0) }
  }

  @Test("orthogonal maps and their gradients", arguments: Parity.cases(paper, prefix: "orthogonal_maps"), forms4)
  func maps(_ fixture: ParityCase, _ kind: (form: OrthogonalForm, size: Int)) throws {
    let data = try fixture.load()
    let name = "\(kind.form == .exponential ? "matrix_exp" : kind.form.rawValue)_\(kind.size)"
    let cotangent = try data.tensor(name + "_cotangent")
    var found = Tensor<Double>.zeros([0])
    let slope = try gradient(at: data.tensor(name + "_params")) { parameters in
      let q = try kind.form.maps(parameters, size: kind.size)
      found = q.withoutGradient()
      return (q * cotangent).sum()
    }
    #expect(mismatch(found.values, try data[name + "_q"], absolute: 1e-12) == nil)
    #expect(mismatch(slope.values, try data[name + "_grad"], absolute: 1e-10) == nil)
    let square = found.matmul(found, transposesLeft: true)
    #expect(square.isClose(to: Tensor.identity(kind.size).broadcast(to: square.shape), absolute: 1e-12))
  }

  static func configuration(_ name: String) throws -> SheafConfiguration {
    switch name {
    case "model_diag_lp":
      var network = SheafConfiguration(.diagonal, stalk: 3, layers: 2, hidden: 4)
      network.fixed = FixedDimensions(lowPass: true)
      return network
    case "model_bundle_sparse_learner":
      var network = SheafConfiguration(.bundle(.householder), stalk: 3, layers: 3, hidden: 5)
      network.isSparseLearner = true
      return network
    case "model_bundle_edge_weights":
      var network = SheafConfiguration(.bundle(.householder), stalk: 2, layers: 2, hidden: 4)
      network.hasEdgeWeights = true
      return network
    default: return SheafConfiguration(.general, stalk: 2, layers: 2, hidden: 4)
    }
  }

  @Test("whole networks, and the gradient of every parameter", arguments: Parity.cases(paper, prefix: "model_"))
  func model(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let x: Tensor<Float> = try data.tensor("x").converted()
    let logs = try data.tensor("log_probs")
    let labels = try data.file.integers("y").values
    let mask = try #require(data.file["train_mask"]).bytes
    let nodes = mask.indices.filter { mask[$0] != 0 }
    var random = RandomStream(seed: 1)
    var model = try SheafDiffusion(
      Self.configuration(fixture.name),
      graph: data.graph(nodes: x.shape[0]),
      features: x.shape[1],
      classes: logs.shape[1],
      random: &random
    )
    let official = Set(data.names.filter { $0.hasPrefix("param.") }.map { String($0.dropFirst(6)) })
    #expect(official == Set(model.namedTensors.map(\.name)))
    var weights = SafetensorsFile()
    for name in official { weights.append(name, try data.tensor("param." + name).converted() as Tensor<Float>) }
    try model.load(weights)
    let found = try model.logProbabilities(x, mode: .evaluation, random: &random)
    #expect(mismatch(found.values.map(Double.init), logs.values, absolute: 2e-5) == nil)
    let (loss, gradients) = try valueWithGradient(at: &model) { model in
      let rows = try model.logProbabilities(x, mode: .training, random: &random).gatheredRows(Tensor(nodes))
      return Loss.negativeLogLikelihood(rows, Tensor(nodes.map { labels[$0] }))
    }
    #expect(mismatch([Double(loss.value)], try data["loss"], absolute: 2e-5) == nil)
    for (entry, slope) in zip(model.namedTensors, gradients.tensors) {
      let values = try #require(slope).values.map(Double.init)
      let difference = mismatch(values, try data["grad." + entry.name], absolute: 2e-5)
      #expect(difference == nil, "\(entry.name): \(difference ?? "")")
    }
  }
}
