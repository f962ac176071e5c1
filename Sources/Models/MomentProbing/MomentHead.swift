public import Layers
public import Tensors

/// MHC³, multi-head convolutional cross-covariance, beside a linear classifier of the mean.
///
/// Tokens are projected and cut into heads; heads are layer-normed and meet in pairs, C = XᵀY/N; the matrices with columns of unit
/// length pass two 3×3 convolutions of stride 2 with a GELU between, and a linear map to the classes. The result is the mean of both
/// classifiers' scores. Source: Gao and others, 2023; names and behaviour of the official code (mingzeG/Moment-Probing).
public struct MomentHead: FeatureProbe {
  /// Sizes and choices.
  public let shape: MomentHeadConfiguration
  /// From tokens to the channels of all heads, `[hidden, width]`.
  public var projection: Linear
  /// The norm over a head's channels, one for all heads.
  public var norm: LayerNorm
  /// The first convolution of the stacked matrices.
  public var firstConvolution: Convolution
  /// The second convolution.
  public var secondConvolution: Convolution
  /// Norm of the pooled vector; only for feature maps.
  public var pooledNorm: LayerNorm?
  /// Classifier of the mean; nil where only second moments count.
  public var firstClassifier: Linear?
  /// Classifier of the second moments.
  public var secondClassifier: Linear

  /// Makes a head with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - shape: sizes and choices.
  ///   - normsPooled: whether the pooled vector is layer-normed (ε = 10⁻⁶), as for feature maps.
  ///   - random: supplies the values.
  public init(_ shape: MomentHeadConfiguration, normsPooled: Bool = false, random: inout RandomStream) {
    self.shape = shape
    projection = Linear(inputSize: shape.width, outputSize: shape.hiddenWidth, random: &random)
    norm = LayerNorm(size: shape.headWidth)
    let pairs = shape.pairCount
    func convolution() -> Convolution {
      Convolution(
        inputChannels: pairs,
        outputChannels: pairs,
        kernel: [3, 3],
        stride: 2,
        hasBias: false,
        random: &random
      )
    }
    firstConvolution = convolution()
    secondConvolution = convolution()
    pooledNorm = normsPooled ? LayerNorm(size: shape.width, epsilon: 1e-6) : nil
    firstClassifier =
      shape.moments == .both ? Linear(inputSize: shape.width, outputSize: shape.classes, random: &random) : nil
    secondClassifier = Linear(inputSize: shape.featureCount, outputSize: shape.classes, random: &random)
  }

  /// Scores of the classes.
  ///
  /// - Parameters:
  ///   - pooled: class tokens or means, `[batch, width]`.
  ///   - tokens: features without the class token, `[batch, N, width]`, N ≥ 1.
  /// - Returns: `[batch, classes]`.
  /// - Throws: `.shape` or `.notFinite`.
  public func scores(pooled: Tensor<Float>, tokens: Tensor<Float>) throws(MomentProbingError) -> Tensor<Float> {
    let second = secondClassifier(features(of: try crossMoments(tokens)))
    guard let firstClassifier else { return second }
    guard pooled.shape == [tokens.shape[0], shape.width] else {
      throw .shape(what: "pooled features", expected: "[\(tokens.shape[0]), \(shape.width)]", got: pooled.shape)
    }
    return (firstClassifier(pooledNorm?(pooled) ?? pooled) + second) * 0.5
  }

  /// Scores of the classes for a convolutional network's feature map; the pooled vector is its mean over all places.
  ///
  /// - Parameter map: `[batch, width, height, columns]`.
  /// - Returns: `[batch, classes]`.
  /// - Throws: `.shape` or `.notFinite`.
  public func scores(map: Tensor<Float>) throws(MomentProbingError) -> Tensor<Float> {
    guard map.rank == 4, map.shape[1] == shape.width else {
      throw .shape(what: "feature map", expected: "[batch, \(shape.width), height, columns]", got: map.shape)
    }
    let tokens = map.flattened(from: 2).transposed(1, 2)
    return try scores(pooled: map.mean([2, 3]), tokens: tokens)
  }

  /// The matrices of all pairs of heads, before the convolutions.
  ///
  /// - Parameter tokens: `[batch, N, width]`.
  /// - Returns: `[batch, pairs, m, m]`, rows for the first head of a pair.
  /// - Throws: `.shape` or `.notFinite`.
  public func crossMoments(_ tokens: Tensor<Float>) throws(MomentProbingError) -> Tensor<Float> {
    guard tokens.rank == 3, tokens.shape[1] > 0, tokens.shape[2] == shape.width else {
      throw .shape(what: "tokens", expected: "[batch, at least 1, \(shape.width)]", got: tokens.shape)
    }
    try checkFinite(tokens)
    // Once for each head, although a head may stand in several pairs.
    let heads = CrossMoment.centered(norm(separated(projection(tokens))), shape.centering)
    let pairs = shape.pairing.pairs(heads: shape.heads)
    let rows = heads.indexSelected(Tensor<Int>(pairs.map(\.rows)), axis: 1)
    let columns = heads.indexSelected(Tensor<Int>(pairs.map(\.columns)), axis: 1)
    let matrices = CrossMoment.matrix(rows, columns, centering: .none)
    return shape.normalizesColumns ? CrossMoment.unitColumns(matrices) : matrices
  }

  /// The second-order feature, `[batch, pairs, m, m]` to `[batch, pairs · side²]`.
  func features(of matrices: Tensor<Float>) -> Tensor<Float> {
    secondConvolution(firstConvolution(matrices).gelu()).flattened(from: 1)
  }

  /// `[batch, N, hidden]` to `[batch, heads, N, m]`.
  private func separated(_ z: Tensor<Float>) -> Tensor<Float> {
    let (batch, count) = (z.shape[0], z.shape[1])
    return switch shape.layout {
    case .contiguous: z.reshaped([batch, count, shape.heads, shape.headWidth]).permuted([0, 2, 1, 3])
    case .interleaved: z.reshaped([batch, count, shape.headWidth, shape.heads]).permuted([0, 3, 1, 2])
    }
  }

  private func checkFinite(_ tokens: Tensor<Float>) throws(MomentProbingError) {
    // A sum is finite unless a summand is not, but for numbers near the largest: the search then finds nothing.
    guard !tokens.withoutGradient().sum().value.isFinite else { return }
    guard let place = tokens.values.firstIndex(where: { !$0.isFinite }) else { return }
    let token = place / shape.width
    throw .notFinite(item: token / tokens.shape[1], token: token % tokens.shape[1])
  }

  /// Shows all parts under the official names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("proj", &projection)
    visitor.visit("ln", &norm)
    visitor.enter("downblocks.0")
    visitor.visit("0", &firstConvolution)
    visitor.visit("2", &secondConvolution)
    visitor.leave()
    visitor.visit("norm", &pooledNorm)
    visitor.visit("classifier1", &firstClassifier)
    visitor.visit("classifier2", &secondClassifier)
  }
}
