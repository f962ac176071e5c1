import Layers
import LightningAttention
import Tensors
import TestSupport
import Testing

@Suite("Lightning attention and its models")
struct LightningModelTests {
  private static func model(_ algorithm: Lightning.Algorithm = .tiled(block: 64)) throws -> TransNormer {
    var random = RandomStream(seed: 5)
    let shape = try TransNormerConfiguration(layers: 3, width: 12, heads: 3, gatedWidth: 20, vocabulary: 7)
    return try TransNormer(shape, by: algorithm, random: &random)
  }
  private static let tokens = Tensor<Int>((0..<2 * 75).map { ($0 * $0 + 3 * $0) % 7 }, shape: [2, 75])

  @Test("configurations have the stated numbers of learned values")
  func counts() throws {
    var random = RandomStream(seed: 1)
    let quick = try TransNormerConfiguration.quick()
    #expect(try TransNormer(quick, random: &random).parameterCount == 116_928)
    #expect(SoftmaxTransformer(quick, random: &random).parameterCount == 108_672)
    let full = try TransNormerConfiguration.full()
    #expect(try TransNormer(full, random: &random).parameterCount == 491_808)
    #expect(quick.parameterCount == 116_928 && full.parameterCount == 491_808)
    #expect(quick.softmaxParameterCount == 108_672)
    #expect(try TnlAttention(width: 1024, heads: 8, random: &random).parameterCount == 4_458_496)
  }

  @Test("slopes of a power of two of heads, of others, and of layers")
  func slopes() throws {
    #expect(try DecaySlopes.standard(heads: 8) == (1...8).map { 1 / Double(1 << $0) })
    let three = try DecaySlopes.standard(heads: 3)
    #expect(mismatch(three, [0.0625, 0.00390625, 0.25], relative: 1e-14) == nil)
    #expect(try DecaySlopes.standard(heads: 40).count == 40)
    let last = try DecaySlopes.layer(3, of: 4, heads: 8)
    #expect(mismatch(last, try DecaySlopes.standard(heads: 8).map { $0 * 1e-5 }, relative: 1e-14) == nil)
    let only = try DecaySlopes.layer(0, of: 1, heads: 1)
    #expect(mismatch(only, [0.00390625 * 1.00001], relative: 1e-14) == nil)
  }

  @Test("a text read in parts has the scores of the whole text", arguments: [1, 7, 75])
  func parts(_ length: Int) throws {
    let model = try Self.model()
    let whole = try model.scores(Self.tokens).reshaped([2, 75, 7])
    var memory = model.emptyMemory
    var found: [Tensor<Float>] = []
    for start in stride(from: 0, to: 75, by: length) {
      let end = min(75, start + length)
      let scores = try model.advance(Self.tokens.sliced(start..<end, axis: 1), &memory)
      found.append(scores.reshaped([2, end - start, 7]))
    }
    #expect(memory.position == 75)
    let got = Tensor<Float>.concatenated(found, axis: 1)
    #expect(mismatch(got.values.map(Double.init), whole.values.map(Double.init), absolute: 1e-6) == nil)
  }

  @Test("the memory of a text does not grow with it")
  func memory() throws {
    let model = try Self.model()
    var memory = model.emptyMemory
    _ = try model.advance(Self.tokens.sliced(0..<1, axis: 1), &memory)
    let first = memory.count
    _ = try model.advance(Self.tokens, &memory)
    // Keys of layer 0 are twice as wide: 2 texts · 3 heads · 4 · (8 + 4 + 4).
    #expect(first == 2 * 3 * 4 * 16 && memory.count == first)
  }

  @Test("training by tiles and by the quadratic product is the same training")
  func sameTraining() throws {
    let text = Self.tokens.values
    func losses(_ algorithm: Lightning.Algorithm) throws -> [Float] {
      var training = try Self.model(algorithm).training(steps: 10, seed: 3)
      return try training.run(steps: 10) { model, _, random in
        try model.loss(TokenBatch(text, count: 2, window: 50, random: &random))
      }
    }
    let (tiled, naive) = (try losses(.tiled(block: 16)), try losses(.naive))
    #expect(mismatch(tiled.map(Double.init), naive.map(Double.init), absolute: 1e-5) == nil)
    #expect(tiled[9] < tiled[0])
  }

