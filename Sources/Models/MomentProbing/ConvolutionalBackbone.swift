public import Layers
public import Tensors

/// A small convolutional network: 3×3 convolution, GELU, 3×3 convolution, GELU; every place of its map is a token.
public struct ConvolutionalBackbone: Module {
  /// The first convolution, from one channel.
  public var first: Convolution
  /// The second convolution.
  public var second: Convolution
  /// Classifier of the mean, for the training before it is frozen.
  public var classifier: Linear

  /// Makes a network with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - width: channels of both convolutions.
  ///   - classes: classes of the training before.
  ///   - random: supplies the values.
  public init(width: Int = 48, classes: Int, random: inout RandomStream) {
    first = Convolution(inputChannels: 1, outputChannels: width, kernel: [3, 3], padding: .same, random: &random)
    second = Convolution(inputChannels: width, outputChannels: width, kernel: [3, 3], padding: .same, random: &random)
    classifier = Linear(inputSize: width, outputSize: classes, random: &random)
  }

  /// Features of pictures, `[batch, 1, height, columns]` to `[batch, height · columns, width]`.
  ///
  /// - Throws: `.shape`.
  public func tokens(_ pictures: Tensor<Float>) throws(MomentProbingError) -> Tensor<Float> {
    guard pictures.rank == 4, pictures.shape[1] == 1 else {
      throw .shape(what: "pictures", expected: "[batch, 1, height, columns]", got: pictures.shape)
    }
    return second(first(pictures).gelu()).gelu().flattened(from: 2).transposed(1, 2)
  }

  /// Scores of the classes it is trained on, `[batch, classes]`.
  ///
  /// - Throws: `.shape`.
  public func scores(_ pictures: Tensor<Float>) throws(MomentProbingError) -> Tensor<Float> {
    classifier(try tokens(pictures).mean(1))
  }

  /// Shows `first`, `second` and `classifier`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("first", &first)
    visitor.visit("second", &second)
    visitor.visit("classifier", &classifier)
  }
}
