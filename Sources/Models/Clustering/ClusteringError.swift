/// Why labels, data or settings of a clustering are refused.
public enum ClusteringError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A number is outside its range.
  case outOfRange(what: String, expected: String, got: Double)
  /// Lists that belong together differ in length.
  case wrongCount(what: String, expected: Int, got: Int)
  /// No items to judge.
  case empty
  /// A tensor has the wrong shape.
  case shape(what: String, expected: String, got: [Int])
  /// A feature is NaN or infinite.
  case notFinite(sample: Int, feature: Int)
  /// A batch asks for more samples than there are.
  case largeBatch(batch: Int, samples: Int)
  /// More clusters than samples.
  case tooManyClusters(clusters: Int, samples: Int)
  /// A sample is joined to none, itself left out.
  case isolated(sample: Int)
  /// The graph of an affinity falls into more parts than there are clusters, so that labels would be arbitrary.
  case fallsApart(parts: Int, clusters: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .outOfRange(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .wrongCount(let what, let expected, let got): "\(what): expected \(expected) values, got \(got)"
    case .empty: "no items to judge; give at least one label"
    case .shape(let what, let expected, let got): "\(what): expected shape \(expected), got \(got)"
    case .notFinite(let sample, let feature):
      "feature \(feature) of sample \(sample) is not finite; remove the sample or lower the learning rate"
    case .largeBatch(let batch, let samples): "a batch of \(batch) is larger than the \(samples) samples; lower it"
    case .tooManyClusters(let clusters, let samples):
      "\(clusters) clusters of \(samples) samples; ask for at most one a sample"
    case .isolated(let sample): "sample \(sample) is joined to no other; take more neighbours or a larger η"
    case .fallsApart(let parts, let clusters):
      "the affinity falls into \(parts) parts, more than the \(clusters) clusters asked for; take a larger η or more neighbours"
    }
  }

  static func positive(_ value: Int, _ what: String) throws(ClusteringError) {
    guard value >= 1 else { throw .outOfRange(what: what, expected: "at least 1", got: Double(value)) }
  }

  static func positive(_ value: Double, _ what: String) throws(ClusteringError) {
    guard value > 0, value.isFinite else { throw .outOfRange(what: what, expected: "positive", got: value) }
  }
}
