public import Tensors

/// Features of examples with their classes, made once by a frozen backbone.
public struct FeatureSet: Sendable {
  /// Class tokens or means, `[count, width]`.
  public let pooled: Tensor<Float>
  /// All tokens, `[count, N, width]`.
  public let tokens: Tensor<Float>
  /// Classes, `[count]`.
  public let labels: Tensor<Int>
  /// Number of classes.
  public let classes: Int

  /// Number of examples.
  public var count: Int { labels.count }

  /// Puts features and classes together.
  ///
  /// - Parameters:
  ///   - pooled: `[count, width]`; the mean of the tokens where nil.
  ///   - tokens: `[count, N, width]`.
  ///   - labels: `[count]`.
  ///   - classes: number of classes.
  /// - Throws: `.shape` or `.label`.
  public init(
    pooled: Tensor<Float>? = nil,
    tokens: Tensor<Float>,
    labels: [Int],
    classes: Int
  ) throws(MomentProbingError) {
    guard tokens.rank == 3, tokens.shape[0] == labels.count else {
      throw .shape(what: "tokens", expected: "[\(labels.count), N, width]", got: tokens.shape)
    }
    for (item, label) in labels.enumerated() where !(0..<classes).contains(label) {
      throw .label(item: item, got: label, classes: classes)
    }
    let pooled = pooled ?? tokens.mean(1)
    guard pooled.shape == [labels.count, tokens.shape[2]] else {
      throw .shape(what: "pooled features", expected: "[\(labels.count), \(tokens.shape[2])]", got: pooled.shape)
    }
    (self.pooled, self.tokens, self.labels, self.classes) = (pooled, tokens, Tensor<Int>(labels), classes)
  }

  private init(_ whole: FeatureSet, _ items: Tensor<Int>) {
    pooled = whole.pooled.indexSelected(items)
    tokens = whole.tokens.indexSelected(items)
    let classOf = whole.labels.values
    labels = Tensor<Int>(items.values.map { classOf[$0] })
    classes = whole.classes
  }

  /// Some of the examples, by number.
  public func selecting(_ items: [Int]) -> FeatureSet { FeatureSet(self, Tensor<Int>(items)) }

  /// Examples drawn at random, none twice.
  public func sample(_ count: Int, random: inout RandomStream) -> FeatureSet {
    selecting(Array(random.permutation(self.count).prefix(count)))
  }

  /// As many examples of each class, drawn at random.
  ///
  /// - Parameters:
  ///   - shots: how many of each.
  ///   - random: draws them.
  /// - Returns: shots · classes examples.
  /// - Throws: `.size` or `.fewExamples`.
  public func shots(_ shots: Int, random: inout RandomStream) throws(MomentProbingError) -> FeatureSet {
    try MomentProbingError.positive(shots, "number of shots")
    var chosen: [Int] = []
    let classOf = labels.values
    let order = random.permutation(count)
    for label in 0..<classes {
      let own = order.filter { classOf[$0] == label }
      guard own.count >= shots else { throw .fewExamples(label: label, wanted: shots, got: own.count) }
      chosen += own.prefix(shots)
    }
    return selecting(chosen)
  }

  /// The set with zero mean and unit variance in each channel: of the tokens over all examples and places, of the pooled vectors over
  /// all examples.
  ///
  /// The statistics are those of all features at hand, labels unseen.
  public func standardized() -> FeatureSet {
    func standard(_ x: Tensor<Float>) -> Tensor<Float> {
      let rows = x.reshaped([-1, x.shape[x.rank - 1]])
      let deviation = rows.variance([0]).sqrt() + 1e-6
      return (x - rows.mean(0)) / deviation
    }
    return FeatureSet(pooled: standard(pooled), tokens: standard(tokens), labels: labels, classes: classes)
  }

  private init(pooled: Tensor<Float>, tokens: Tensor<Float>, labels: Tensor<Int>, classes: Int) {
    (self.pooled, self.tokens, self.labels, self.classes) = (pooled, tokens, labels, classes)
  }
}
