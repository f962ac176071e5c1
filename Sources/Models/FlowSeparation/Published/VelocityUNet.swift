public import Layers
public import Tensors

/// Sizes of a velocity U-Net.
public struct VelocityUNetConfiguration: Sendable, Equatable {
  /// Channels of the input: noisy target and mixture.
  public var inputChannels = 16
  /// Channels of the output; the first half is the target's velocity.
  public var outputChannels = 16
  /// Channels of the first level.
  public var width = 128
  /// Channels of each level as multiples of the first.
  public var multipliers = [1, 2, 3, 5]
  /// Residual blocks of a level.
  public var blocks = 2
  /// Factors of downsampling at which positions attend to each other.
  public var attentionAt: Set<Int> = [2, 4, 8]
  /// Channels of a head.
  public var headWidth = 32
  /// Features of a token of the text.
  public var contextWidth = 1024
  /// Factor of t before its features; the released code has 1, at which most features hardly move.
  public var timeScale: Float = 1000

  /// The published sizes.
  public static let published = VelocityUNetConfiguration()

  /// Starts from the published sizes.
  public init() {}

  func check() throws(FlowSeparationError) {
    try FlowSeparationError.positive(multipliers.count, "number of levels")
    try FlowSeparationError.positive(blocks, "number of blocks")
    try FlowSeparationError.divides(2, width)
    for multiplier in multipliers {
      try FlowSeparationError.divides(32, width * multiplier)
      try FlowSeparationError.divides(headWidth, width * multiplier)
    }
  }
}

/// One entry of the network's lists: what stands there, in this order.
private struct Stage: Module {
  var first: Convolution?
  var residual: TimedResidualBlock?
  var transformers: [SpatialTransformer] = []
  var downward: Convolution?
  var upward: Convolution?

  func callAsFunction(_ x: Tensor<Float>, time: Tensor<Float>, context: TextContext?) -> Tensor<Float> {
    var x = first.map { $0(x) } ?? x
    if let residual { x = residual(x, time: time) }
    for transformer in transformers { x = transformer(x, context: context) }
    if let downward { x = downward(x) }
    if let upward { x = upward(x.upsampledNearest(2, axes: [2, 3])) }
    return x
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("0", &first)
    visitor.visit("0", &residual)
    for index in transformers.indices { visitor.visit("\(index + 1)", &transformers[index]) }
    visitor.enter("0")
    visitor.visit("op", &downward)
    visitor.leave()
    visitor.enter("\(transformers.count + 1)")
    visitor.visit("conv", &upward)
    visitor.leave()
  }
}

/// The U-Net that says where a noisy latent should go, under a mixture and a text.
///
/// Source: Y. Yuan and others, "FlowSep", 2025, and the names of its official code (those of latent diffusion).
public struct VelocityUNet: Module {
  /// The sizes.
  public let configuration: VelocityUNetConfiguration
  private var timeMaps: [Linear] = []
  private var inward: [Stage] = []
  private var middle: [TimedResidualBlock] = []
  private var middleTransformers: [SpatialTransformer] = []
  private var outward: [Stage] = []
  private var norm: GroupNorm
  private var last: Convolution

  /// Makes a network; convolutions that end a residual block, and the last one, are zero at first.
  ///
  /// - Throws: `.size` or `.groups`.
  public init(_ configuration: VelocityUNetConfiguration, random: inout RandomStream) throws(FlowSeparationError) {
    try configuration.check()
    self.configuration = configuration
    let width = configuration.width
    norm = GroupNorm(groups: 32, channels: width * configuration.multipliers[0])
    last = Convolution(square: width * configuration.multipliers[0], configuration.outputChannels, &random)
    last.clear()
    timeMaps = [
      Linear(inputSize: width, outputSize: 4 * width, random: &random),
      Linear(inputSize: 4 * width, outputSize: 4 * width, random: &random),
    ]
    var skips: [Int] = []
    let deepest = addInward(&skips, &random)
    middle = [residual(deepest, deepest, &random), residual(deepest, deepest, &random)]
    middleTransformers = transformers(deepest, &random)
    addOutward(skips, deepest, &random)
  }

