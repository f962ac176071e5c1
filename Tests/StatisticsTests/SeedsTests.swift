import Statistics
import Tensors
import Testing

/// The runner changes OpenBLAS's threads for the whole process, so its tests follow each other.
@Suite("Seeds", .serialized)
struct SeedsTests {
  private struct Failure: Error, Equatable { let index: Int }

  /// An experiment that meets oneDNN's products and convolutions, OpenBLAS, and parallel loops of our own.
  @Sendable private static func experiment(_ index: Int, _ random: inout RandomStream) -> [Double] {
    let x = random.normal([2, 16, 300])
    let w = random.normal([16, 16, 5])
    let a = random.normal([64, 96], of: Double.self)
    let products = a.matmul(a, transposesRight: true)
    let slopes = valueWithGradient(at: [x, w]) {
      $0[0].convolved($0[1], ConvolutionOptions(axes: 1, padding: 2)).tanh().softmax()
    }.gradients
    let flat = slopes[0].reshaped([32, 300])
    return products.sum(1).values + flat.matmul(flat, transposesRight: true).values.map(Double.init)
      + slopes[1].values.map(Double.init)
  }

  @Test("results are the same bits with 1, 2, 3 and 5 threads")
  func threads() {
    let seeds = Seeds(9, seed: 3)
    let alone = seeds.run(threads: 1, Self.experiment)
    #expect(Set(alone).count == 9)
    for threads in [2, 3, 5] { #expect(seeds.run(threads: threads, Self.experiment) == alone) }
  }

  @Test("inside a run every operation has one thread, and afterwards all of them again")
  func counts() {
    let before = Threads.count
    #expect(Seeds(4, seed: 0).run(threads: 2) { _, _ in Threads.count } == [1, 1, 1, 1])
    #expect(Seeds(2, seed: 0).run(threads: 1) { _, _ in Threads.count } == [1, 1])
    #expect(Threads.count == before)
  }

  @Test("conditions meet the same random numbers, seed by seed")
  func pairs() {
    let draws = Seeds(5, seed: 1).run(over: [1.0, 2.0]) { scale, _, random in scale * random.uniform() }
    #expect(draws[1] == draws[0].map { 2 * $0 })
    #expect(Seeds(5, seed: 1).run { _, random in random.uniform() } == draws[0])
    #expect(Seeds(5, seed: 2).run { _, random in random.uniform() } != draws[0])
    #expect(Seeds(0, seed: 1).run { _, random in random.uniform() }.isEmpty)
  }

  @Test("the first run in order that fails is the one that is reported", arguments: [1, 2, 4])
  func failures(threads: Int) {
    let error = #expect(throws: Failure.self) {
      try Seeds(40, seed: 0).run(threads: threads) { index, _ in
        if index % 7 == 6 { throw Failure(index: index) }
      }
    }
    #expect(error == Failure(index: 6))
  }

  @Test("a run can do runs of its own")
  func nesting() {
    let sums = Seeds(4, seed: 0).run(threads: 2) { _, random in
      Seeds(3, random: random).run(threads: 2) { index, inner in Double(index) + inner.uniform() }
    }
    let alone = Seeds(4, seed: 0).run(threads: 1) { _, random in
      Seeds(3, random: random).run(threads: 1) { index, inner in Double(index) + inner.uniform() }
    }
    #expect(sums == alone)
  }

  /// In a process of its own: the tensors of other tests would count.
  @Test("ten thousand short runs lose no memory")
  func memory() async {
    await #expect(processExitsWith: .success) {
      let seeds = Seeds(10_000, seed: 5)
      _ = seeds.run(threads: 2) { _, random in random.normal([8, 8]).sum().value }
      let before = TensorMemory.statistics.used
      _ = seeds.run(threads: 2) { _, random in random.normal([8, 8]).sum().value }
      precondition(TensorMemory.statistics.used <= before + 1 << 20)
    }
  }
}
