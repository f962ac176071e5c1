internal import Layers
public import Tensors

/// Classes with equal means that differ in their covariances only: what a classifier of the mean cannot tell apart.
///
/// Tokens of class y are drawn from N(0, Q_y diag(4, 4, 1, …, 1) Q_yᵀ) with fixed random orthogonal Q_y.
public struct CovarianceClasses: Sendable {
  /// Q_y diag(2, 2, 1, …, 1), one a class, `[width, width]`.
  public let roots: [Tensor<Float>]

  /// Number of classes.
  public var count: Int { roots.count }

  /// Draws the classes.
  ///
  /// - Parameters:
  ///   - count: number of classes.
  ///   - width: features of a token, at least 2.
  ///   - random: draws the rotations.
  /// - Throws: `.size`.
  public init(_ count: Int, width: Int, random: inout RandomStream) throws(MomentProbingError) {
    try MomentProbingError.positive(count, "number of classes")
    guard width >= 2 else { throw .size(what: "width", expected: "at least 2", got: width) }
    let deviations = Tensor<Float>((0..<width).map { $0 < 2 ? 2 : 1 })
    var made: [Tensor<Float>] = []
    for _ in 0..<count { made.append(Initial.orthogonal(width, width, &random) * deviations) }
    roots = made
  }

  /// Examples, classes in turn.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - tokens: tokens of an example.
  ///   - random: draws them.
  /// - Returns: features whose pooled vectors are the means of the tokens.
  /// - Throws: `.size`.
  public func examples(_ count: Int, tokens: Int, random: inout RandomStream) throws(MomentProbingError) -> FeatureSet {
    try MomentProbingError.positive(count, "number of examples")
    try MomentProbingError.positive(tokens, "number of tokens")
    let labels = (0..<count).map { $0 % self.count }
    var parts: [Tensor<Float>] = []
    for label in labels {
      let root = roots[label]
      parts.append(random.normal([tokens, root.shape[0]]).matmul(root, transposesRight: true))
    }
    return try FeatureSet(tokens: .stacked(parts), labels: labels, classes: self.count)
  }
}
