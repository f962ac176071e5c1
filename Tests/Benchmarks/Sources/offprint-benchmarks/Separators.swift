import Layers
import Separation
import Tensors

/// Forward and training step of a separator at its published size: sum of squares as the loss, gradients clipped, Adam.
private func separator<Model: Separator>(
  _ name: String,
  samples: Int,
  _ make: @escaping @Sendable (inout RandomStream) throws -> Model
) -> [Workload] {
  [
    Workload(name: "\(name) published forward") { random in
      guard let model = try? make(&random) else { preconditionFailure("\(name): its published sizes make a model") }
      let x = random.normal([1, model.channelCount, model.validLength(samples)])
      return { _ = model(x) }
    },
    Workload(name: "\(name) published training step") { random in
      guard var model = try? make(&random) else { preconditionFailure("\(name): its published sizes make a model") }
      var rule = Adam()
      let x = random.normal([1, model.channelCount, model.validLength(samples)])
      return {
        var slopes = valueWithGradient(at: &model) { $0(x).squared().mean() }.gradients
        slopes.clip(toNorm: 5)
        rule.step(&model, slopes)
      }
    },
  ]
}

/// A training step of the notebooks' small separator on four sounds.
private func scaled<Model: Separator>(
  _ name: String,
  samples: Int,
  _ make: @escaping @Sendable (inout RandomStream) throws -> Model,
  _ loss: @escaping @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>
) -> [Workload] {
  [
    Workload(name: "\(name) scaled training step of 4") { random in
      guard var model = try? make(&random) else { preconditionFailure("\(name): its scaled sizes make a model") }
      var rule = Adam()
      let x = random.normal([4, model.channelCount, samples])
      let target = random.normal(model(x).shape)
      return {
        var slopes = valueWithGradient(at: &model) { loss($0(x), target) }.gradients
        slopes.clip(toNorm: 5)
        rule.step(&model, slopes)
      }
    }
  ]
}

let separators: [Workload] =
  separator("conv-tasnet", samples: 32000) { try ConvTasNet(.base, random: &$0) }
  + separator("mossformer2", samples: 8000) { try MossFormer2(.base, random: &$0) }
  + separator("demucs", samples: 44100) { try Demucs(.base, random: &$0) }
  + scaled("conv-tasnet", samples: 8000, { try ConvTasNet(.scaled, random: &$0) }, pairing)
  + scaled("mossformer2", samples: 8000, { try MossFormer2(.scaled, random: &$0) }, pairing)
  + scaled("demucs", samples: 16_724, { try Demucs(.scaled, random: &$0) }) { Loss.meanAbsolute($0, $1) }

private let pairing: @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = {
  PermutationInvariantLoss($0, $1).value
}
