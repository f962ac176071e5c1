import FlowSeparation
import Layers
import Tensors

/// The published velocity network for ten seconds of sound, and the small one's training and sampling.
let flowWorkloads: [Workload] = [
  Workload(name: "flowsep published U-Net forward") { random in
    let network = made { try VelocityUNet(.published, random: &random) }
    let x = random.normal([1, 16, 256, 16])
    let context = made { try TextContext(tokens: random.normal([1, 50, 1024])) }
    return { _ = made { try network(x, times: [0.5], context: context) } }
  },
  Workload(name: "flowsep small training step of 32") { random in
    let network = made { try CompactVelocityNetwork(queryWidth: 13, random: &random) }
    let batch = latents(32, &random)
    var training = Training(network, Adam.w(rate: 2e-3), random: random)
    return {
      _ = made {
        try training.advance { network, _, stream in
          try GenerativeSeparator.loss(network, path: .rectified, on: batch, random: &stream)
        }
      }
    }
  },
  Workload(name: "flowsep small sampler step of 96") { random in
    let separator = made {
      GenerativeSeparator(try CompactVelocityNetwork(queryWidth: 13, random: &random), path: .rectified)
    }
    let batch = latents(96, &random)
    return {
      _ = made {
        try separator.separate(batch.mixtures, queries: batch.queries, steps: 1, random: RandomStream(seed: 1))
      }
    }
  },
]

private func latents(_ count: Int, _ random: inout RandomStream) -> QueriedLatents {
  let shape = [count, 4, 16, 8]
  let (targets, mixtures): (Tensor<Float>, Tensor<Float>) = (random.normal(shape), random.normal(shape))
  let queries = random.bernoulli([count, 13], probability: 0.3)
  return made { try QueriedLatents(targets: targets, mixtures: mixtures, queries: queries) }
}

private func made<Result>(_ body: () throws -> Result) -> Result {
  do { return try body() } catch { preconditionFailure("the benchmark's flow: \(error)") }
}
