import DiffusionTransformers
import Layers
import Tensors

/// Small diffusion transformers for pictures of 8×8: 4 blocks of 64 features, softmax or linear attention.
let diffusionWorkloads: [Workload] = [("dit, softmax", 4, TokenMixing.softmax), ("lit, 2 heads", 2, lit)]
  .flatMap { name, heads, mixing in
    [
      Workload(name: name + " sampling step of 150") { random in
        let net = transformer(heads, mixing, &random)
        let (x, times, labels) = inputs(150, &random)
        return { _ = output(net, x, times, labels) }
      },
      Workload(name: name + " training step of 64") { random in
        var training = Training(transformer(heads, mixing, &random), Adam.w(decay: 0), clipNorm: 1, random: random)
        let (x, times, labels) = inputs(64, &random)
        let noise = random.normal(x.shape)
        return {
          training.advance { net, _, _ in
            let parts = output(net, x, times, labels).split(into: 2, axis: 1)
            return Loss.meanSquare(parts[0], noise) + parts[1].squared().mean()
          }
        }
      },
    ]
  }

private let lit = TokenMixing.linear(DepthwiseKernel(size: 3))

private func transformer(_ heads: Int, _ mixing: TokenMixing, _ random: inout RandomStream) -> DiffusionTransformer {
  do {
    let shape = try DiffusionTransformerConfiguration(
      side: 8,
      channels: 1,
      width: 64,
      layers: 4,
      heads: heads,
      classes: 10,
      timeCode: 64,
      mixing: mixing
    )
    return try DiffusionTransformer(shape, random: &random)
  } catch { preconditionFailure("the benchmark's transformer: \(error)") }
}

private func inputs(_ count: Int, _ random: inout RandomStream) -> (Tensor<Float>, times: [Int], labels: [Int]) {
  let pictures = random.normal([count, 1, 8, 8])
  let times = (0..<count).map { _ in random.integer(in: 0..<1000) }
  return (pictures, times, (0..<count).map { $0 % 10 })
}

private func output(
  _ net: DiffusionTransformer,
  _ x: Tensor<Float>,
  _ times: [Int],
  _ labels: [Int]
) -> Tensor<Float> {
  do { return try net(x, timesteps: times, labels: labels) } catch {
    preconditionFailure("the benchmark's transformer: \(error)")
  }
}
