public import Layers
public import Tensors

/// Sizes of an autoencoder of mel spectra.
public struct MelAutoencoderConfiguration: Sendable, Equatable {
  /// Channels of the first level.
  public var width = 128
  /// Channels of each level as multiples of the first.
  public var multipliers = [1, 2, 4]
  /// Residual blocks of a level of the encoder; the decoder has one more.
  public var blocks = 2
  /// Channels of the latent.
  public var latentChannels = 8

  /// The published sizes.
  public static let published = MelAutoencoderConfiguration()

  /// Starts from the published sizes.
  public init() {}
}

/// Blocks of one size, and the convolution that changes the sides after them.
private struct Level: Module {
  var blocks: [ResidualBlock]
  var resampling: Convolution?
  let resamplingName: String

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("block", &blocks)
    visitor.enter(resamplingName)
    visitor.visit("conv", &resampling)
    visitor.leave()
  }
}

/// From log-mel pictures to mean and logarithm of the variance of their latents.
public struct MelEncoder: Module {
  private var first: Convolution
  private var levels: [Level] = []
  private var middle: MiddlePart
  private var norm: GroupNorm
  private var last: Convolution

  /// Makes an encoder.
  ///
  /// - Throws: `.size` or `.groups`.
  public init(_ configuration: MelAutoencoderConfiguration, random: inout RandomStream) throws(FlowSeparationError) {
    for multiplier in configuration.multipliers {
      try FlowSeparationError.divides(32, configuration.width * multiplier)
    }
    var channels = configuration.width
    first = Convolution(square: 1, channels, &random)
    for (index, multiplier) in configuration.multipliers.enumerated() {
      var blocks: [ResidualBlock] = []
      for _ in 0..<configuration.blocks {
        blocks.append(ResidualBlock(channels, configuration.width * multiplier, &random))
        channels = configuration.width * multiplier
      }
      let isLast = index == configuration.multipliers.count - 1
      let halving = Convolution(
        inputChannels: channels,
        outputChannels: channels,
        kernel: [3, 3],
        stride: 2,
        random: &random
      )
      levels.append(Level(blocks: blocks, resampling: isLast ? nil : halving, resamplingName: "downsample"))
    }
    middle = MiddlePart(channels, &random)
    norm = GroupNorm(groups: 32, channels: channels, epsilon: 1e-6)
    last = Convolution(square: channels, 2 * configuration.latentChannels, &random)
  }

  /// `[batch, 1, frames, bands]` to `[batch, 2 · latentChannels, frames / f, bands / f]`.
  ///
  /// - Throws: `.shape` or `.multiple`.
  public func callAsFunction(_ x: Tensor<Float>) throws(FlowSeparationError) -> Tensor<Float> {
    try MelPicture.check(x, factor: 1 << (levels.count - 1))
    var x = first(x)
    for level in levels {
      for block in level.blocks { x = block(x) }
      // Zeros at the far ends only: on both sides they would shift the picture by half a place.
      if let halving = level.resampling { x = halving(x.padded(after: 1, axis: 2).padded(after: 1, axis: 3)) }
    }
    return last(norm(middle(x)).silu())
  }

  /// Shows `conv_in`, `down`, `mid`, `norm_out` and `conv_out`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("conv_in", &first)
    visitor.visit("down", &levels)
    visitor.visit("mid", &middle)
    visitor.visit("norm_out", &norm)
    visitor.visit("conv_out", &last)
  }
}

/// From latents back to log-mel pictures.
public struct MelDecoder: Module {
  private var first: Convolution
  private var middle: MiddlePart
  /// Finest first, as the names count; the way goes from the last to the first.
  private var levels: [Level] = []
  private var norm: GroupNorm
  private var last: Convolution

  /// Makes a decoder.
  ///
  /// - Throws: `.size` or `.groups`.
  public init(_ configuration: MelAutoencoderConfiguration, random: inout RandomStream) throws(FlowSeparationError) {
    for multiplier in configuration.multipliers {
      try FlowSeparationError.divides(32, configuration.width * multiplier)
    }
    var channels = configuration.width * (configuration.multipliers.last ?? 1)
    first = Convolution(square: configuration.latentChannels, channels, &random)
    middle = MiddlePart(channels, &random)
    for (index, multiplier) in configuration.multipliers.enumerated().reversed() {
      var blocks: [ResidualBlock] = []
      for _ in 0...configuration.blocks {
        blocks.append(ResidualBlock(channels, configuration.width * multiplier, &random))
        channels = configuration.width * multiplier
      }
      let doubling = index == 0 ? nil : Convolution(square: channels, channels, &random)
      levels.insert(Level(blocks: blocks, resampling: doubling, resamplingName: "upsample"), at: 0)
    }
    norm = GroupNorm(groups: 32, channels: channels, epsilon: 1e-6)
    last = Convolution(square: channels, 1, &random)
  }

  /// `[batch, latentChannels, rows, columns]` to `[batch, 1, rows · f, columns · f]`.
  public func callAsFunction(_ z: Tensor<Float>) -> Tensor<Float> {
    var x = middle(first(z))
    for level in levels.reversed() {
      for block in level.blocks { x = block(x) }
      if let doubling = level.resampling { x = doubling(x.upsampledNearest(2, axes: [2, 3])) }
    }
    return last(norm(x).silu())
  }

  /// Shows `conv_in`, `mid`, `up`, `norm_out` and `conv_out`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("conv_in", &first)
    visitor.visit("mid", &middle)
    visitor.visit("up", &levels)
    visitor.visit("norm_out", &norm)
    visitor.visit("conv_out", &last)
  }
}

/// The published autoencoder: encoder, decoder, and a 1×1 convolution beside the latent on either side.
public struct MelAutoencoder: Module {
  /// To moments of the latent.
  public var encoder: MelEncoder
  /// From the latent.
  public var decoder: MelDecoder
  private var afterEncoder: Convolution
  private var beforeDecoder: Convolution

  /// Makes an autoencoder.
  ///
  /// - Throws: `.size` or `.groups`.
  public init(_ configuration: MelAutoencoderConfiguration, random: inout RandomStream) throws(FlowSeparationError) {
    encoder = try MelEncoder(configuration, random: &random)
    decoder = try MelDecoder(configuration, random: &random)
    let latent = configuration.latentChannels
    afterEncoder = Convolution(inputChannels: 2 * latent, outputChannels: 2 * latent, kernel: [1, 1], random: &random)
    beforeDecoder = Convolution(inputChannels: latent, outputChannels: latent, kernel: [1, 1], random: &random)
  }

  /// The distribution of the latent of pictures `[batch, 1, frames, bands]`.
  ///
  /// - Throws: `.shape` or `.multiple`.
  public func encoded(_ pictures: Tensor<Float>) throws(FlowSeparationError) -> LatentDistribution {
    LatentDistribution(moments: afterEncoder(try encoder(pictures)))
  }

  /// Pictures of latents.
  public func decoded(_ latent: Tensor<Float>) -> Tensor<Float> { decoder(beforeDecoder(latent)) }

  /// Shows `encoder`, `decoder`, `quant_conv` and `post_quant_conv`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("encoder", &encoder)
    visitor.visit("decoder", &decoder)
    visitor.visit("quant_conv", &afterEncoder)
    visitor.visit("post_quant_conv", &beforeDecoder)
  }
}
