import Layers
import Tensors
import Testing
import UniversalSeparation

@Suite("Conditional U-Net")
struct ConditionalUNetTests {
  @Test(
    "the published networks have the published numbers of parameters",
    arguments: [(Int?.none, 21_391_813), (527, 26_595_781), (2048, 41_586_757)]
  )
  func publishedCounts(_ conditionSize: Int?, _ count: Int) throws {
    var random = RandomStream(seed: 1)
    #expect(try ConditionalUNet(.published(conditionSize: conditionSize), random: &random).parameterCount == count)
  }

  @Test("the published networks run on two seconds", arguments: [Int?.none, 527, 2048])
  func publishedRun(_ conditionSize: Int?) throws {
    var random = RandomStream(seed: 1)
    var network = try ConditionalUNet(.published(conditionSize: conditionSize), random: &random)
    let mixture: Tensor<Float> = random.normal([1, 64_000], deviation: 0.1)
    let condition: Tensor<Float>? = conditionSize.map { random.uniform([1, $0], in: 0..<1) }
    let estimate = try network(mixture, conditions: condition, mode: .evaluation)
    #expect(estimate.shape == mixture.shape)
    #expect(estimate.values.allSatisfy { $0.isFinite })
    // The mask lets less through than comes in, and something.
    let ratio = (estimate.squared().mean() / mixture.squared().mean()).value
    #expect(ratio > 1e-3 && ratio < 1)
  }

  @Test("the compact network has 144,677 parameters")
  func compactCount() throws {
    var random = RandomStream(seed: 1)
    #expect(try ConditionalUNet(.compact, random: &random).parameterCount == 144_677)
  }
}
