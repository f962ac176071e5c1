import Diffusion
import DiffusionTransformers
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Diffusion transformers")
struct DiffusionTransformerTests {
  private static func configuration(
    _ mixing: TokenMixing = .linear(DepthwiseKernel(size: 3)),
    heads: Int = 2
  ) throws -> DiffusionTransformerConfiguration {
    try DiffusionTransformerConfiguration(
      side: 4,
      channels: 1,
      width: 16,
      layers: 2,
      heads: heads,
      classes: 3,
      timeCode: 8,
      mixing: mixing
    )
  }
  private static func model(_ shape: DiffusionTransformerConfiguration, seed: UInt64 = 1) throws -> DiffusionTransformer
  {
    var random = RandomStream(seed: seed)
    return try DiffusionTransformer(shape, labelDeviation: 0.5, random: &random)
  }
  /// A model all of whose parameters are drawn: fresh ones predict zeros.
  private static func drawn(_ shape: DiffusionTransformerConfiguration, seed: UInt64) throws -> DiffusionTransformer {
    var random = RandomStream(seed: seed)
    var model = try model(shape)
    model.updateParameters { _, tensor in random.normal(tensor.shape, deviation: 0.2) }
    return model
  }

  static let published: [(PublishedSize, dit: Int, shared: Int, separate: Int)] = [
    (.small, 32_865_056, 32_924_960, 32_984_864), (.base, 130_315_808, 130_395_680, 130_555_424),
    (.large, 457_840_672, 458_000_416, 458_479_648), (.extraLarge, 674_834_720, 675_044_384, 675_673_376),
  ]

  @Test("the published sizes have the stated numbers of learned values", arguments: published.indices)
  func counts(_ index: Int) throws {
    let (size, dit, shared, separate) = Self.published[index]
    #expect(try size.dit().parameterCount == dit)
    #expect(try size.lit().parameterCount == shared)
    #expect(try size.lit(kernel: DepthwiseKernel(size: 5, isShared: false)).parameterCount == separate)
  }

  @Test("built models have as many learned values as their configurations say")
  func built() throws {
    #expect(try Self.model(PublishedSize.small.dit()).parameterCount == 32_865_056)
    #expect(try Self.model(PublishedSize.small.lit()).parameterCount == 32_924_960)
    let digits = try DiffusionTransformerConfiguration(
      side: 8,
      channels: 1,
      width: 64,
      layers: 4,
      heads: 4,
      classes: 10,
      timeCode: 64,
      mixing: .softmax
    )
    #expect(try Self.model(digits).parameterCount == 316_936)
    let lit = try digits.with(.linear(DepthwiseKernel(size: 3)), heads: 2)
    #expect(try Self.model(lit).parameterCount == 318_216)
    let separate = try Self.configuration(.linear(DepthwiseKernel(size: 3, isShared: false)))
    #expect(try Self.model(separate).parameterCount == separate.parameterCount)
  }

  @Test("a fresh model predicts nothing, and each block is the identity")
  func fresh() throws {
    let model = try Self.model(Self.configuration())
    var random = RandomStream(seed: 2)
    let output = try model(random.normal([2, 1, 4, 4]), timesteps: [3, 900], labels: [0, 3])
    #expect(output == .zeros([2, 2, 4, 4]))
    let x = random.normal([2, 4, 16])
    #expect(try model.blocks[0](x, condition: random.normal([2, 16]), rows: 2, columns: 2) == x)
  }

  @Test("linear attention equals the sum over all pairs")
  func linear() {
    var random = RandomStream(seed: 3)
    let x = (0..<3).map { _ in random.normal([2, 3, 7, 4]) }
    let weights = (x[0].relu() + 1e-6).matmul(x[1].relu() + 1e-6, transposesRight: true)
    let expected = weights.matmul(x[2]) / (weights.sum(-1, keepsAxes: true) + 7e-6)
    #expect(MixingAttention.linear(x[0], x[1], x[2]).isClose(to: expected, relative: 1e-4, absolute: 1e-5))
  }

  @Test("a query that ReLU kills reads a finite mean of all values")
  func dead() {
    let q = Tensor<Float>(repeating: -1, shape: [1, 1, 3, 2])
    let v = Tensor<Float>([1, 2, 3, 4, 5, 6], shape: [1, 1, 3, 2])
    let inputs = [q, q, v]
    let read = MixingAttention.linear(q, q, v)
    #expect(read.values.allSatisfy { $0.isFinite })
    let gradients = valueWithGradient(at: inputs) { MixingAttention.linear($0[0], $0[1], $0[2]).sum() }.gradients
    #expect(gradients.allSatisfy { $0.values.allSatisfy { $0.isFinite } })
  }

