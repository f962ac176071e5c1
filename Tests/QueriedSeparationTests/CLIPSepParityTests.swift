import Layers
import QueriedSeparation
import Tensors
import TestSupport
import Testing

private let paper = "clipsep"

extension ParityData {
  /// An array with its shape, in single precision.
  fileprivate func tensor(_ name: String) throws -> Tensor<Float> {
    let shape = try #require(file[name]?.shape, "\(name)")
    return Tensor(try self[name].map { Float($0) }, shape: shape)
  }

  /// The weights under the reference's names.
  fileprivate func weights() throws -> SafetensorsFile {
    var weights = SafetensorsFile()
    for name in names where name.hasPrefix("w.") { weights.append(String(name.dropFirst(2)), try tensor(name)) }
    return weights
  }

  /// Checks that a tensor equals one here, absolutely or relative to its largest entry.
  fileprivate func expect(_ got: Tensor<Float>, _ name: String, absolute: Double = 0, relative: Double = 0) throws {
    let expected = try self[name]
    let allowed = max(absolute, relative * expected.reduce(0) { max($0, abs($1)) })
    let problem = mismatch(got.values.map(Double.init), expected, absolute: allowed)
    #expect(problem == nil, "\(name): \(problem ?? "")")
  }

  /// A tensor with exactly the values of one here, and the slopes that it has.
  ///
  /// The noise invariant loss has slopes of 1 / (1 - M - N). In `nit_b3_noreg` two masks come as near to being clipped as
  /// 3 · 10⁻⁵, so that the last digit of a sigmoid decides over 0.5 % of a gradient: PyTorch in double precision is as far from the
  /// fixture. Slopes are therefore compared at the reference's own point; that the points agree is checked apart.
  fileprivate func pinned(_ ours: Tensor<Float>, _ name: String) throws -> Tensor<Float> {
    ours + (try tensor(name) - ours).withoutGradient()
  }

  /// Checks gradients against those whose names begin with a prefix; all of them must be met.
  fileprivate func expect(_ gradients: [String: Tensor<Float>], prefix: String, relative: Double) throws {
    let names = names.filter { $0.hasPrefix(prefix) }
    #expect(!names.isEmpty)
    for name in names {
      let found = try #require(gradients[String(name.dropFirst(prefix.count))], "\(name)")
      try expect(found, name, relative: relative)
    }
  }
}

/// Gradients of a loss by the names of the parameters.
private func named<Model: Module>(
  _ model: Model,
  _ loss: (inout Model) throws -> Tensor<Float>
) throws -> (value: Tensor<Float>, gradients: [String: Tensor<Float>]) {
  var copy = model
  let names = model.namedTensors.filter(\.isLearned).map(\.name)
  let (value, gradients) = try valueWithGradient(at: &copy, in: loss)
  var found: [String: Tensor<Float>] = [:]
  for (name, gradient) in zip(names, gradients.tensors) { found[name] = gradient }
  return (value, found)
}

