import ConjugateDirections
import Layers
import Solvers
import Tensors
import TestSupport
import Testing

private let paper = "deep-conjugate-direction"

extension ParityData {
  /// A matrix in compressed rows.
  func sparse(_ key: String) throws -> SparseMatrix<Double> {
    let starts = try file.integers(key + "_indptr").values
    let columns = try file.integers(key + "_indices").values
    let values = try self[key + "_data"]
    var entries: [SparseMatrix<Double>.Entry] = []
    for row in 0..<starts.count - 1 {
      for index in starts[row]..<starts[row + 1] { entries.append(.init(row, columns[index], values[index])) }
    }
    return try SparseMatrix(rows: starts.count - 1, columns: starts.count - 1, entries: entries)
  }
}

/// Compares as long as the expected values are above a share of the first.
private func mismatchAbove(_ share: Double, _ got: [Double], _ expected: [Double], relative: Double) -> String? {
  let count = expected.prefix { $0 > share * expected[0] }.count
  return mismatch(Array(got.prefix(count)), Array(expected.prefix(count)), relative: relative)
}

@Suite("Parity of deep conjugate directions")
struct DirectionParityTests {
  static let forms = ["cg_ic0_", "dcdm_trace_", "deflated_pcg_", "lanczos_ritz_", "network_"]

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let names = Parity.committedNames(paper)
    #expect(names.count >= 7)
    for name in names { #expect(Self.forms.contains { name.hasPrefix($0) }, "\(name)") }
  }

  @Test(
    "matrices, incomplete factors and histories of conjugate gradients",
    arguments: Parity.cases(paper, prefix: "cg_ic0_")
  )
  func gradients(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let sides = try data.file.integers("shape").values
    let whole = try data.sparse("a")
    let solid = whole.diagonal.map { $0 == 0 }
    let grid = try PoissonGrid(sides, solid: solid)
    #expect(try grid.matrix().entries.filter { $0.value != 0 } == whole.entries.filter { $0.value != 0 })
    #expect(try grid.activeCells == data.file.integers("active_rows").values)
    let (matrix, b) = (try grid.matrix(activeOnly: true), try data["b"])
    #expect(matrix == (try data.sparse("active")))
    let factor = try IncompleteCholesky(matrix)
    #expect(mismatch(factor.factor.values, try data["ic0_data"], absolute: 1e-10) == nil)
    var applied = b
    factor.apply(b, into: &applied)
    #expect(mismatch(applied, try data["ic0_apply_b"], absolute: 1e-10) == nil)
    let solver = ConjugateGradients(tolerance: 1e-9)
    let plain = try solver.solve(grid.spread(b), product: grid.multiply)
    #expect(mismatchAbove(1e-8, plain.residuals, try data["cg_residuals"], relative: 1e-8) == nil)
    let better = try solver.solve(matrix, b, preconditioner: factor)
    #expect(mismatchAbove(1e-8, better.residuals, try data["icpcg_residuals"], relative: 1e-8) == nil)
    #expect(mismatch(better.values, try data["solution"], absolute: 1e-6) == nil)
  }

  @Test("Lanczos vectors and Ritz vectors", arguments: Parity.cases(paper, prefix: "lanczos_ritz_"))
  func lanczos(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let matrix = try data.sparse("a")
    let alpha = try data["alpha"]
    let run = try Lanczos(start: data["start"], steps: alpha.count) { x, y in matrix.multiply(x, into: &y) }
    #expect(mismatch(run.diagonal, alpha, absolute: 1e-9) == nil)
    #expect(mismatch(run.offDiagonal, try data["beta"], absolute: 1e-9) == nil)
    let ritz = try run.ritz()
    #expect(mismatch(ritz.values, try data["ritz_values"], absolute: 1e-9) == nil)
    let expected = Matrix(try data["ritz_vectors"], rows: alpha.count, columns: matrix.rows)
    // Signs are free: each vector must be the expected one or its opposite.
    let overlaps = ritz.vectors.timesTransposed(expected)
    #expect((0..<alpha.count).allSatisfy { abs(abs(overlaps[$0, $0]) - 1) < 1e-9 })
  }

