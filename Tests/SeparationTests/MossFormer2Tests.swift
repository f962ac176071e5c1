import Layers
import Separation
import Tensors
import TestSupport
import Testing

private let paper = "mossformer2"

@Suite("MossFormer2")
struct MossFormer2Tests {
  /// Single precision against double.
  private static let outputs = 2e-5
  private static let gradients = 3e-4

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let forms = ["attention_", "dilated_dense_", "net_", "recurrent_", "rotary_"]
    let names = Parity.committedNames(paper)
    #expect(names.count >= 7)
    for name in names { #expect(forms.contains { name.hasPrefix($0) }, "\(name)") }
  }

  @Test("published sizes have exactly the published numbers of parameters")
  func counts() throws {
    var random = RandomStream(seed: 1)
    #expect(try MossFormer2(.base, random: &random).parameterCount == 55_735_394)
    #expect(JointAttention(.base, isFirst: true, random: &random).parameterCount == 1_687_827 - 16)
    #expect(RecurrentBlock(.base, random: &random).parameterCount == 568_065)
    var configuration = MossFormer2Configuration.scaled
    #expect(try MossFormer2(configuration, random: &random).parameterCount == 171_402)
    configuration.hasRecurrence = false
    #expect(try MossFormer2(configuration, random: &random).parameterCount == 108_168)
    configuration = .base
    (configuration.sources, configuration.blocks) = (3, 1)
    let two = try MossFormer2(
      {
        var own = configuration; own.sources = 2
        return own
      }(),
      random: &random
    )
    let three = try MossFormer2(configuration, random: &random)
    #expect(three.parameterCount - two.parameterCount == 55_998_066 - 55_735_410)
  }

  private func check<Block: Module>(
    _ block: Block,
    _ data: ParityData,
    ignoring: Set<String> = [],
    call: @escaping (Block, Tensor<Float>) -> Tensor<Float>
  ) throws {
    var block = block
    try block.load(try data.weights())
    try expectParity(call(block, try data.tensor("in.x")), data, "out.y", Self.outputs)
    let cotangent = try data.tensor("in.cotangent")
    try expectGradientParity(block, data, input: "in.x", ignoring: ignoring, tolerance: Self.gradients) { block, x in
      (call(block, x) * cotangent).sum()
    }
  }

  @Test("rotation of queries and keys", arguments: Parity.cases(paper, prefix: "rotary_"))
  func rotary(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let rotary = RotaryEmbedding(channels: try data.integer("rotary_dim"))
    try expectParity(rotary.frequencies, data, "const.freqs", 1e-6)
    try expectParity(rotary(try data.tensor("in.x")), data, "out.y", 1e-6)
  }

  @Test("joint attention, whole groups or not", arguments: Parity.cases(paper, prefix: "attention_"))
  func attention(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var configuration = MossFormer2Configuration.base
    configuration.width = try data.integer("dim")
    configuration.group = try data.integer("group_size")
    configuration.queryWidth = try data.integer("query_key_dim")
    var random = RandomStream(seed: 1)
    try check(JointAttention(configuration, isFirst: true, random: &random), data) { $0($1) }
  }

  @Test("the memory without recurrence", arguments: Parity.cases(paper, prefix: "dilated_dense_"))
  func memory(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let shape = try data.tensor("in.x").shape
    var random = RandomStream(seed: 1)
    let net = DilatedDenseNet(channels: shape[1], order: try data.integer("lorder"), random: &random)
    try check(net, data) { $0($1.squeezed(3)).reshaped(shape) }
  }

  @Test("the recurrent block", arguments: Parity.cases(paper, prefix: "recurrent_"))
  func recurrence(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var configuration = MossFormer2Configuration.base
    configuration.width = try data.integer("dim")
    configuration.inner = try data.integer("inner")
    configuration.order = try data.integer("lorder")
    var random = RandomStream(seed: 1)
    try check(RecurrentBlock(configuration, random: &random), data) { $0($1) }
  }

  @Test("the whole network", arguments: Parity.cases(paper, prefix: "net_"))
  func net(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var configuration = MossFormer2Configuration.base
    configuration.filters = try data.integer("N")
    configuration.filterLength = try data.integer("kernel")
    configuration.width = try data.integer("dim")
    configuration.blocks = try data.integer("blocks")
    configuration.group = try data.integer("group_size")
    configuration.queryWidth = try data.integer("query_key_dim")
    configuration.inner = try data.integer("inner")
    configuration.sources = try data.integer("num_spks")
    var random = RandomStream(seed: 1)
    var model = try MossFormer2(configuration, random: &random)
    try model.load(try data.weights())
    let mixture = try data.tensor("in.x")
    let parts = model.parts(mixture.expanded(at: 1))
    try expectParity(parts.encoded, data, "out.encoded", Self.outputs)
    try expectParity(parts.masks.transposed(0, 1), data, "out.mask", Self.outputs)
    try check(model, data) { $0($1.expanded(at: 1)).squeezed(2) }
  }

  @Test("one frame, and fewer frames than a group, give finite estimates", arguments: [16, 40, 300])
  func short(_ samples: Int) throws {
    var random = RandomStream(seed: 3)
    var configuration = MossFormer2Configuration.scaled
    configuration.filterLength = 16
    let model = try MossFormer2(configuration, random: &random)
    let estimates = model(random.normal([1, 1, samples]))
    #expect(estimates.shape == [1, 2, 1, samples])
    #expect(estimates.values.allSatisfy { $0.isFinite })
    #expect(model(Tensor<Float>.zeros([1, 1, samples])).values.allSatisfy { $0.isFinite })
  }

  @Test("the gradient of silence is finite")
  func silentGradient() throws {
    var random = RandomStream(seed: 3)
    var model = try MossFormer2(.scaled, random: &random)
    let gradients = valueWithGradient(at: &model) { $0(.zeros([1, 1, 400])).squared().sum() }.gradients
    #expect(gradients.tensors.allSatisfy { $0?.values.allSatisfy { $0.isFinite } ?? true })
  }
}