  @Test("both models see only what lies before")
  func causality() throws {
    var random = RandomStream(seed: 2)
    let lightning = try Self.model()
    let softmax = SoftmaxTransformer(lightning.shape, random: &random)
    var changed = Self.tokens
    for item in 0..<2 { changed[item, 60] = (changed[item, 60] + 1) % 7 }
    for scores in [lightning.scores, softmax.scores] {
      let (before, after) = (try scores(Self.tokens), try scores(changed))
      #expect(before.sliced(0..<60).values == after.sliced(0..<60).values)
      #expect(before.sliced(60..<61).values != after.sliced(60..<61).values)
    }
  }

  @Test("equal seeds make up equal texts")
  func generation() throws {
    let model = try Self.model()
    func made(_ seed: UInt64) throws -> [Int] {
      var random = RandomStream(seed: seed)
      return try model.generate(20, after: [1, 2, 3], random: &random)
    }
    let first = try made(1)
    #expect(first.count == 20 && first.allSatisfy { (0..<7).contains($0) })
    #expect(try made(1) == first)
    #expect(try made(2) != first)
  }

  @Test("the example layer keeps shapes and sees only what lies before")
  func example() throws {
    var random = RandomStream(seed: 4)
    let layer = try TnlAttention(width: 12, heads: 3, random: &random)
    let x = random.normal([1, 9, 12])
    let changed = Tensor<Float>.concatenated([x.sliced(0..<8, axis: 1), x.sliced(8..<9, axis: 1) * 2], axis: 1)
    let (before, after) = (try layer(x), try layer(changed))
    #expect(before.shape == x.shape)
    #expect(before.sliced(0..<8, axis: 1).values == after.sliced(0..<8, axis: 1).values)
  }

  @Test(
    "tiles of any length, size and block equal the masked product",
    arguments: [1, 3, 5, 6, 7, 15, 16, 17, 63, 64, 65, 200],
    [(1, 1), (5, 17), (16, 16), (24, 3), (33, 48)]
  )
  func anySize(_ length: Int, _ sizes: (Int, Int)) throws {
    var random = RandomStream(seed: UInt64(length))
    let shapes = [sizes.0, sizes.0, sizes.1].map { [2, 2, length, $0] }
    let x = shapes.map { random.normal($0, of: Double.self) }
    let slopes = [0, 3.5]
    let expected = try Lightning.attend(x[0], x[1], x[2], slopes: slopes, by: .naive)
    for block in [1, 6, 16, 23, 64] {
      let got = try Lightning.attend(x[0], x[1], x[2], slopes: slopes, by: .tiled(block: block))
      #expect(mismatch(got.values, expected.values, relative: 1e-12, absolute: 1e-11) == nil, "block \(block)")
    }
  }

  @Test("a slope so steep that its powers vanish leaves each position with itself")
  func steep() throws {
    var random = RandomStream(seed: 8)
    let x = (0..<3).map { _ in random.normal([1, 1, 100, 4]) }
    let got = try Lightning.attend(x[0], x[1], x[2], slopes: [1e6])
    let own = (x[0] * x[1]).sum(-1, keepsAxes: true) * x[2]
    #expect(mismatch(got.values.map(Double.init), own.values.map(Double.init), absolute: 1e-5) == nil)
    #expect(try Lightning.attend(x[0], x[1], x[2], slopes: [1e6], by: .naive).isClose(to: got, absolute: 1e-5))
  }

  @Test("no positions give an empty result")
  func empty() throws {
    let none = Tensor<Float>.zeros([1, 2, 0, 4])
    #expect(try Lightning.attend(none, none, none, slopes: [0, 1]).shape == [1, 2, 0, 4])
  }

  @Test("memory beyond inputs and results does not grow with the positions")
  func constantMemory() async {
    // In a process of its own: what tensors hold is counted for all tests that run at the time.
    await #expect(processExitsWith: .success) {
      func extra(_ n: Int) throws -> Int {
        var random = RandomStream(seed: 1)
        let inputs = (0..<3).map { _ in random.normal([1, 2, n, 16]) }
        TensorMemory.resetPeak()
        let before = TensorMemory.statistics.used
        _ = try valueWithGradient(at: inputs) { try Lightning.attend($0[0], $0[1], $0[2], slopes: [0.1, 1]) }
        return TensorMemory.statistics.peak - before
      }
      // Result, its gradient and three gradients, and not one array of n x block or n x n values.
      let (short, long) = (try extra(1024), try extra(8192))
      precondition(long - short <= 6 * (8192 - 1024) * 2 * 16 * 4)
    }
  }
}
