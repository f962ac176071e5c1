/// Sizes of a conditional U-Net and of the transform that it works in.
public struct ConditionalUNetConfiguration: Sendable, Equatable {
  /// One step of the way in, and the step of the way out that takes it back.
  public struct Level: Sendable, Equatable {
    /// Channels of the encoder's block and of the decoder's block that undoes it.
    public var encoder, decoder: Int
    /// Frames and bins that become one.
    public var patch: [Int]

    /// Describes a level.
    public init(encoder: Int, decoder: Int, patch: [Int] = [2, 2]) {
      (self.encoder, self.decoder, self.patch) = (encoder, decoder, patch)
    }
  }

  /// Samples a second, in Hz.
  public var sampleRate: Double
  /// Samples of a frame of the transform.
  public var frameLength: Int
  /// Samples between frames.
  public var hop: Int
  /// Channels before the first level.
  public var width: Int
  /// From fine to coarse.
  public var levels: [Level]
  /// Channels of the block in the middle.
  public var centre: Int
  /// Length of a condition; nil for a network that takes none.
  public var conditionSize: Int?
  /// Whether the decoder holds the norms, and the maps of the condition to them, that the official network never reads.
  public var hasIdleNorms: Bool
  /// Weight of a batch in the running moments of the norms.
  public var momentum: Float

  /// ResUNet30 of the paper: 32 kHz, frames of 2048 samples every 10 ms, six levels.
  ///
  /// - Parameter conditionSize: 527 for probabilities of classes, 2048 for features of the tagger; nil for the network alone.
  /// - Returns: the sizes; 26,595,781, 41,586,757 and 21,391,813 parameters.
  public static func published(conditionSize: Int?) -> ConditionalUNetConfiguration {
    ConditionalUNetConfiguration(
      sampleRate: 32000,
      frameLength: 2048,
      hop: 320,
      width: 32,
      levels: [
        Level(encoder: 32, decoder: 32), Level(encoder: 64, decoder: 64), Level(encoder: 128, decoder: 128),
        Level(encoder: 256, decoder: 256), Level(encoder: 384, decoder: 384),
        Level(encoder: 384, decoder: 384, patch: [1, 2]),
      ],
      centre: 384,
      conditionSize: conditionSize,
      hasIdleNorms: true,
      momentum: 0.01
    )
  }

  /// The network of the replication: 8 kHz, frames of 256 samples every 16 ms, four levels; 144,677 parameters.
  public static let compact = ConditionalUNetConfiguration(
    sampleRate: 8000,
    frameLength: 256,
    hop: 128,
    width: 8,
    levels: [
      Level(encoder: 8, decoder: 8), Level(encoder: 16, decoder: 16), Level(encoder: 32, decoder: 32),
      Level(encoder: 32, decoder: 32),
    ],
    centre: 32,
    conditionSize: 12,
    hasIdleNorms: false,
    momentum: 0.05
  )

  /// Frames that the levels make one.
  var timeFactor: Int { levels.reduce(1) { $0 * $1.patch[0] } }
  /// Bins that the levels make one.
  var frequencyFactor: Int { levels.reduce(1) { $0 * $1.patch[1] } }

  func check() throws(UniversalSeparationError) {
    let sizes = [
      ("samples of a frame", frameLength), ("samples between frames", hop), ("channels", width),
      ("levels", levels.count),
      ("channels of the centre", centre), ("values of a condition", conditionSize ?? 1),
    ]
    for (name, value) in sizes where value < 1 { throw .size(what: name, expected: "at least 1", got: value) }
    for level in levels {
      guard level.encoder > 0, level.decoder > 0, level.patch.count == 2, level.patch.allSatisfy({ $0 > 0 }) else {
        throw .size(what: "channels and patch of a level", expected: "positive", got: min(level.encoder, level.decoder))
      }
    }
    // The top bin is left out, so that half a frame is what must fall into patches.
    guard frameLength % (2 * frequencyFactor) == 0 else {
      let expected = "a multiple of \(2 * frequencyFactor), which the levels halve"
      throw .size(what: "samples of a frame", expected: expected, got: frameLength)
    }
  }
}
