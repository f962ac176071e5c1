/// How values are brought to zero mean and unit variance: over runs of equal length, with an affine map and PReLU after.
public struct Normalization: Sendable {
  /// How many values in a row share one mean and variance.
  public var length: Int
  /// For how many values in a row one entry of the affine map holds; its entries then take turns.
  public var period: Int
  /// Added to the variance.
  public var epsilon: Double
  /// Whether the mean is subtracted; without it the mean square takes the variance's place.
  public var centers: Bool

  /// Makes a description.
  ///
  /// - Parameters:
  ///   - length: values that share mean and variance.
  ///   - period: values in a row for one entry of the affine map.
  ///   - epsilon: added to the variance.
  ///   - centers: whether the mean is subtracted.
  public init(length: Int, period: Int = 1, epsilon: Double, centers: Bool = true) {
    (self.length, self.period, self.epsilon, self.centers) = (length, period, epsilon, centers)
  }
}

extension Tensor where Scalar: TensorScalar {
  /// (x - mean) / √(variance + ε) · weight + bias over runs of values, PReLUs before and after where slopes are given.
  ///
  /// With `[batch, channels, time]`: layer norm of the last axis has its length and period 1; a global norm has length
  /// channels · time and period time; an instance norm has length and period time.
  ///
  /// - Parameters:
  ///   - rule: which values belong together.
  ///   - weight: factors of the affine map, or none.
  ///   - bias: summands of the affine map, as many as factors, or none.
  ///   - slope: slope of a PReLU for negative results: one, or as many as factors; needs a weight.
  ///   - inputSlope: slope of a PReLU that the values pass first, `[1]`; its result is never stored.
  /// - Returns: the same shape.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func normalized(
    _ rule: Normalization,
    weight: Tensor? = nil,
    bias: Tensor? = nil,
    slope: Tensor? = nil,
    inputSlope: Tensor? = nil
  ) -> Tensor {
    checkNormalization(rule, weight, bias, slope)
    precondition(
      inputSlope.map { $0.count == 1 } ?? true,
      "normalized: inputSlope has shape \(inputSlope?.shape ?? []), expected [1]"
    )
    let result = Tensor(like: self)
    let statistics = Tensor(uninitialized: [count / Swift.max(1, rule.length), 2])
    let parts = NormalizationParts(
      weight: weight?.withoutGradient(),
      bias: bias?.withoutGradient(),
      slope: slope?.withoutGradient(),
      inner: inputSlope?.withoutGradient()
    )
    let x = withoutGradient()
    if count > 0 { parts.forward(x, rule, statistics, result) }
    let given = [weight, bias, slope, inputSlope].compactMap { $0 }
    return result.recorded("normalized", from: [self] + given) { gradient, needed in
      let found = parts.backward(x, gradient, rule, statistics)
      let all: [Tensor?] = [
        weight == nil ? nil : found[1], bias == nil ? nil : found[2], slope == nil ? nil : found[3],
        inputSlope == nil ? nil : found[4],
      ]
      let wanted: [Tensor?] = [found[0]] + all.compactMap { $0 }
      return zip(wanted, needed).map { $1 ? $0 : nil }
    }
  }

  private func checkNormalization(_ rule: Normalization, _ weight: Tensor?, _ bias: Tensor?, _ slope: Tensor?) {
    precondition(
      rule.length > 0 && rule.period > 0 && count % rule.length == 0,
      "normalized: \(count) values of shape \(shape) do not fall into runs of \(rule.length)"
    )
    precondition(
      weight != nil || bias == nil && slope == nil,
      "normalized: a bias or a slope needs a weight"
    )
    guard let weight else { return }
    precondition(
      count % (weight.count * rule.period) == 0 && rule.length % rule.period == 0,
      "normalized: weight of shape \(weight.shape) with period \(rule.period) does not fit \(count) values of shape \(shape)"
    )
    precondition(
      bias.map { $0.count == weight.count } ?? true,
      "normalized: bias has shape \(bias?.shape ?? []), expected the weight's \(weight.shape)"
    )
    precondition(
      slope.map { $0.count == weight.count || $0.count == 1 } ?? true,
      "normalized: slope has shape \(slope?.shape ?? []), expected [1] or the weight's \(weight.shape)"
    )
  }
}