  @Test("the shared convolution acts on each head's channels, the separate one on the model's")
  func sharing() throws {
    var random = RandomStream(seed: 4)
    let shared = try MixingAttention(width: 8, heads: 2, mixing: .linear(DepthwiseKernel(size: 3)), random: &random)
    var separate = try MixingAttention(
      width: 8,
      heads: 2,
      mixing: .linear(DepthwiseKernel(size: 3, isShared: false)),
      random: &random
    )
    (separate.input, separate.output) = (shared.input, shared.output)
    let (kernel, bias) = (try #require(shared.convolution).weight, try #require(shared.convolution?.bias))
    separate.convolution?.weight = .concatenated([kernel, kernel])
    separate.convolution?.bias = .concatenated([bias, bias])
    let x = random.normal([2, 12, 8])
    let (a, b) = (try shared(x, rows: 3, columns: 4), try separate(x, rows: 3, columns: 4))
    #expect(a.isClose(to: b, absolute: 1e-5))
  }

  @Test("a student inherits all but attention, or the parts of it that are asked for")
  func inheritance() throws {
    let teacher = try Self.drawn(Self.configuration(.softmax, heads: 4), seed: 5)
    let fresh = try Self.drawn(Self.configuration(), seed: 6)
    var taught: [String: Tensor<Float>] = [:]
    for entry in teacher.namedTensors { taught[entry.name] = entry.tensor }
    var student = fresh
    let names = try student.inherit(from: teacher)
    for (entry, before) in zip(student.namedTensors, fresh.namedTensors) {
      let isAttention = entry.name.contains(".attn.")
      #expect(entry.tensor == (isAttention ? before.tensor : taught[entry.name]), "\(entry.name)")
      #expect(names.contains(entry.name) == !isAttention)
    }
    var partly = fresh
    try partly.inherit(from: teacher, attention: [.keys, .values])
    let (own, old, given) = (partly.blocks[1], fresh.blocks[1], teacher.blocks[1])
    let parts = zip(own.attention.input.weight.split(into: 3), old.attention.input.weight.split(into: 3))
    let expected = given.attention.input.weight.split(into: 3)
    for (index, part) in parts.enumerated() { #expect(part.0 == (index == 0 ? part.1 : expected[index])) }
    #expect(own.attention.output.weight == old.attention.output.weight)
    try partly.inherit(from: teacher, attention: .output)
    #expect(partly.blocks[1].attention.output.weight == given.attention.output.weight)
  }

  @Test("distillation adds the weighted distances to the teacher, and no gradient reaches it")
  func distillation() throws {
    let schedule = try NoiseSchedule.linear()
    let (teacher, student) = (
      try Self.drawn(Self.configuration(.softmax), seed: 7), try Self.drawn(Self.configuration(), seed: 8)
    )
    var random = RandomStream(seed: 9)
    let pictures = random.uniform([4, 1, 4, 4], in: -1..<1)
    let batch = try NoisyBatch(pictures, labels: [0, 1, 2, 0], schedule: schedule, random: &random)
    let plain = try student.loss(batch, schedule: schedule)
    let hybrid = HybridDistillation(from: teacher, noiseWeight: 0.5, varianceWeight: 0.05)
    let taught = try student.loss(batch, schedule: schedule, distillation: hybrid)
    let gap = try student.gap(to: teacher, on: batch, schedule: schedule)
    let expected = Double(plain.total.value) + 0.5 * gap.noise + 0.05 * gap.variance
    #expect(abs(Double(taught.total.value) - expected) < 1e-4 * expected)
    #expect(taught.meanSquare == plain.meanSquare)
    #expect(try student.gap(to: student, on: batch, schedule: schedule) == (0, 0))
  }

  @Test("training lowers the error, and equal seeds train equal models")
  func training() throws {
    var random = RandomStream(seed: 10)
    // Three pictures, one a class: soon known by heart.
    let pictures = random.bernoulli([3, 1, 4, 4], probability: 0.5) * 2 - 1
    let schedule = try NoiseSchedule.linear()
    func trained(_ seed: UInt64) throws -> TrainedDiffusion {
      try Self.model(Self.configuration()).trained(
        on: pictures,
        labels: [0, 1, 2],
        schedule: schedule,
        recipe: DiffusionRecipe(steps: 80, rate: 5e-3, batch: 32),
        random: RandomStream(seed: seed)
      )
    }
    let first = try trained(1)
    let (early, late) = (first.errors.prefix(10).reduce(0, +), first.errors.suffix(10).reduce(0, +))
    #expect(first.errors.count == 80 && late < 0.6 * early)
    #expect(try trained(1).errors == first.errors)
    #expect(first.average.parameters[0] != first.model.parameters[0])
    let samples = try first.average.sample(
      [0, 1, 2, 0],
      schedule: schedule.respaced(to: 10),
      guidance: 1.5,
      random: &random
    )
    #expect(samples.shape == [4, 1, 4, 4] && samples.values.allSatisfy { abs($0) <= 1.001 })
  }

  @Test("guidance of weight 1 is none, of weight 0 forgets the class")
  func guidance() throws {
    let model = try Self.drawn(Self.configuration(), seed: 11)
    let schedule = try NoiseSchedule.linear().respaced(to: 4)
    func drawn(_ labels: [Int], _ guidance: Float) throws -> Tensor<Float> {
      var random = RandomStream(seed: 12)
      return try model.sample(labels, schedule: schedule, by: .ddim(), guidance: guidance, random: &random)
    }
    #expect(try drawn([0, 1], 1) != drawn([1, 2], 1))
    #expect(try drawn([0, 1], 0).isClose(to: drawn([3, 3], 1), absolute: 1e-5))
  }
}

@Suite("Errors of diffusion transformers")
struct DiffusionTransformerErrorTests {
  private static func model() throws -> DiffusionTransformer {
    var random = RandomStream(seed: 1)
    return try DiffusionTransformer(configuration(width: 8, heads: 2), random: &random)
  }
  private static func configuration(
    width: Int = 8,
    heads: Int = 2,
    side: Int = 4,
    layers: Int = 1,
    kernel: Int = 3
  ) throws -> DiffusionTransformerConfiguration {
    try DiffusionTransformerConfiguration(
      side: side,
      channels: 1,
      width: width,
      layers: layers,
      heads: heads,
      classes: 3,
      timeCode: 8,
      mixing: .linear(DepthwiseKernel(size: kernel))
    )
  }

  static let refused: [(message: String, call: @Sendable () throws -> Void)] = [
    ("3 heads do not divide width 8; choose a divisor of 8", { _ = try configuration(heads: 3) }),
    (
      "the depthwise kernel has 4 taps a side; an odd number is needed, so that it has a middle",
      { _ = try configuration(kernel: 4) }
    ),
    ("side must be a multiple of patch 2, got 5", { _ = try configuration(side: 5) }),
    ("width must be a multiple of 4, got 6", { _ = try configuration(width: 6) }),
    ("number of layers must be at least 1, got 0", { _ = try configuration(layers: 0) }),
    (
      "7 tokens do not fill a grid of 2 × 4, which has 8",
      {
        var random = RandomStream(seed: 1)
        _ = try MixingAttention(width: 8, heads: 2, mixing: .lit, random: &random)(
          .zeros([1, 7, 8]),
          rows: 2,
          columns: 4
        )
      }
    ),
    (
      "pictures must have shape [batch, 1, 4, 4], got [2, 1, 4, 5]",
      { _ = try model()(.zeros([2, 1, 4, 5]), timesteps: [0, 0], labels: [0, 0]) }
    ),
    (
      "label 4 of item 1 is not in 0...3, where 3 stands for no class",
      { _ = try model()(.zeros([2, 1, 4, 4]), timesteps: [0, 0], labels: [3, 4]) }
    ),
    (
      "number of timesteps must be 2, one a picture, got 1",
      { _ = try model()(.zeros([2, 1, 4, 4]), timesteps: [0], labels: [3, 3]) }
    ),
    (
      "teacher and student differ in blocks.1.attn.qkv.bias; build both with the same sizes",
      {
        var random = RandomStream(seed: 1)
        var student = try model()
        var names: [String] = []
        do {
          try student.inherit(from: try DiffusionTransformer(configuration(layers: 2), random: &random))
        } catch DiffusionTransformerError.differentModels(let parameters) {
          names = parameters.filter { $0.hasSuffix("qkv.bias") }
        }
        throw DiffusionTransformerError.differentModels(parameters: names)
      }
    ),
  ]

  @Test("each mistake is named with its cure", arguments: refused.indices)
  func errors(_ index: Int) {
    let error = #expect(throws: DiffusionTransformerError.self) { try Self.refused[index].call() }
    #expect(error?.description == Self.refused[index].message)
  }
}
