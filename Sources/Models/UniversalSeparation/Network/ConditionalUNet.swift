public import Layers
public import Signals
public import Tensors

/// A U-Net on magnitudes that gives the sound which a condition asks for.
///
/// The condition shifts the channels behind every norm. What the network says is a mask and a turn of the phase for each place of
/// the mixture's spectrogram.
///
/// Source: Q. Kong and others, "Universal source separation with weakly labelled data", 2023; sizes, order and names of
/// `ResUNet30` in bytedance/uss, so that its weights load by name.
public struct ConditionalUNet: Module {
  /// The sizes.
  public let configuration: ConditionalUNetConfiguration
  /// The transform.
  public let stft: STFT<Float>
  private var inputNorm: BatchNorm
  private var first: Convolution
  private var inward: [ConditionalEncoderBlock] = []
  private var centre: ConditionalEncoderBlock
  private var outward: [ConditionalDecoderBlock] = []
  private var last: Convolution
  private var modulation: FeatureModulation?

  /// Makes a network with Glorot's uniform weights.
  ///
  /// - Throws: `.size`.
  public init(_ configuration: ConditionalUNetConfiguration, random: inout RandomStream)
    throws(UniversalSeparationError)
  {
    try configuration.check()
    self.configuration = configuration
    let (width, momentum) = (configuration.width, configuration.momentum)
    stft = STFT(frameLength: configuration.frameLength, hop: configuration.hop)
    inputNorm = BatchNorm(channels: stft.binCount, axis: 3, momentum: momentum)
    first = Convolution(glorot: 1, width, kernel: 1, random: &random)
    var channels = width
    for level in configuration.levels {
      inward.append(
        ConditionalEncoderBlock(channels, level.encoder, patch: level.patch, momentum: momentum, random: &random)
      )
      channels = level.encoder
    }
    centre = ConditionalEncoderBlock(
      channels,
      configuration.centre,
      patch: [1, 1],
      momentum: momentum,
      random: &random
    )
    channels = configuration.centre
    for level in configuration.levels.reversed() {
      outward.append(
        ConditionalDecoderBlock(
          channels,
          level.decoder,
          patch: level.patch,
          hasIdleNorm: configuration.hasIdleNorms,
          momentum: momentum,
          random: &random
        )
      )
      channels = level.decoder
    }
    last = Convolution(glorot: channels, 3, kernel: 1, random: &random)
    if let size = configuration.conditionSize {
      modulation = FeatureModulation(conditionSize: size, norms: configuration.modulatedNorms, random: &random)
    }
  }

  /// The sounds that conditions ask for.
  ///
  /// - Parameters:
  ///   - mixtures: `[batch, samples]`, more samples than half a frame.
  ///   - conditions: `[batch, conditionSize]`; nil for a network without conditions.
  ///   - mode: in training the norms use the batch.
  /// - Returns: the shape of the mixtures.
  /// - Throws: `.shape`, `.condition`, or `SignalError.tooShort`.
  public mutating func callAsFunction(
    _ mixtures: Tensor<Float>,
    conditions: Tensor<Float>?,
    mode: Mode
  ) throws -> Tensor<Float> {
    try check(mixtures, conditions)
    let spectra = try PolarSpectra(mixtures, stft)
    let shifts = conditions.flatMap { modulation?($0) }
    let heads = features(spectra.magnitudes, shifts: shifts, mode: mode)
    return try spectra.sounds(heads, stft, length: mixtures.shape[1])
  }

  /// Features `[batch, 3, frames, bins - 1]` of magnitudes `[batch, frames, bins]`.
  private mutating func features(_ magnitudes: Tensor<Float>, shifts: [Tensor<Float>]?, mode: Mode) -> Tensor<Float> {
    let (frames, bins) = (magnitudes.shape[1], magnitudes.shape[2])
    let factor = configuration.timeFactor
    let missing = (factor - frames % factor) % factor
    var x = inputNorm(magnitudes.expanded(at: 1), mode: mode)
    x = first(x.padded(after: missing, axis: 2).sliced(0..<bins - 1, axis: 3))
    var place = 0
    func next(_ count: Int) -> ArraySlice<Tensor<Float>>? {
      defer { place += count }
      return shifts?[place..<place + count]
    }
    var skips: [Tensor<Float>] = []
    for index in inward.indices {
      let (full, pooled) = inward[index](x, shifts: next(2), mode: mode)
      skips.append(full)
      x = pooled
    }
    x = centre(x, shifts: next(2), mode: mode).full
    for index in outward.indices {
      let count = configuration.hasIdleNorms ? 4 : 3
      x = outward[index](x, skip: skips.removeLast(), shifts: next(count), mode: mode)
    }
    return last(x).sliced(0..<frames, axis: 2)
  }

  private func check(_ mixtures: Tensor<Float>, _ conditions: Tensor<Float>?) throws(UniversalSeparationError) {
    guard mixtures.rank == 2 else {
      throw .shape(what: "mixtures", expected: "[batch, samples]", got: mixtures.shape)
    }
    let expected = configuration.conditionSize.map { [mixtures.shape[0], $0] }
    guard conditions?.shape == expected else {
      throw .condition(expected: expected ?? [], got: conditions?.shape ?? [])
    }
  }

  /// Shows `base` and `film`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.enter("base")
    visitor.visit("bn0", &inputNorm)
    visitor.visit("pre_conv", &first)
    for index in inward.indices { visitor.visit("encoder_block\(index + 1)", &inward[index]) }
    visitor.visit(configuration.centreName, &centre)
    for index in outward.indices { visitor.visit("decoder_block\(index + 1)", &outward[index]) }
    visitor.visit("after_conv", &last)
    visitor.leave()
    visitor.visit("film", &modulation)
  }
}

extension ConditionalUNetConfiguration {
  fileprivate var centreName: String { "conv_block\(levels.count + 1)a" }

  /// The norms that a condition shifts, in the order in which the network meets them.
  fileprivate var modulatedNorms: [(name: String, channels: Int)] {
    var norms: [(name: String, channels: Int)] = []
    var channels = width
    func add(_ name: String, _ sizes: Int...) {
      for (index, size) in sizes.enumerated() { norms.append((name + "->beta\(index + 1)", size)) }
    }
    for (index, level) in levels.enumerated() {
      add("encoder_block\(index + 1)->conv_block1", channels, level.encoder)
      channels = level.encoder
    }
    add("\(centreName)->conv_block1", channels, centre)
    channels = centre
    for (index, level) in levels.reversed().enumerated() {
      let name = "decoder_block\(index + 1)"
      if hasIdleNorms { add(name, channels, channels) } else { add(name, channels) }
      add("\(name)->conv_block2", 2 * level.decoder, level.decoder)
      channels = level.decoder
    }
    return norms
  }
}