  @Test(
    "the official solver's trace with a matrix for the network",
    arguments: Parity.cases(paper, prefix: "dcdm_trace_")
  )
  func trace(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (matrix, b) = (try data.sparse("a"), try data["b"])
    let model = Matrix(try data["model_matrix"], rows: b.count, columns: b.count)
    let kept = try data.file.integers("directions_kept").values[0]
    let residuals = try data["residuals"]
    let solver = DeepDirections(tolerance: 1e-10, kept: kept, maximumSteps: residuals.count - 1)
    let found = try solver.solve(b, product: { matrix.multiply($0, into: &$1) }, direction: { model * $0 })
    #expect(mismatchAbove(1e-9, found.residuals, residuals, relative: 1e-6) == nil)
    #expect(mismatch(found.values, try data["x"], absolute: 1e-6) == nil)
  }

  @Test("deflated gradients with given Ritz vectors", arguments: Parity.cases(paper, prefix: "deflated_pcg_"))
  func deflated(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (matrix, b) = (try data.sparse("a"), try data["b"])
    let values = try data["ritz_values"]
    let vectors = Matrix(try data["ritz_vectors"], rows: values.count, columns: b.count)
    let solver = try DeflatedGradients(vectors: vectors, values: values)
    let expected = try data["residuals"]
    let found = solver.solve(b, diagonal: matrix.diagonal, tolerance: 1e-300, maximumSteps: expected.count - 1) {
      matrix.multiply($0, into: &$1)
    }
    // The official history begins with |b|, ours with what the start leaves; its code casts the projection to single precision.
    let (got, wanted) = (Array(found.residuals.dropFirst()), Array(expected.dropFirst()))
    #expect(mismatch(got, wanted, relative: 1e-4) == nil)
    #expect(mismatch(found.values, try data["x"], absolute: 1e-4) == nil)
  }

  @Test(
    "networks in the plane and in space, loss and all gradients",
    arguments: Parity.cases(paper, prefix: "network_")
  )
  func network(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let pairs = try data.file.integers("pairs").values
    let b: Tensor<Float> = try data.file.doubleTensor("b").converted()
    let grid = try PoissonGrid(data.file.integers("shape").values)
    let configuration = DirectionNetwork.Configuration(
      axes: grid.sides.count,
      channels: try #require(data.file["param.first.weight"]).shape[0],
      pairs: (pairs[0], pairs[1], pairs[2]),
      hasBias: data.names.contains("param.first.bias")
    )
    var random = RandomStream(seed: 1)
    var network = DirectionNetwork(configuration, random: &random)
    var weights = SafetensorsFile()
    for name in data.names where name.hasPrefix("param.") {
      weights.append(String(name.dropFirst(6)), try data.file.doubleTensor(name).converted() as Tensor<Float>)
    }
    try network.load(weights)
    #expect(weights.entries.count == network.namedTensors.count)
    let y = network(b)
    #expect(mismatch(y.values.map(Double.init), try data["y"], absolute: 1e-5) == nil)
    #expect(
      mismatch(DirectionTraining.loss(b, y, on: grid).alpha.values.map(Double.init), try data["alpha"], relative: 1e-4)
        == nil
    )
    let (loss, gradients) = valueWithGradient(at: &network) { DirectionTraining.loss(b, $0(b), on: grid).value }
    #expect(mismatch([Double(loss.value)], try data["loss"], absolute: 1e-5) == nil)
    for (entry, slope) in zip(network.namedTensors, gradients.tensors) {
      let expected = try data["grad." + entry.name]
      let scale = max(1, expected.map { abs($0) }.max() ?? 0)
      let difference = mismatch(try #require(slope).values.map(Double.init), expected, absolute: 1e-4 * scale)
      #expect(difference == nil, "\(entry.name): \(difference ?? "")")
    }
  }
}
