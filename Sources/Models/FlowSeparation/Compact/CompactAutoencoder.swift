public import Layers
public import Tensors

/// GN(4), SiLU, convolution, twice, added to the input.
struct CompactResidual: Module {
  private var norms: [GroupNorm]
  private var convolutions: [Convolution]

  init(_ channels: Int, _ random: inout RandomStream) {
    norms = (0..<2).map { _ in GroupNorm(groups: 4, channels: channels) }
    convolutions = [Convolution(square: channels, channels, &random), Convolution(square: channels, channels, &random)]
  }

  func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    x + convolutions[1](norms[1](convolutions[0](norms[0](x).silu())).silu())
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("norms", &norms)
    visitor.visit("convolutions", &convolutions)
  }
}

/// The autoencoder of the replication: pictures of 64×32 to latents of four channels, a quarter of the sides.
public struct CompactAutoencoder: Module {
  private var inward: [Convolution]
  private var inwardBlocks: [CompactResidual]
  private var norm = GroupNorm(groups: 4, channels: 32)
  private var moments: Convolution
  private var outward: [Convolution]
  private var outwardBlocks: [CompactResidual]

  /// Makes an autoencoder with PyTorch's initial values.
  public init(random: inout RandomStream) {
    inward = [
      Convolution(square: 1, 12, &random), Convolution(square: 12, 24, stride: 2, &random),
      Convolution(square: 24, 32, stride: 2, &random),
    ]
    inwardBlocks = [CompactResidual(24, &random), CompactResidual(32, &random)]
    moments = Convolution(square: 32, 8, &random)
    outward = [
      Convolution(square: 4, 32, &random), Convolution(square: 32, 24, &random), Convolution(square: 24, 12, &random),
      Convolution(square: 12, 1, &random),
    ]
    outwardBlocks = [CompactResidual(32, &random), CompactResidual(24, &random)]
  }

  /// The distribution of the latent of pictures `[batch, 1, frames, bands]`, sides multiples of 4.
  ///
  /// - Throws: `.shape` or `.multiple`.
  public func encoded(_ pictures: Tensor<Float>) throws(FlowSeparationError) -> LatentDistribution {
    try MelPicture.check(pictures, factor: 4)
    let fine = inwardBlocks[0](inward[1](inward[0](pictures)))
    let coarse = inwardBlocks[1](inward[2](fine))
    return LatentDistribution(moments: moments(norm(coarse).silu()))
  }

  /// Pictures of latents, `[batch, 4, rows, columns]` to `[batch, 1, 4 · rows, 4 · columns]`.
  public func decoded(_ latent: Tensor<Float>) -> Tensor<Float> {
    let coarse = outwardBlocks[0](outward[0](latent)).upsampledNearest(2, axes: [2, 3])
    let fine = outwardBlocks[1](outward[1](coarse)).upsampledNearest(2, axes: [2, 3])
    return outward[3](outward[2](fine).silu())
  }

  /// Mean absolute error of the pictures plus 0.01 times the mean divergence of the latents.
  ///
  /// - Throws: `.shape` or `.multiple`.
  public func loss(_ pictures: Tensor<Float>, random: inout RandomStream) throws(FlowSeparationError) -> Tensor<Float> {
    let latent = try encoded(pictures)
    let decoded = decoded(latent.sample(random.normal(latent.mean.shape)))
    return Loss.meanAbsolute(decoded, pictures) + latent.divergence.mean() * 0.01
  }

  /// The autoencoder after steps of Adam whose rate falls from 0.002 to a tenth along a line.
  ///
  /// - Parameters:
  ///   - pictures: `[count, 1, frames, bands]`.
  ///   - steps: number of steps.
  ///   - batch: pictures of a step.
  ///   - random: draws batches and noise.
  ///   - watching: called after each step with its number and loss.
  /// - Returns: the autoencoder after the last step.
  /// - Throws: `.shape` or `.multiple`.
  public func trained(
    on pictures: Tensor<Float>,
    steps: Int,
    batch: Int = 16,
    random: RandomStream,
    watching: (_ step: Int, _ loss: Double) -> Void = { _, _ in }
  ) throws -> CompactAutoencoder {
    var training = Training(self, Adam(rate: 2e-3), schedule: .linear(steps: steps, end: 0.1), random: random)
    for step in 0..<steps {
      let loss = try training.advance { model, _, stream in
        var chosen: [Int] = []
        for _ in 0..<batch { chosen.append(stream.integer(in: 0..<pictures.shape[0])) }
        return try model.loss(pictures.indexSelected(Tensor<Int>(chosen)), random: &stream)
      }
      watching(step, Double(loss))
    }
    return training.model
  }

  /// Shows the parts of encoder and decoder.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("inward", &inward)
    visitor.visit("inward_blocks", &inwardBlocks)
    visitor.visit("norm", &norm)
    visitor.visit("moments", &moments)
    visitor.visit("outward", &outward)
    visitor.visit("outward_blocks", &outwardBlocks)
  }
}
