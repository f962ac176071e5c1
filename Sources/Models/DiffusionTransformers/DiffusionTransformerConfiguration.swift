/// The shape of a diffusion transformer.
public struct DiffusionTransformerConfiguration: Sendable, Equatable {
  /// Side of a picture, or of its latent form.
  public let side: Int
  /// Side of a patch.
  public let patch: Int
  /// Channels of a picture C; the output has 2C, noise and variance.
  public let channels: Int
  /// Features of a token D.
  public let width: Int
  /// Number of blocks L.
  public let layers: Int
  /// Heads of attention h.
  public let heads: Int
  /// Number of classes; one more label stands for none.
  public let classes: Int
  /// Length of the sinusoidal code of the time.
  public let timeCode: Int
  /// How tokens read from each other.
  public let mixing: TokenMixing

  /// Tokens along a side.
  public var gridSide: Int { side / patch }
  /// Number of tokens N.
  public var tokens: Int { gridSide * gridSide }

  /// Learned values; the fixed codes of positions are not counted.
  ///
  /// A block has 18D² + 15D, and 26D/h (convolution shared by heads) or 26D (all channels) more with the published kernel of 5×5.
  public var parameterCount: Int {
    let (d, patchValues) = (width, patch * patch * channels)
    let convolved = mixing.kernel.map { ($0.isShared ? d / heads : d) * ($0.size * $0.size + 1) } ?? 0
    let block = 18 * d * d + 15 * d + convolved
    let embeddings = (patchValues + 1) * d + (timeCode + d + 2) * d + (classes + 1) * d
    let final = 2 * d * d + 2 * d + (d + 1) * 2 * patchValues
    return layers * block + embeddings + final
  }

  /// Describes a model.
  ///
  /// - Parameters:
  ///   - side: side of a picture.
  ///   - patch: side of a patch, which divides it.
  ///   - channels: channels of a picture.
  ///   - width: features of a token, a multiple of 4.
  ///   - layers: number of blocks.
  ///   - heads: heads of attention, which divide the width.
  ///   - classes: number of classes.
  ///   - timeCode: length of the code of the time, even.
  ///   - mixing: how tokens read from each other.
  /// - Throws: `.size`, `.heads` or `.evenKernel`.
  public init(
    side: Int,
    patch: Int = 2,
    channels: Int,
    width: Int,
    layers: Int,
    heads: Int,
    classes: Int,
    timeCode: Int = 256,
    mixing: TokenMixing
  ) throws(DiffusionTransformerError) {
    let sizes = [
      (side, "side"), (patch, "patch"), (channels, "number of channels"), (width, "width"),
      (layers, "number of layers"), (classes, "number of classes"),
    ]
    for (size, what) in sizes { try DiffusionTransformerError.positive(size, what) }
    guard side % patch == 0 else { throw .size(what: "side", expected: "a multiple of patch \(patch)", got: side) }
    guard width % 4 == 0 else { throw .size(what: "width", expected: "a multiple of 4", got: width) }
    guard heads > 0, width % heads == 0 else { throw .heads(width: width, heads: heads) }
    guard timeCode > 0, timeCode % 2 == 0 else {
      throw .size(what: "code of the time", expected: "even", got: timeCode)
    }
    if let kernel = mixing.kernel, kernel.size < 1 || kernel.size % 2 == 0 { throw .evenKernel(kernel.size) }
    (self.side, self.patch, self.channels, self.width) = (side, patch, channels, width)
    (self.layers, self.heads, self.classes, self.timeCode) = (layers, heads, classes, timeCode)
    self.mixing = mixing
  }

  /// The same sizes with another way of mixing tokens, and other heads where given.
  ///
  /// - Throws: as `init`.
  public func with(_ mixing: TokenMixing, heads: Int? = nil) throws(DiffusionTransformerError) -> Self {
    try Self(
      side: side,
      patch: patch,
      channels: channels,
      width: width,
      layers: layers,
      heads: heads ?? self.heads,
      classes: classes,
      timeCode: timeCode,
      mixing: mixing
    )
  }
}

/// The published sizes, for latent forms of 32×32 with four channels, patches of 2×2 and 1000 classes.
public enum PublishedSize: String, Sendable, Equatable, CaseIterable {
  /// Small, base, large and extra large.
  case small = "S/2"
  case base = "B/2"
  case large = "L/2"
  case extraLarge = "XL/2"

  private var numbers: (width: Int, layers: Int, heads: Int, fewHeads: Int) {
    switch self {
    case .small: (384, 12, 6, 2)
    case .base: (768, 12, 12, 3)
    case .large: (1024, 24, 16, 4)
    case .extraLarge: (1152, 28, 16, 4)
    }
  }

  /// DiT: softmax attention with heads of 64 or 72 features.
  ///
  /// Source: W. Peebles, S. Xie, "Scalable diffusion models with transformers", 2023.
  public func dit() throws(DiffusionTransformerError) -> DiffusionTransformerConfiguration {
    try configuration(heads: numbers.heads, .softmax)
  }

  /// LiT: linear attention with few heads and a depthwise convolution.
  ///
  /// Source: J. Wang and others, "LiT", 2025.
  public func lit(
    kernel: DepthwiseKernel = DepthwiseKernel(size: 5)
  ) throws(DiffusionTransformerError) -> DiffusionTransformerConfiguration {
    try configuration(heads: numbers.fewHeads, .linear(kernel))
  }

  private func configuration(
    heads: Int,
    _ mixing: TokenMixing
  ) throws(DiffusionTransformerError) -> DiffusionTransformerConfiguration {
    try DiffusionTransformerConfiguration(
      side: 32,
      channels: 4,
      width: numbers.width,
      layers: numbers.layers,
      heads: heads,
      classes: 1000,
      mixing: mixing
    )
  }
}
