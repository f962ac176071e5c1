public import Layers
public import Tensors

/// A convolutional network that turns a residual into a search direction.
///
/// Source: section 2.4 of the method; the network of the official code, with names of the layers in their order.
public struct DirectionNetwork: Module {
  /// Sizes of a network.
  public struct Configuration: Sendable, Equatable {
    /// Axes of the grid, 2 or 3.
    public var axes: Int
    /// Channels.
    public var channels: Int
    /// Residual pairs before, at and after the pooled level.
    public var pairs: (before: Int, pooled: Int, after: Int)
    /// Whether convolutions have biases; without them the network is positively homogeneous.
    public var hasBias: Bool

    /// Chooses sizes.
    public init(axes: Int, channels: Int, pairs: (before: Int, pooled: Int, after: Int), hasBias: Bool) {
      (self.axes, self.channels, self.pairs, self.hasBias) = (axes, channels, pairs, hasBias)
    }

    /// Published for grids of 64³.
    public static let published64 = Configuration(axes: 3, channels: 16, pairs: (1, 3, 2), hasBias: true)
    /// Published for grids of 128³.
    public static let published128 = Configuration(axes: 3, channels: 16, pairs: (2, 5, 3), hasBias: true)
    /// For the plane, small enough to train in seconds.
    public static let plane = Configuration(axes: 2, channels: 8, pairs: (1, 3, 2), hasBias: false)

    /// Whether all sizes agree.
    public static func == (a: Configuration, b: Configuration) -> Bool {
      (a.axes, a.channels, a.hasBias) == (b.axes, b.channels, b.hasBias) && a.pairs == b.pairs
    }
  }

  /// The sizes.
  public let configuration: Configuration
  /// Residual to channels, without activation.
  public var first: Convolution
  /// Layers before the pooling: one, pairs, and the one that is added again later.
  public var before: [Convolution]
  /// Pairs at the pooled level.
  public var pooled: [Convolution]
  /// Pairs after the upsampling.
  public var after: [Convolution]
  /// Channels to one value.
  public var last: Convolution

  /// Makes a network with Glorot's uniform weights and zero biases.
  public init(_ configuration: Configuration, random: inout RandomStream) {
    self.configuration = configuration
    let (axes, channels, hasBias) = (configuration.axes, configuration.channels, configuration.hasBias)
    func layer(_ input: Int, _ output: Int, kernel: Int, _ random: inout RandomStream) -> Convolution {
      var result = Convolution(
        inputChannels: input,
        outputChannels: output,
        kernel: [Int](repeating: kernel, count: axes),
        padding: .same,
        hasBias: hasBias,
        random: &random
      )
      result.weight = Initial.xavierUniform(result.weight.shape, &random)
      result.bias = hasBias ? .zeros([output]) : nil
      return result
    }
    func layers(_ count: Int, _ random: inout RandomStream) -> [Convolution] {
      (0..<count).map { _ in layer(channels, channels, kernel: 3, &random) }
    }
    first = layer(1, channels, kernel: 3, &random)
    before = layers(2 + 2 * configuration.pairs.before, &random)
    pooled = layers(2 * configuration.pairs.pooled, &random)
    after = layers(2 * configuration.pairs.after, &random)
    last = layer(channels, 1, kernel: 1, &random)
  }

  /// Directions for residuals, `[items, 1, sides…]` to the same shape; sides must be even.
  public func callAsFunction(_ residuals: Tensor<Float>) -> Tensor<Float> {
    let axes = Array(2..<2 + configuration.axes)
    var a = before[0](first(residuals)).relu()
    a = Self.run(before[1..<before.count - 1], a)
    let skip = before[before.count - 1](a).relu()
    a = Self.run(pooled[...], skip.averagePooled(2, axes: axes))
    a = Self.run(after[...], a.upsampledNearest(2, axes: axes) + skip)
    return last(a)
  }

  /// Residual pairs: relu(conv(relu(conv a))) + a.
  private static func run(_ layers: ArraySlice<Convolution>, _ input: Tensor<Float>) -> Tensor<Float> {
    var a = input
    for index in stride(from: layers.startIndex, to: layers.endIndex, by: 2) {
      a = layers[index + 1](layers[index](a).relu()).relu() + a
    }
    return a
  }

  /// Shows all layers: `first`, `pre0`…, `mid0`…, `post0`…, `last`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("first", &first)
    for index in before.indices { visitor.visit("pre\(index)", &before[index]) }
    for index in pooled.indices { visitor.visit("mid\(index)", &pooled[index]) }
    for index in after.indices { visitor.visit("post\(index)", &after[index]) }
    visitor.visit("last", &last)
  }
}
