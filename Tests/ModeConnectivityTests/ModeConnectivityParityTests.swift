import ModeConnectivity
import Tensors
import TestSupport
import Testing

private let paper = "linear-mode-connectivity"

@Suite("Parity of linear mode connectivity")
struct ModeConnectivityParityTests {
  private func network(_ data: ParityData, _ name: String) throws -> Perceptron<Double> {
    let layers = data.names.count { $0.hasPrefix("\(name)_w") }
    return Perceptron(
      weights: try (0..<layers).map { try data.file.doubleTensor("\(name)_w\($0)") },
      biases: try (0..<layers).map { try data.file.doubleTensor("\(name)_b\($0)") }
    )
  }

  @Test("paths, curvatures, predictors and matched paths", arguments: Parity.cases(paper, prefix: "mlp_"))
  func paths(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (a, b) = (try network(data, "A"), try network(data, "B"))
    let samples = ClassData(try data.file.doubleTensor("X"), try data["y"].map { Int($0) })
    let path = try LinearPath(a, b)
    let profile = try path.profile(samples, points: data["t"].count)
    #expect(mismatch(profile.places, try data["t"], absolute: 1e-15) == nil)
    #expect(mismatch(profile.losses, try data["path_loss"], relative: 1e-9) == nil)
    #expect(mismatch([profile.barrier], try data["barrier"], relative: 1e-9, absolute: 1e-12) == nil)

    let ends = try path.endCurvatures(samples, step: 1e-3)
    #expect(mismatch([ends.start, ends.end], try data["curvature"], relative: 1e-4) == nil)
    let predicted = LinearPath<Double>.predictedBarrier(ends.start, ends.end)
    #expect(mismatch([predicted], try data["predicted"], relative: 1e-4) == nil)
    let layers = try (0..<a.layers).map { try path.layerBarrier($0, samples) }
    #expect(mismatch(layers, try data["layerwise"], relative: 1e-9, absolute: 1e-12) == nil)

    let matching = try WeightMatching(of: b, to: a)
    for (layer, order) in matching.permutations.enumerated() {
      #expect(try order.map(Double.init) == data["perm\(layer)"])
    }
    let moved = b.permuted(matching.permutations)
    let matched = try LinearPath(a, moved).profile(samples, points: data["t"].count)
    #expect(mismatch(matched.losses, try data["permuted_path_loss"], relative: 1e-9) == nil)
    #expect(mismatch([matched.barrier], try data["permuted_barrier"], relative: 1e-9, absolute: 1e-12) == nil)
    #expect(mismatch(moved(samples.inputs).values, b(samples.inputs).values, absolute: 1e-10) == nil)
  }

  @Test("largest assignments", arguments: Parity.cases(paper, prefix: "assignment_"))
  func assignments(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let matrix = try data.file.doubleTensor("matrix")
    let columns = try WeightMatching.assignment(matrix)
    #expect(Set(columns).count == columns.count)
    let total = columns.enumerated().reduce(0.0) { $0 + matrix[$1.offset, $1.element] }
    #expect(mismatch([total], try data["total"], relative: 1e-12) == nil)
  }
}
