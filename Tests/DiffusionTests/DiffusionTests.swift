import Diffusion
import Tensors
import TestSupport
import Testing

@Suite("Diffusion")
struct DiffusionTests {
  @Test("respacing to all steps changes nothing, and keeps the signal at those that stay")
  func respacing() throws {
    let whole = try NoiseSchedule.linear()
    let same = try whole.respaced(to: 1000)
    #expect(mismatch(same.betas, whole.betas, relative: 1e-9) == nil)
    for count in [2, 7, 25, 250] {
      let few = try whole.respaced(to: count)
      #expect(few.count == count && few.timesteps.first == 0 && few.timesteps.last == 999)
      let kept = few.timesteps.map { whole.signal[$0] }
      #expect(mismatch(few.signal, kept, relative: 1e-9) == nil)
    }
  }

  @Test("schedules end in noise, the cosine one keeps more signal in the middle")
  func kinds() throws {
    let (linear, cosine) = (try NoiseSchedule.linear(), try NoiseSchedule.cosine())
    #expect(linear.signal[999] < 1e-4 && cosine.signal[999] < 1e-4)
    #expect(abs(linear.betas[0] - 1e-4) < 1e-12 && abs(linear.betas[999] - 0.02) < 1e-12)
    #expect(cosine.signal[500] > linear.signal[500] + 0.3)
    let short = try NoiseSchedule.linear(steps: 200)
    #expect(short.signal[199] < 1e-4 && short.count == 200)
  }

  /// A network that knows that all items are one: its noise is what makes any x_t of it.
  private func oracle(_ schedule: NoiseSchedule, _ target: Tensor<Float>) -> (Tensor<Float>, [Int]) throws ->
    NoisePrediction<Float>
  {
    { items, timesteps in
      let step = try #require(schedule.timesteps.firstIndex(of: timesteps[0]))
      let left = schedule.signal[step]
      return NoisePrediction(noise: (items - target * Float(left.squareRoot())) * Float(1 / (1 - left).squareRoot()))
    }
  }

  @Test("with perfect predictions every sampler ends at the item", arguments: [Sampler.ddpm, .ddim(), .ddim(eta: 0.7)])
  func perfect(_ sampler: Sampler) throws {
    let schedule = try NoiseSchedule.linear().respaced(to: 20)
    var random = RandomStream(seed: 3)
    let target = random.uniform([2, 1, 4, 4], in: -0.9..<0.9)
    var seen: [Int] = []
    let found = try schedule.sample(
      from: random.normal([2, 1, 4, 4]),
      by: sampler,
      random: &random,
      watching: { step, _ in seen.append(step) },
      predict: oracle(schedule, target)
    )
    #expect(found.isClose(to: target, absolute: 1e-3))
    #expect(seen == (0..<20).reversed())
  }

  @Test("samples of normally distributed data have its mean and deviation")
  func normalData() throws {
    // For x_0 ~ N(m, s²) the best prediction of the noise is linear in x_t.
    let (mean, deviation) = (0.3, 0.2)
    let schedule = try NoiseSchedule.linear().respaced(to: 200)
    for sampler in [Sampler.ddpm, .ddim()] {
      var random = RandomStream(seed: 4)
      let found = try schedule.sample(
        from: random.normal([20000, 1]),
        by: sampler,
        clippedTo: nil,
        random: &random
      ) { items, timesteps in
        let step = try #require(schedule.timesteps.firstIndex(of: timesteps[0]))
        let left = schedule.signal[step]
        let variance = left * deviation * deviation + 1 - left
        let centred = items - Float(left.squareRoot() * mean)
        return NoisePrediction(noise: centred * Float((1 - left).squareRoot() / variance))
      }
      #expect(abs(Double(found.mean().value) - mean) < 0.01, "\(sampler)")
      #expect(abs(Double(found.variance().sqrt().value) - deviation) < 0.015, "\(sampler)")
    }
  }

  @Test("DDIM without fresh noise draws nothing, and equal seeds draw equal samples")
  func determinism() throws {
    let schedule = try NoiseSchedule.linear().respaced(to: 5)
    let target = Tensor<Float>(repeating: 0.5, shape: [1, 2])
    var random = RandomStream(seed: 1)
    let noise = random.normal([1, 2])
    let before = random.position
    _ = try schedule.sample(from: noise, by: .ddim(), random: &random, predict: oracle(schedule, target))
    #expect(random.position == before)
    func drawn(_ seed: UInt64) throws -> Tensor<Float> {
      var random = RandomStream(seed: seed)
      return try schedule.sample(from: noise, clippedTo: nil, random: &random) { items, _ in
        NoisePrediction(noise: items * 0.5)
      }
    }
    #expect(try drawn(1) == drawn(1))
    #expect(try drawn(1) != drawn(2))
  }

  @Test("the variance channel trains the variance, not the noise")
  func separation() throws {
    let schedule = try NoiseSchedule.linear()
    var random = RandomStream(seed: 6)
    let (start, noise) = (random.uniform([3, 2, 2], in: -1..<1), random.normal([3, 2, 2]))
    let steps = [0, 10, 900]
    let items = try schedule.noised(start, noise: noise, at: steps)
    let inputs = [random.normal([3, 2, 2]), random.normal([3, 2, 2])]
    let gradients = try valueWithGradient(at: inputs) { inputs in
      let prediction = NoisePrediction(noise: inputs[0], variance: inputs[1])
      let terms = try schedule.loss(prediction, start: start, noise: noise, items: items, at: steps)
      return (try #require(terms.bound)).sum()
    }.gradients
    #expect(gradients[0].values.allSatisfy { $0 == 0 })
    #expect(gradients[1].values.contains { $0 != 0 })
  }

  static let refused: [(message: String, call: @Sendable () throws -> Void)] = [
    ("number of steps must be at least 2, got 1", { _ = try NoiseSchedule(betas: [0.1]) }),
    ("β of step 1 must be between 0 and 1, got 1.0", { _ = try NoiseSchedule(betas: [0.1, 1]) }),
    (
      "number of steps that stay must be in 2…1000, got 1001",
      { _ = try NoiseSchedule.linear().respaced(to: 1001) }
    ),
    (
      "step 1000 of item 1 is not in 0..<1000, the steps of the schedule",
      { _ = try NoiseSchedule.linear().noised(Tensor<Float>.zeros([2, 1]), noise: .zeros([2, 1]), at: [0, 1000]) }
    ),
    (
      "noise must have shape [2, 1], got [2, 2]",
      { _ = try NoiseSchedule.linear().noised(Tensor<Float>.zeros([2, 1]), noise: .zeros([2, 2]), at: [0, 1]) }
    ),
    (
      "number of steps must be 2, one an item, got 1",
      { _ = try NoiseSchedule.linear().noised(Tensor<Float>.zeros([2, 1]), noise: .zeros([2, 1]), at: [0]) }
    ),
    (
      "output of the network must have shape [2, 6, 4], got [2, 5, 4]",
      { _ = try NoisePrediction(Tensor<Float>.zeros([2, 5, 4]), channels: 3) }
    ),
    (
      "η must be in 0…1, got 1.5",
      {
        var random = RandomStream(seed: 1)
        _ = try NoiseSchedule.linear().sample(from: .zeros([1]), by: .ddim(eta: 1.5), random: &random) { items, _ in
          NoisePrediction(noise: items)
        }
      }
    ),
  ]

  @Test("each mistake is named with its cure", arguments: refused.indices)
  func errors(_ index: Int) {
    let error = #expect(throws: DiffusionError.self) { try Self.refused[index].call() }
    #expect(error?.description == Self.refused[index].message)
  }
}