@Suite("CLIPSep against its reference")
struct CLIPSepParityTests {
  /// The tolerances of the fixtures' README.
  private static let outputs = 1e-5
  private static let network = 1e-4
  private static let gradients = 1e-4

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let names = Parity.committedNames(paper)
    #expect(names.count == 6)
    for name in names {
      #expect(["middle_", "nit_", "pit_", "unet_", "warp_"].contains { name.hasPrefix($0) }, "\(name)")
    }
  }

  @Test("rows of the spectrum and back", arguments: Parity.cases(paper, prefix: "warp_"))
  func warp(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let x = try data.tensor("x")
    let warped = try #require(data.names.first { $0.hasPrefix("warped") })
    let rows = try data.tensor(warped).shape[2]
    let warp = FrequencyWarp(bins: x.shape[2], rows: rows)
    try data.expect(
      Tensor(FrequencyWarp.sources(rows: rows).map(Float.init)),
      "grid_warp_y",
      absolute: Self.outputs
    )
    try data.expect(
      Tensor(FrequencyWarp.inverseSources(bins: x.shape[2]).map(Float.init)),
      "grid_unwarp_y",
      absolute: Self.outputs
    )
    try data.expect(warp(x), warped, absolute: Self.outputs)
    try data.expect(warp.inverse(data.tensor(warped)), "unwarped", absolute: Self.outputs)
  }

  @Test(
    "U-Nets and their gradients, plain and with a condition in the middle",
    arguments: Parity.cases(paper, prefix: "unet_") + Parity.cases(paper, prefix: "middle_")
  )
  func network(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (x, cotangent) = (try data.tensor("x"), try data.tensor("gy"))
    let condition = data.names.contains("condition") ? try data.tensor("condition") : nil
    let model = try network(data, conditions: condition?.shape[1] ?? 0)
    var copy = model
    try data.expect(copy(x, condition: condition, mode: .training), "y", absolute: Self.network)
    let (_, gradients) = try named(model) { (model: inout SoundUNet) in
      (model(x, condition: condition, mode: .training) * cotangent).sum()
    }
    try data.expect(gradients, prefix: "grad.w.", relative: Self.gradients)
    let slopes = valueWithGradient(at: [x] + (condition.map { [$0] } ?? [])) { inputs in
      var copy = model
      return (copy(inputs[0], condition: inputs.count > 1 ? inputs[1] : nil, mode: .training) * cotangent).sum()
    }.gradients
    try data.expect(slopes[0], "grad.x", relative: Self.gradients)
    if condition != nil { try data.expect(slopes[1], "grad.condition", relative: Self.gradients) }
  }

  private func network(_ data: ParityData, conditions: Int) throws -> SoundUNet {
    let weights = try data.weights()
    // Convolutions that go down are those with 4 taps; in the order of nesting, that is of the length of the name.
    let downs = weights.entries.filter { $0.shape.count == 4 && $0.shape[3] == 4 }
      .sorted { $0.name.count < $1.name.count }
    var random = RandomStream(seed: 1)
    let features = try data.tensor("y").shape[1]
    var model = SoundUNet(
      widths: downs.map { $0.shape[0] },
      features: features,
      conditions: conditions,
      random: &random
    )
    try model.load(weights)
    return model
  }

  @Test("the loss without queries and its gradients", arguments: Parity.cases(paper, prefix: "pit_"))
  func permutations(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (targets, maps) = (try targets(data), try data.tensor("features"))
    try expectMask(data, targets, 0)
    try data.expect(targets.weights, "weight", absolute: Self.outputs)
    var random = RandomStream(seed: 1)
    var head = Convolution(inputChannels: maps.shape[1], outputChannels: 2, kernel: [1, 1], random: &random)
    try head.load(data.weights())
    let found = try named(head) { head in
      let both = head(maps)
      return MaskLoss.permutationInvariant((0..<2).map { both.sliced($0..<$0 + 1, axis: 1) }, targets)
    }
    try data.expect(found.value, "loss", absolute: Self.outputs)
    try data.expect(found.gradients, prefix: "grad.w.", relative: Self.gradients)
  }

  private func head(_ data: ParityData) throws -> QueryHead {
    let shape = try data.tensor("w.frame_net.weight").shape
    var random = RandomStream(seed: 1)
    var head = QueryHead(querySize: shape[1], features: shape[0], hasNoiseHeads: true, random: &random)
    try head.load(data.weights())
    return head
  }

  private func targets(_ data: ParityData) throws -> MaskTargets {
    let (mixture, expected) = (try data.tensor("mix"), try data.tensor("gt0"))
    let warp = FrequencyWarp(bins: mixture.shape[2], rows: expected.shape[2])
    return try MaskTargets(mixture: mixture, sources: [data.tensor("mag0"), data.tensor("mag1")], warp: warp)
  }

  @Test("targets, masks and both losses with gradients", arguments: Parity.cases(paper, prefix: "nit_"))
  func losses(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (head, targets) = (try head(data), try targets(data))
    let maps = try data.tensor("features")
    let embeddings = [try data.tensor("emb0"), try data.tensor("emb1")]
    try data.expect(targets.weights, "weight", absolute: Self.outputs)
    for source in 0..<2 { try expectMask(data, targets, source) }
    let projected = embeddings.map { head.projected($0) }
    for source in 0..<2 {
      let logits = head.maskLogits(projected[source], maps)
      try data.expect(logits, "mask_logit\(source)", absolute: Self.outputs)
    }
    for (index, logits) in head.noiseLogits(projected, maps).enumerated() {
      try data.expect(logits, "noise_logit\(index)", absolute: Self.outputs)
    }
    let plain = try named(head) { head in
      MaskLoss.plain(embeddings.map { head.maskLogits(head.projected($0), maps) }, targets)
    }
    try data.expect(plain.value, "loss.warmup", absolute: Self.outputs)
    try data.expect(plain.gradients, prefix: "grad.warmup.", relative: Self.gradients)

    let rule = MaskLoss(penalty: fixture.name.hasSuffix("noreg") ? 0 : 0.1)
    var activation: Tensor<Float>?
    let invariant = try named(head) { head in
      let projected = embeddings.map { head.projected($0) }
      let masks = try projected.enumerated().map { try data.pinned(head.maskLogits($1, maps), "mask_logit\($0)") }
      let noise = try head.noiseLogits(projected, maps).enumerated().map { try data.pinned($1, "noise_logit\($0)") }
      let result = rule.noiseInvariant(masks, noise: noise, targets)
      activation = result.activation.withoutGradient()
      return result.loss
    }
    try data.expect(invariant.value, "loss.nit", absolute: Self.outputs)
    try data.expect(try #require(activation), "mean_noise_act", absolute: Self.outputs)
    try data.expect(invariant.gradients, prefix: "grad.nit.", relative: Self.gradients)
  }

  /// Masks must be equal except where a magnitude stands within rounding of half the mixture's.
  private func expectMask(_ data: ParityData, _ targets: MaskTargets, _ source: Int) throws {
    let (mixture, magnitude) = (try data.tensor("mix"), try data.tensor("mag\(source)"))
    let warp = FrequencyWarp(bins: mixture.shape[2], rows: targets.weights.shape[2])
    let margins = (warp(magnitude) - warp(mixture + 1e-10) * 0.5).abs().values
    let expected = try data["gt\(source)"]
    for (index, value) in targets.masks[source].values.enumerated() where margins[index] >= 1e-6 {
      #expect(Double(value) == expected[index], "gt\(source), entry \(index)")
    }
  }
}
