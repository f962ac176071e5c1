import Layers
import MomentProbing
import Tensors

/// A step of probing features of ViT-Base's size, by the mean and by second moments.
let probingWorkloads: [Workload] = [
  Workload(name: "moment probing step, ViT-B, 32 pictures") { random in
    do { return probing(try MomentHead(.vitBase(), random: &random), &random) } catch {
      preconditionFailure("the benchmark's head: \(error)")
    }
  },
  Workload(name: "linear probing step, ViT-B, 32 pictures") { random in
    probing(LinearProbe(width: 768, classes: 1000, random: &random), &random)
  },
]

private func probing<Probe: FeatureProbe>(_ probe: Probe, _ random: inout RandomStream) -> () -> Void {
  let (pooled, tokens): (Tensor<Float>, Tensor<Float>) = (random.normal([32, 768]), random.normal([32, 196, 768]))
  let labels = Tensor<Int>((0..<32).map { $0 * 31 })
  var training = Training(probe, Adam.w(), random: random)
  return {
    do {
      _ = try training.advance { model, _, _ in
        Loss.crossEntropy(try model.scores(pooled: pooled, tokens: tokens), labels)
      }
    } catch { preconditionFailure("the benchmark's head: \(error)") }
  }
}
