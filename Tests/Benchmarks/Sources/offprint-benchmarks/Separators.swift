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

let separators: [Workload] =
  separator("conv-tasnet", samples: 32000) { try ConvTasNet(.base, random: &$0) }
  + separator("mossformer2", samples: 8000) { try MossFormer2(.base, random: &$0) }
  + separator("demucs", samples: 44100) { try Demucs(.base, random: &$0) }
