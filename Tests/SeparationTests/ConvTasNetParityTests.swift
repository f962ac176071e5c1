import Layers
import Separation
import Tensors
import TestSupport
import Testing

private let paper = "conv-tasnet"

@Suite("Parity of Conv-TasNet")
struct ConvTasNetParityTests {
  /// Single precision against double, over a dozen layers.
  private static let outputs = 2e-5
  private static let gradients = 2e-4

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let names = Parity.committedNames(paper)
    #expect(names.count >= 6)
    for name in names { #expect(["ta_", "kx_", "pit_", "bss_"].contains { name.hasPrefix($0) }, "\(name)") }
  }

  private func check(_ configuration: ConvTasNetConfiguration, _ data: ParityData) throws {
    var random = RandomStream(seed: 1)
    var model = try ConvTasNet(configuration, random: &random)
    try model.load(try data.weights())
    let mixture = try data.tensor("in.mixture")
    let wide = mixture.reshaped([mixture.shape[0], configuration.channels, mixture.shape[mixture.rank - 1]])
    let parts = model.parts(wide)
    try expectParity(parts.encoded, data, "out.encoded", Self.outputs)
    try expectParity(parts.masks, data, "out.mask", Self.outputs)
    try expectParity(model(wide), data, "out.sources", Self.outputs)
    let cotangent = try data.tensor("in.cotangent")
    try expectGradientParity(model, data, input: "in.mixture", tolerance: Self.gradients) { model, x in
      (model(x.reshaped(wide.shape)).reshaped(cotangent.shape) * cotangent).sum()
    }
  }

  @Test("the form with skip paths equals torchaudio's", arguments: Parity.cases(paper, prefix: "ta_"))
  func skipForm(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var configuration = ConvTasNetConfiguration(
      filters: try data.integer("enc_num_feats"),
      filterLength: try data.integer("enc_kernel_size"),
      bottleneck: try data.integer("msk_num_feats"),
      hidden: try data.integer("msk_num_hidden_feats"),
      skip: try data.integer("msk_num_feats"),
      blocks: try data.integer("msk_num_layers"),
      repeats: try data.integer("msk_num_stacks")
    )
    configuration.sources = try data.integer("num_sources")
    configuration.mask = data.file.metadata["msk_activate"] == "relu" ? .relu : .sigmoid
    try check(configuration, data)
  }

  @Test("the residual form equals the first version's reference", arguments: Parity.cases(paper, prefix: "kx_"))
  func residualForm(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let text = try #require(data.file.metadata["N_L_B_H_P_X_R_C"])
    let sizes = text.split { !$0.isNumber }.compactMap { Int($0) }
    var configuration = ConvTasNetConfiguration(
      filters: sizes[0],
      filterLength: sizes[1],
      bottleneck: sizes[2],
      hidden: sizes[3],
      skip: 0,
      blocks: sizes[5],
      repeats: sizes[6]
    )
    (configuration.kernel, configuration.sources, configuration.form) = (sizes[4], sizes[7], .residual)
    configuration.isCausal = data.file.metadata["causal"] == "True"
    configuration.norm = data.file.metadata["norm_type"] == "gLN" ? .global : .channel
    configuration.mask = data.file.metadata["mask_nonlinear"] == "relu" ? .relu : .softmax
    try check(configuration, data)
  }

  @Test("the loss, its pairing and its gradient equal the reference's", arguments: Parity.cases(paper, prefix: "pit_"))
  func loss(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (estimates, sources) = (try data.tensor("in.estimate"), try data.tensor("in.source"))
    let lengths = try data["in.lengths"].map { Int($0) }
    let loss = PermutationInvariantLoss(estimates, sources, lengths: lengths)
    #expect(mismatch([Double(loss.value.value)], try data["out.loss"], absolute: 1e-4) == nil)
    #expect(mismatch(loss.best, try data["out.best_si_snr"], absolute: 1e-4) == nil)
    let samples = estimates.shape[2]
    // The reference finds the source of each estimate and then reads it as the estimate of each source: the inverse order.
    let reordered = loss.pairing.enumerated().flatMap { item, order in
      order.indices.flatMap { source in
        estimates.selected(item).selected(order.firstIndex(of: source) ?? 0).values.map(Double.init)
      }
    }
    let inside = reordered.indices.map { $0 % samples < lengths[$0 / (samples * estimates.shape[1])] }
    let expected = try data["out.reordered"]
    #expect(reordered.indices.allSatisfy { !inside[$0] || reordered[$0] == expected[$0] })
    let slope = gradient(at: estimates) { PermutationInvariantLoss($0, sources, lengths: lengths).value }
    try expectParity(slope, data, "grad.estimate", Self.gradients)
  }
}