  /// The velocity of noisy latents.
  ///
  /// - Parameters:
  ///   - x: `[batch, inputChannels, rows, columns]`; sides are multiples of 2^(levels - 1).
  ///   - times: t of each item in 0…1.
  ///   - context: the query.
  /// - Returns: `[batch, outputChannels, rows, columns]`.
  /// - Throws: `.shape` or `.multiple`.
  public func callAsFunction(
    _ x: Tensor<Float>,
    times: [Float],
    context: TextContext
  ) throws(FlowSeparationError) -> Tensor<Float> {
    try check(x, times, context)
    let scaled = times.map { $0 * configuration.timeScale }
    let time = timeMaps[1](timeMaps[0](TimeFeatures.make(scaled, size: configuration.width)).silu())
    var skips: [Tensor<Float>] = []
    var x = x
    for stage in inward {
      x = stage(x, time: time, context: context)
      skips.append(x)
    }
    x = middle[0](x, time: time)
    for transformer in middleTransformers { x = transformer(x, context: context) }
    x = middle[1](x, time: time)
    for stage in outward {
      x = stage(.concatenated([x, skips.removeLast()], axis: 1), time: time, context: context)
    }
    return last(norm(x).silu())
  }

  /// Shows `time_embed`, `input_blocks`, `middle_block`, `output_blocks` and `out`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("time_embed")
    visitor.visit("0", &timeMaps[0])
    visitor.visit("2", &timeMaps[1])
    visitor.leave()
    visitor.visit("input_blocks", &inward)
    visitor.enter("middle_block")
    visitor.visit("0", &middle[0])
    for index in middleTransformers.indices { visitor.visit("\(index + 1)", &middleTransformers[index]) }
    visitor.visit("\(middleTransformers.count + 1)", &middle[1])
    visitor.leave()
    visitor.visit("output_blocks", &outward)
    visitor.enter("out")
    visitor.visit("0", &norm)
    visitor.visit("2", &last)
    visitor.leave()
  }

  private func check(_ x: Tensor<Float>, _ times: [Float], _ context: TextContext) throws(FlowSeparationError) {
    let (batch, channels) = (times.count, configuration.inputChannels)
    guard x.rank == 4, x.shape[0] == batch, x.shape[1] == channels else {
      throw .shape(what: "input of the U-Net", expected: "[\(batch), \(channels), rows, columns]", got: x.shape)
    }
    let divisor = 1 << (configuration.multipliers.count - 1)
    guard x.shape[2] % divisor == 0, x.shape[3] % divisor == 0 else {
      throw .multiple(what: "the U-Net's input", divisor: divisor, got: Array(x.shape.suffix(2)))
    }
    guard context.tokens.shape[0] == batch, context.tokens.shape[2] == configuration.contextWidth else {
      let expected = "[\(batch), tokens, \(configuration.contextWidth)]"
      throw .shape(what: "text context", expected: expected, got: context.tokens.shape)
    }
  }
}

// How the lists are filled.
extension VelocityUNet {
  private func residual(_ from: Int, _ to: Int, _ random: inout RandomStream) -> TimedResidualBlock {
    TimedResidualBlock(
      inputChannels: from,
      outputChannels: to,
      timeWidth: 4 * configuration.width,
      random: &random
    )
  }

  /// One that reads the picture only, and one that reads the text.
  private func transformers(_ channels: Int, _ random: inout RandomStream) -> [SpatialTransformer] {
    [nil, configuration.contextWidth].map { width in
      SpatialTransformer(
        channels: channels,
        headWidth: configuration.headWidth,
        contextWidth: width,
        random: &random
      )
    }
  }

  private func attends(_ level: Int) -> Bool { configuration.attentionAt.contains(1 << level) }

  /// Levels from fine to coarse; returns the channels of the coarsest and notes those of every stage.
  private mutating func addInward(_ skips: inout [Int], _ random: inout RandomStream) -> Int {
    var channels = configuration.width
    inward = [Stage(first: Convolution(square: configuration.inputChannels, channels, &random))]
    skips = [channels]
    for (level, multiplier) in configuration.multipliers.enumerated() {
      for _ in 0..<configuration.blocks {
        var stage = Stage(residual: residual(channels, configuration.width * multiplier, &random))
        channels = configuration.width * multiplier
        if attends(level) { stage.transformers = transformers(channels, &random) }
        inward.append(stage)
        skips.append(channels)
      }
      guard level < configuration.multipliers.count - 1 else { break }
      inward.append(Stage(downward: Convolution(square: channels, channels, stride: 2, &random)))
      skips.append(channels)
    }
    return channels
  }

  /// Levels from coarse to fine, each block with what the way in left.
  private mutating func addOutward(_ skips: [Int], _ deepest: Int, _ random: inout RandomStream) {
    var (skips, channels) = (skips, deepest)
    for (level, multiplier) in configuration.multipliers.enumerated().reversed() {
      for block in 0...configuration.blocks {
        var stage = Stage(
          residual: residual(channels + skips.removeLast(), configuration.width * multiplier, &random)
        )
        channels = configuration.width * multiplier
        if attends(level) { stage.transformers = transformers(channels, &random) }
        if level > 0 && block == configuration.blocks {
          stage.upward = Convolution(square: channels, channels, &random)
        }
        outward.append(stage)
      }
    }
  }
}
