/// Sizes and choices of a Conv-TasNet, by the letters of the paper.
public struct ConvTasNetConfiguration: Sendable, Equatable {
  /// Which of the published forms is meant; names of parameters follow the reference of each.
  public enum Form: Sendable, Equatable {
    /// The journal paper: residual and skip paths, biases, a linear encoder padded at both ends (torchaudio 2.11).
    case skip
    /// The first version of the paper: residual path only, no biases, a ReLU after the encoder, no padding
    /// (kaituoxu/Conv-TasNet; with several channels as in facebookresearch/demucs).
    case residual
  }

  /// What shares a mean and a variance.
  public enum Norm: Sendable, Equatable {
    /// All channels and all frames (gLN).
    case global
    /// All channels and the frames so far (the paper's cLN).
    case cumulative
    /// All channels of one frame (cLN of the first version's reference).
    case channel
  }

  /// What makes masks of the last layer's values.
  public enum Mask: Sendable, Equatable {
    /// Between 0 and 1, each for itself.
    case sigmoid
    /// From 0 up.
    case relu
    /// Between 0 and 1, with a sum of 1 over the sources.
    case softmax
  }

  /// Number of encoder filters, N.
  public var filters: Int
  /// Samples of a filter, L; frames advance by half of it.
  public var filterLength: Int
  /// Channels between blocks, B.
  public var bottleneck: Int
  /// Channels within a block, H.
  public var hidden: Int
  /// Channels of the skip path, Sc; unused in the residual form.
  public var skip: Int
  /// Taps of the depthwise convolutions, P.
  public var kernel = 3
  /// Blocks of a repeat, X, with dilations 1, 2, 4, ….
  public var blocks: Int
  /// Repeats, R.
  public var repeats: Int
  /// Number of estimates, C.
  public var sources = 2
  /// Channels of the mixture.
  public var channels = 1
  /// The norms.
  public var norm = Norm.global
  /// How masks are made.
  public var mask = Mask.relu
  /// Whether no frame sees later ones.
  public var isCausal = false
  /// Which form.
  public var form = Form.skip
  /// Samples a second, in Hz.
  public var sampleRate = 8000.0

  /// Makes a description; what is not asked for here has the paper's value.
  public init(
    filters: Int,
    filterLength: Int,
    bottleneck: Int,
    hidden: Int,
    skip: Int,
    blocks: Int,
    repeats: Int
  ) {
    (self.filters, self.filterLength, self.bottleneck, self.hidden) = (filters, filterLength, bottleneck, hidden)
    (self.skip, self.blocks, self.repeats) = (skip, blocks, repeats)
  }

  /// The paper's best model: 5.0 million parameters.
  public static let base = ConvTasNetConfiguration(
    filters: 512,
    filterLength: 16,
    bottleneck: 128,
    hidden: 512,
    skip: 128,
    blocks: 8,
    repeats: 3
  )

  /// The paper's best model for sound as it comes in: cumulative norms, causal convolutions.
  public static var causal: ConvTasNetConfiguration {
    var own = base
    (own.isCausal, own.norm) = (true, .cumulative)
    return own
  }

  /// The first version's model: 8.7 million parameters.
  public static var firstVersion: ConvTasNetConfiguration {
    var own = ConvTasNetConfiguration(
      filters: 256,
      filterLength: 20,
      bottleneck: 256,
      hidden: 512,
      skip: 0,
      blocks: 8,
      repeats: 4
    )
    own.form = .residual
    return own
  }

  /// The model for music of the Demucs paper: stereo, four sources, ten blocks a repeat.
  public static var music: ConvTasNetConfiguration {
    var own = firstVersion
    (own.blocks, own.sources, own.channels, own.sampleRate) = (10, 4, 2, 44100)
    return own
  }

  /// A model that trains in minutes on two cores: 170 thousand parameters.
  public static let scaled = ConvTasNetConfiguration(
    filters: 128,
    filterLength: 32,
    bottleneck: 48,
    hidden: 96,
    skip: 48,
    blocks: 5,
    repeats: 2
  )

  /// A model for tests: 61 thousand parameters.
  public static let tiny = ConvTasNetConfiguration(
    filters: 64,
    filterLength: 16,
    bottleneck: 32,
    hidden: 64,
    skip: 32,
    blocks: 4,
    repeats: 2
  )

  /// Samples between frames.
  public var hop: Int { filterLength / 2 }
  /// Frames that one output frame sees, 1 + R (P - 1) (2^X - 1); all of them where a norm is global.
  public var receptiveField: Int { 1 + repeats * (kernel - 1) * ((1 << blocks) - 1) }

  func check() throws(SeparationError) {
    let model = "ConvTasNet"
    let sizes = [
      ("filters (N)", filters), ("bottleneck (B)", bottleneck), ("hidden (H)", hidden), ("kernel (P)", kernel),
      ("blocks (X)", blocks), ("repeats (R)", repeats), ("sources (C)", sources), ("channels", channels),
    ]
    for (name, value) in sizes { try SeparationError.check(model, name, value) }
    try SeparationError.check(model, "filterLength (L)", filterLength, atLeast: 2)
    if form == .skip { try SeparationError.check(model, "skip (Sc)", skip) }
    guard isCausal || kernel % 2 == 1 else {
      throw .setting(model: model, name: "kernel (P)", expected: "odd where it looks both ways", got: kernel)
    }
    guard form == .residual || channels == 1 else {
      throw .setting(model: model, name: "channels", expected: "1 in the form with skip paths", got: channels)
    }
    // The residual form adds windows at half their length.
    guard form == .skip || filterLength % 2 == 0 else {
      throw .setting(model: model, name: "filterLength (L)", expected: "even in the residual form", got: filterLength)
    }
    guard !isCausal || norm != .global else { throw .notStreaming(reason: "a global norm sees the future") }
  }
}
