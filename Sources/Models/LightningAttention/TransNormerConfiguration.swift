/// The shape of a small TransNormerLLM, and of the softmax model of the same widths.
public struct TransNormerConfiguration: Sendable, Equatable {
  /// Number of layers L.
  public let layers: Int
  /// Features of a position d.
  public let width: Int
  /// Number of heads h, which divides the width.
  public let heads: Int
  /// Features inside the gated unit g.
  public let gatedWidth: Int
  /// Number of tokens V.
  public let vocabulary: Int

  /// Features of a head.
  public var headWidth: Int { width / heads }

  /// Learned values of the lightning model: 2Vd + L(5d² + 3dg) + d, where the last d turns positions in layer 0.
  public var parameterCount: Int {
    2 * vocabulary * width + layers * (5 * width * width + 3 * width * gatedWidth) + width
  }

  /// Learned values of the softmax model, which has neither the gate u nor learned angles.
  public var softmaxParameterCount: Int { parameterCount - layers * width * width - width }

  /// Describes a model.
  ///
  /// - Throws: `.size` where a number is not positive or heads do not divide the width.
  public init(layers: Int, width: Int, heads: Int, gatedWidth: Int, vocabulary: Int) throws(LightningAttentionError) {
    let sizes = [
      (layers, "number of layers"), (width, "width"), (heads, "number of heads"), (gatedWidth, "gated width"),
      (vocabulary, "vocabulary"),
    ]
    for (size, what) in sizes { try LightningAttentionError.positive(size, what) }
    guard width % heads == 0, width / heads % 2 == 0 else {
      throw .size(what: "width", expected: "an even multiple of \(heads) heads", got: width)
    }
    (self.layers, self.width, self.heads) = (layers, width, heads)
    (self.gatedWidth, self.vocabulary) = (gatedWidth, vocabulary)
  }

  /// 116,928 learned values with 65 characters; trains in seconds.
  public static func quick(vocabulary: Int = 65) throws(LightningAttentionError) -> Self {
    try Self(layers: 2, width: 64, heads: 2, gatedWidth: 176, vocabulary: vocabulary)
  }

  /// 491,808 learned values with 65 characters; trains in minutes.
  public static func full(vocabulary: Int = 65) throws(LightningAttentionError) -> Self {
    try Self(layers: 4, width: 96, heads: 3, gatedWidth: 256, vocabulary: vocabulary)
  }
}
