public import Layers
public import Tensors

/// Sizes of a network with a feature head and a cluster head.
public struct ClusterNetworkSize: Sendable, Equatable {
  /// Numbers of a sample.
  public var inputs: Int
  /// Width of the first layer.
  public var hidden: Int
  /// Width of the second layer, the pre-features.
  public var prefeatures: Int
  /// Numbers that each head gives.
  public var outputs: Int

  /// Chooses sizes.
  ///
  /// - Throws: `ClusteringError.outOfRange` for a size that is not positive.
  public init(inputs: Int, hidden: Int, prefeatures: Int, outputs: Int) throws(ClusteringError) {
    for (size, what) in [(inputs, "inputs"), (hidden, "hidden"), (prefeatures, "prefeatures"), (outputs, "outputs")] {
      try ClusteringError.positive(size, "size '\(what)'")
    }
    self.init(unchecked: inputs, hidden, prefeatures, outputs)
  }

  private init(unchecked inputs: Int, _ hidden: Int, _ prefeatures: Int, _ outputs: Int) {
    (self.inputs, self.hidden, self.prefeatures, self.outputs) = (inputs, hidden, prefeatures, outputs)
  }

  /// For images of 8 × 8 pixels: 33,344 parameters.
  public static let digits = ClusterNetworkSize(unchecked: 64, 128, 128, 32)
  /// On features of a frozen CLIP network for CIFAR-10, by the authors' follow-up: 20,988,160 parameters.
  public static let cifar10 = ClusterNetworkSize(unchecked: 768, 4096, 4096, 128)
  /// The same for ImageNet: 9,971,712 parameters.
  public static let imageNet = ClusterNetworkSize(unchecked: 768, 2048, 2048, 1024)
}

/// Pre-features by two layers, then two heads of one shape: features Z, and C, whose inner products make the membership.
///
/// Source: T. Ding and others, "Unsupervised manifold linearizing and clustering", 2023, section 3.2; layers of the authors' follow-up.
public struct ClusterNetwork: Module {
  /// Inputs to the first layer.
  public var pre1: Linear
  /// The norm after it.
  public var norm: BatchNorm
  /// First layer to pre-features.
  public var pre2: Linear
  /// Pre-features to features.
  public var feature: Linear
  /// Pre-features to C.
  public var cluster: Linear
  /// The sizes.
  public let size: ClusterNetworkSize

  /// What a network makes of samples: both on the unit sphere.
  public struct Codes: Sendable {
    /// Z, `[n, outputs]`.
    public var features: Tensor<Float>
    /// C, `[n, outputs]`.
    public var clusters: Tensor<Float>
  }

  /// Makes a network with PyTorch's initial values.
  public init(_ size: ClusterNetworkSize, random: inout RandomStream) {
    self.size = size
    pre1 = Linear(inputSize: size.inputs, outputSize: size.hidden, random: &random)
    norm = BatchNorm(channels: size.hidden)
    pre2 = Linear(inputSize: size.hidden, outputSize: size.prefeatures, random: &random)
    feature = Linear(inputSize: size.prefeatures, outputSize: size.outputs, random: &random)
    cluster = Linear(inputSize: size.prefeatures, outputSize: size.outputs, random: &random)
  }

  /// Codes of samples, `[n, inputs]`; one view of a batch at a time, since the norm's statistics are those of a view.
  public mutating func callAsFunction(_ x: Tensor<Float>, mode: Mode) -> Codes {
    let hidden = pre2(norm(pre1(x), mode: mode).relu()).relu()
    return Codes(features: feature(hidden).normalized([1]), clusters: cluster(hidden).normalized([1]))
  }

  /// Codes of samples as the trained network gives them.
  ///
  /// - Throws: `ClusteringError.shape`, or `.notFinite` where training diverged.
  public func codes(_ x: Tensor<Float>) throws(ClusteringError) -> Codes {
    guard x.rank == 2, x.shape[1] == size.inputs else {
      throw .shape(what: "the samples", expected: "[samples, \(size.inputs)]", got: x.shape)
    }
    var copy = self
    let codes = copy(x, mode: .evaluation)
    if let index = codes.features.values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(sample: index / size.outputs, feature: index % size.outputs)
    }
    return codes
  }

  /// The one-shot start of clustering: the cluster head becomes the feature head, weights and bias.
  public mutating func copyFeatureHead() { cluster = feature }

  /// Shows all layers.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("pre1", &pre1)
    visitor.visit("norm", &norm)
    visitor.visit("pre2", &pre2)
    visitor.visit("feature", &feature)
    visitor.visit("cluster", &cluster)
  }
}
