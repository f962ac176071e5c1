/// Compares gradients with central differences.
public enum GradientCheck {
  /// The largest difference between a gradient and central differences, relative to 1 + |gradient|.
  ///
  /// The function's result is weighted by fixed irregular numbers before it is summed, so that errors cannot cancel.
  ///
  /// - Parameters:
  ///   - inputs: where to compare, one after the other.
  ///   - step: half the distance of the differences.
  ///   - body: the function; smooth near the inputs.
  /// - Returns: the largest relative difference; infinite where a gradient or a difference is NaN.
  public static func largestError(
    at inputs: [Tensor<Double>],
    step: Double = 1e-5,
    in body: ([Tensor<Double>]) -> Tensor<Double>
  ) -> Double {
    let probe = body(inputs)
    let irregular = (0..<probe.count).map { (index: Int) -> Double in
      index % 7 == 3 ? -0.5 : 0.5 + 0.1 * Double(index * 7 % 11)
    }
    let weights = Tensor<Double>(irregular, shape: probe.shape)
    func total(_ inputs: [Tensor<Double>]) -> Double { (body(inputs) * weights).sum().value }
    let gradients = valueWithGradient(at: inputs) { body($0) * weights }.gradients
    var worst = 0.0
    for (place, input) in inputs.enumerated() {
      let gradient = gradients[place].values
      for index in 0..<input.count {
        var moved = inputs
        moved[place].withMutablePointer { $0[index] += step }
        let above = total(moved)
        moved[place].withMutablePointer { $0[index] -= 2 * step }
        let difference = (above - total(moved)) / (2 * step)
        let error = abs(difference - gradient[index]) / (1 + abs(gradient[index]))
        worst = error.isNaN ? .infinity : max(worst, error)
      }
    }
    return worst
  }
}
