import Tensors
import Testing

@Suite("Random numbers")
struct RandomTests {
  /// The published test vectors of Philox4x32-10: counter, key, result.
  static let vectors: [(counter: (UInt64, UInt64), key: UInt64, words: [UInt32])] = [
    ((0, 0), 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    ((.max, .max), .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    (
      (0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e), 0x299f_31d0_a409_3822,
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ]

  @Test("the cipher gives the published vectors", arguments: vectors.indices)
  func published(index: Int) {
    let vector = Self.vectors[index]
    #expect(RandomStream.block(key: vector.key, stream: vector.counter.1, vector.counter.0) == vector.words)
  }

  @Test("numbers do not depend on the number of threads or on how they are asked for")
  func threads() {
    let before = Threads.count
    defer { Threads.count = before }
    Threads.count = 1
    var one = RandomStream(seed: 4)
    let alone = one.normal([100_001], of: Double.self)
    Threads.count = 4
    var many = RandomStream(seed: 4)
    #expect(many.normal([100_001], of: Double.self) == alone)
    var parts = RandomStream(seed: 4)
    let first = parts.normal([50_000], of: Double.self)
    #expect(first.values == Array(alone.values[..<50_000]))
    #expect(parts.normal([2], of: Double.self).values == Array(alone.values[50_000..<50_002]))
  }

  // The bits agree with a calculation in another language to two units of the last place.
  @Test("normal numbers are known to the last bit")
  func bits() {
    var stream = RandomStream(seed: 2026, stream: 1)
    let values = stream.normal([4], of: Double.self)
    #expect(
      values.values.map(\.bitPattern) == [
        4602500834944705818, 13815737310787443454, 13829877328417887979, 13828125338379089012,
      ]
    )
  }

  @Test("moments are those of the distributions")
  func moments() {
    var stream = RandomStream(seed: 1)
    let count = 200_000
    func check(_ values: [Double], mean: Double, variance: Double) {
      let average = values.reduce(0, +) / Double(count)
      let spread = values.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count)
      // Five standard errors of a mean, and ten of a variance to allow for its heavier tail.
      #expect(abs(average - mean) < 5 * (variance / Double(count)).squareRoot())
      #expect(abs(spread / variance - 1) < 0.05)
    }
    check(stream.uniform([count], of: Double.self).values, mean: 0.5, variance: 1 / 12)
    check(stream.normal([count], mean: 3, deviation: 2, of: Double.self).values, mean: 3, variance: 4)
    check(stream.gamma(count, shape: 2.5), mean: 2.5, variance: 2.5)
    check(stream.gamma(count, shape: 0.4), mean: 0.4, variance: 0.4)
    check(stream.bernoulli([count], probability: 0.3, of: Double.self).values, mean: 0.3, variance: 0.21)
    check(stream.categorical(count, weights: [1, 0, 3]).map(Double.init), mean: 1.5, variance: 0.75)
  }

  @Test("permutations hold every number once, points of a simplex add up to one")
  func sets() {
    var stream = RandomStream(seed: 9)
    #expect(stream.permutation(1000).sorted() == Array(0..<1000))
    let points = stream.dirichlet(50, concentrations: [0.5, 1, 3])
    #expect(points.sum(1).isClose(to: .ones([50]), absolute: 1e-12))
    #expect(stream.stream(1) != stream.stream(2))
  }
}
