public import Tensors

/// Samples with the class of each: what classifiers are fitted to and judged by.
public struct LabelledData: Sendable, Equatable {
  /// One sample a row, `[count, features]`.
  public let features: Tensor<Double>
  /// Class of each sample, in 0..<classes.
  public let labels: [Int]
  /// Number of classes.
  public let classes: Int

  /// Brings features and labels together.
  ///
  /// - Parameters:
  ///   - features: one sample a row, `[count, features]`.
  ///   - labels: class of each sample, in 0..<classes.
  ///   - classes: number of classes, two at least.
  /// - Throws: `StatisticsError.badSetting`, `.wrongCount`, `.badLabel`, or `.badValue` for a feature that is not finite.
  public init(features: Tensor<Double>, labels: [Int], classes: Int) throws(StatisticsError) {
    let name = "LabelledData"
    guard classes >= 2 else {
      throw .badSetting(function: name, setting: "the number of classes", expected: "2 or more", got: Double(classes))
    }
    guard features.rank == 2, features.shape[0] == labels.count else {
      throw .wrongCount(function: name, expected: features.shape.first ?? 0, got: labels.count)
    }
    if let index = labels.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw .badLabel(function: name, index: index, got: labels[index], classes: classes)
    }
    if !features.isFinite, let place = features.values.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = place.quotientAndRemainder(dividingBy: features.shape[1])
      let value = features[row, column]
      throw .badValue(function: name, argument: "features[\(row)]", index: column, expected: "finite", got: value)
    }
    (self.features, self.labels, self.classes) = (features, labels, classes)
  }

  private init(valid features: Tensor<Double>, _ labels: [Int], _ classes: Int) {
    (self.features, self.labels, self.classes) = (features, labels, classes)
  }

  /// Number of samples.
  public var count: Int { labels.count }
  /// Number of features of a sample.
  public var featureCount: Int { features.shape[1] }

  /// Number of samples of each class.
  public var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    return counts
  }

  /// The samples at some places, in their order.
  public func selected(_ places: [Int]) -> LabelledData {
    LabelledData(valid: features.gatheredRows(Tensor(places)), places.map { labels[$0] }, classes)
  }

  /// The same labels with features computed from these.
  ///
  /// - Throws: `StatisticsError` where the new features do not fit.
  public func mapped(_ body: (Tensor<Double>) throws -> Tensor<Double>) throws -> LabelledData {
    try LabelledData(features: body(features), labels: labels, classes: classes)
  }

  /// Throws where a class has no sample.
  package func requireEveryClass(_ function: String) throws(StatisticsError) {
    if let empty = classCounts.firstIndex(of: 0) { throw .emptyClass(function: function, label: empty) }
  }
}
