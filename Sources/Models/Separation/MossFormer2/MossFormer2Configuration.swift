/// Sizes and choices of a MossFormer2.
public struct MossFormer2Configuration: Sendable, Equatable {
  /// Encoder filters, N.
  public var filters = 512
  /// Samples of a filter, K; frames advance by half of it.
  public var filterLength = 16
  /// Width of the sequence, D.
  public var width = 512
  /// Number of blocks, R: each an attention block and, where asked for, a recurrent one.
  public var blocks = 24
  /// Frames of a group of local attention, P.
  public var group = 256
  /// Width of queries and keys, d.
  public var queryWidth = 128
  /// Width of the hidden values of attention over D.
  public var expansion = 4
  /// Width within the recurrent block, E.
  public var inner = 256
  /// Half the taps of the memory, plus a half, ℓ: 2ℓ - 1 taps.
  public var order = 20
  /// Number of estimates, C.
  public var sources = 2
  /// Whether each attention block is followed by a recurrent one; without them this is a MossFormer's stack.
  public var hasRecurrence = true
  /// Samples a second, in Hz.
  public var sampleRate = 8000.0

  /// Makes the published sizes.
  public init() {}

  /// The published model: 55.7 million parameters.
  public static let base = MossFormer2Configuration()

  /// A model that trains in minutes on two cores: 171 thousand parameters.
  public static var scaled: MossFormer2Configuration {
    var own = MossFormer2Configuration()
    (own.filters, own.filterLength, own.width, own.blocks) = (128, 32, 64, 2)
    (own.group, own.queryWidth, own.inner, own.order) = (128, 32, 64, 10)
    return own
  }

  func check() throws(SeparationError) {
    let model = "MossFormer2"
    let sizes = [
      ("filters (N)", filters, 1), ("filterLength (K)", filterLength, 2), ("width (D)", width, 2),
      ("blocks (R)", blocks, 1), ("group (P)", group, 1), ("queryWidth (d)", queryWidth, 2),
      ("expansion", expansion, 2), ("inner (E)", inner, 2), ("order (ℓ)", order, 1), ("sources (C)", sources, 1),
    ]
    for (name, value, least) in sizes { try SeparationError.check(model, name, value, atLeast: least) }
    for (name, value) in [("filterLength (K)", filterLength), ("width (D)", width), ("queryWidth (d)", queryWidth)]
    where value % 2 != 0 { throw .setting(model: model, name: name, expected: "even", got: value) }
  }
}
