/// Sizes of a CLIPSep.
public struct CLIPSepConfiguration: Sendable, Equatable {
  /// Samples of a frame of the short-time transform.
  public var frameLength = 1024
  /// Samples between frames.
  public var hop = 256
  /// Rows of the warped spectrum.
  public var rows = 256
  /// Channels after each level of the U-Net.
  public var widths = [64, 128, 256, 512, 512, 512, 512]
  /// Feature maps that the U-Net gives, and values of a query after its projection.
  public var features = 32
  /// Values of an embedding that a query is made of.
  public var querySize = 512
  /// Whether two noise heads take part in training.
  public var hasNoiseHeads = false

  /// Makes the published sizes without noise heads.
  public init() {}

  /// The published CLIPSep, for sound at 16 kHz: 30 290 659 parameters.
  public static let published = CLIPSepConfiguration()

  /// The published CLIPSep-NIT: 30 292 771 parameters.
  public static var publishedNIT: CLIPSepConfiguration {
    var own = published
    own.hasNoiseHeads = true
    return own
  }

  /// A model for sound at 8 kHz that trains in a minute on two cores: 86 051 parameters with the noise heads.
  public static var scaled: CLIPSepConfiguration {
    var own = published
    (own.frameLength, own.hop, own.rows) = (256, 128, 64)
    (own.widths, own.features, own.querySize, own.hasNoiseHeads) = ([8, 16, 32, 32, 32], 16, 32, true)
    return own
  }

  /// Frames must be a multiple of this; the model pads them.
  public var frameMultiple: Int { 1 << widths.count }

  /// Learned values of the U-Net.
  public var networkParameterCount: Int { networkParameterCount(features: features, conditions: 0) }

  private func networkParameterCount(features: Int, conditions: Int) -> Int {
    let depth = widths.count
    var count = 2
    for level in 0..<depth {
      let (outer, width) = (level == 0 ? 1 : widths[level - 1], widths[level])
      let inputs = level == depth - 1 ? width + conditions : 2 * width
      let outputs = level == 0 ? features : outer
      count += 16 * outer * width + 9 * inputs * outputs
      if level > 0, level < depth - 1 { count += 2 * width }
      count += level == 0 ? features : 2 * outputs
    }
    return count
  }

  private var projectionParameterCount: Int { features * (querySize + 1) }

  /// Learned values of a `CLIPSep` of these sizes, without making it.
  public var parameterCount: Int {
    let noise = hasNoiseHeads ? 2 * features * (features + 1) : 0
    return networkParameterCount + projectionParameterCount + features + 1 + noise
  }

  /// Learned values of a `MiddleFusionSep`.
  public var middleFusionParameterCount: Int {
    networkParameterCount(features: 1, conditions: features) + projectionParameterCount
  }

  /// Learned values of a `PITSep`.
  public var permutationParameterCount: Int { networkParameterCount + 2 * (features + 1) }

  func check() throws(QueriedSeparationError) {
    let sizes = [
      ("frameLength", frameLength, 4), ("hop", hop, 1), ("rows", rows, 2), ("the number of levels", widths.count, 2),
      ("features", features, 1), ("querySize", querySize, 1), ("the smallest width", widths.min() ?? 0, 1),
    ]
    for (name, value, least) in sizes where value < least {
      throw .badSetting(name: name, expected: "\(least) or more", got: "\(value)")
    }
    guard rows % frameMultiple == 0 else {
      throw .badSetting(name: "rows", expected: "a multiple of \(frameMultiple)", got: "\(rows)")
    }
  }
}
