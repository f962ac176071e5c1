/// Which moments of the features a head classifies.
public enum Moments: Sendable, Equatable {
  /// Mean and cross-covariances; the published method.
  case both
  /// Cross-covariances alone.
  case second
}

/// The shape of a moment head.
public struct MomentHeadConfiguration: Sendable, Equatable {
  /// Features of a token D.
  public let width: Int
  /// Channels after the projection, all heads together.
  public let hiddenWidth: Int
  /// Number of heads h.
  public let heads: Int
  /// Number of classes.
  public let classes: Int
  /// Which heads meet.
  public let pairing: HeadPairing
  /// Which channels make a head.
  public let layout: HeadLayout
  /// What is taken off features before their products.
  public let centering: Centering
  /// Whether columns of the matrices get unit length.
  public let normalizesColumns: Bool
  /// Which moments are classified.
  public let moments: Moments

  /// Channels of a head m.
  public var headWidth: Int { hiddenWidth / heads }
  /// Number of matrices, and of channels of the convolutions.
  public var pairCount: Int { pairing.pairs(heads: heads).count }
  /// Side of a matrix after the two convolutions.
  public var side: Int { Self.shrunk(Self.shrunk(headWidth)) }
  /// Length of the second-order feature.
  public var featureCount: Int { pairCount * side * side }

  /// Learned values of the projection, the norm and the convolutions.
  public var bodyParameterCount: Int {
    (width + 1) * hiddenWidth + 2 * headWidth + 18 * pairCount * pairCount
  }

  /// Learned values of the classifiers: what the paper counts.
  public var classifierParameterCount: Int {
    (featureCount + 1) * classes + (moments == .both ? (width + 1) * classes : 0)
  }

  /// All learned values of a head for tokens; a head for feature maps has 2D more in the norm of its pooled vector.
  public var parameterCount: Int { bodyParameterCount + classifierParameterCount }

  /// Describes a head.
  ///
  /// - Parameters:
  ///   - width: features of a token.
  ///   - hiddenWidth: channels after the projection.
  ///   - heads: number of heads, which divides the hidden width.
  ///   - classes: number of classes.
  ///   - pairing: which heads meet.
  ///   - layout: which channels make a head.
  ///   - centering: what is taken off features before their products.
  ///   - normalizesColumns: whether columns get unit length; by default in all pairings but `.all`, as in the official code.
  ///   - moments: which moments are classified.
  ///   - convolutionChannels: channels of given convolutions, 3 in the official code; as many as pairs where nil.
  /// - Throws: `.size`, `.indivisible`, `.narrowHead` or `.pairCount`.
  public init(
    width: Int,
    hiddenWidth: Int,
    heads: Int = 4,
    classes: Int,
    pairing: HeadPairing = .near,
    layout: HeadLayout = .contiguous,
    centering: Centering = .sample,
    normalizesColumns: Bool? = nil,
    moments: Moments = .both,
    convolutionChannels: Int? = nil
  ) throws(MomentProbingError) {
    for (size, what) in [(width, "width"), (hiddenWidth, "hidden width"), (classes, "number of classes")] {
      try MomentProbingError.positive(size, what)
    }
    guard heads >= 2 else { throw .size(what: "number of heads", expected: "at least 2", got: heads) }
    guard hiddenWidth % heads == 0 else { throw .indivisible(channels: hiddenWidth, heads: heads) }
    guard hiddenWidth / heads >= 7 else { throw .narrowHead(channels: hiddenWidth, heads: heads) }
    (self.width, self.hiddenWidth, self.heads, self.classes) = (width, hiddenWidth, heads, classes)
    (self.pairing, self.layout, self.centering, self.moments) = (pairing, layout, centering, moments)
    self.normalizesColumns = normalizesColumns ?? (pairing != .all)
    let pairs = pairing.pairs(heads: heads).count
    if let channels = convolutionChannels, channels != pairs {
      throw .pairCount(pairing: pairing, heads: heads, pairs: pairs, channels: channels)
    }
  }

  /// The published head of ViT-B/16: 768 features, four heads of 128 channels; 4,047,146 learned values with 1000 classes.
  public static func vitBase(classes: Int = 1000) throws(MomentProbingError) -> Self {
    try Self(width: 768, hiddenWidth: 512, heads: 4, classes: classes, convolutionChannels: 3)
  }

  /// A head that trains in seconds: 48 features, four heads of 24 channels; 5539 learned values with 5 classes.
  public static func small(width: Int = 48, classes: Int = 5) throws(MomentProbingError) -> Self {
    try Self(width: width, hiddenWidth: 96, heads: 4, classes: classes)
  }

  private static func shrunk(_ side: Int) -> Int { (side - 3) / 2 + 1 }
}
