import Layers
import QueriedSeparation
import Tensors

/// The published U-Net on four seconds, and training steps of the notebook's CLIPSep-NIT on eight spectra of a second.
let queriedWorkloads: [Workload] = [
  Workload(name: "clipsep published u-net forward") { random in
    let sizes = CLIPSepConfiguration.published
    var network = SoundUNet(widths: sizes.widths, features: sizes.features, random: &random)
    let x = random.normal([1, 1, sizes.rows, 256])
    return { _ = network(x, mode: .evaluation) }
  },
  Workload(name: "clipsep-nit scaled training step") { random in
    do {
      var training = Training(try CLIPSep(.scaled, random: &random), Adam(rate: 3e-3), clipNorm: 1, random: random)
      let sources = (0..<2).map { _ in random.uniform([8, 1, 129, 64], in: 0..<1) as Tensor<Float> }
      let targets = try MaskTargets(
        mixture: sources[0] + sources[1],
        sources: sources,
        warp: training.model.spectrum.warp
      )
      let queries = (0..<2).map { _ in random.normal([8, 32]) }
      return { training.advance { model, _, _ in model.loss(queries: queries, targets: targets).loss } }
    } catch { preconditionFailure("the benchmark's separator: \(error)") }
  },
]
