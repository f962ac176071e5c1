public import Tensors

extension Tensor where Scalar: TensorScalar {
  /// The largest value of each window along axes, as max pooling takes it.
  ///
  /// - Parameters:
  ///   - kernel: length of a window.
  ///   - stride: distance of windows; the length where nil.
  ///   - axes: which axes, such as `[2, 3]`; negative ones count from the end.
  /// - Returns: axes shortened to (length - kernel) / stride + 1; the rest is dropped.
  public func maxPooled(_ kernel: Int, stride: Int? = nil, axes: [Int]) -> Tensor {
    pooled(kernel, stride, axes, "maxPooled", combine: { .maximum($0, $1) }, reduce: { $0.max([$1]) })
  }

  /// The mean of each window along axes.
  ///
  /// - Parameters:
  ///   - kernel: length of a window.
  ///   - stride: distance of windows; the length where nil.
  ///   - axes: which axes, such as `[2, 3]`; negative ones count from the end.
  /// - Returns: axes shortened to (length - kernel) / stride + 1; the rest is dropped.
  public func averagePooled(_ kernel: Int, stride: Int? = nil, axes: [Int]) -> Tensor {
    var scale: Scalar = 1
    for _ in axes { scale /= Scalar(kernel) }
    return pooled(kernel, stride, axes, "averagePooled", combine: +, reduce: { $0.sum($1) }) * scale
  }

  private func pooled(
    _ kernel: Int,
    _ stride: Int?,
    _ axes: [Int],
    _ name: StaticString,
    combine: (Tensor, Tensor) -> Tensor,
    reduce: (Tensor, Int) -> Tensor
  ) -> Tensor {
    let step = stride ?? kernel
    var result = self
    let axes = axes.map { normalizedAxis($0, name) }
    // In a loop of its own: the optimiser moves the trap of the division below to the front of the loop in which it stands.
    for axis in axes {
      precondition(
        kernel > 0 && step > 0 && shape[axis] >= kernel,
        "\(name): window \(kernel), stride \(step) on axis \(axis) of shape \(shape)"
      )
    }
    // Maxima and sums over a box are those over its axes one after the other.
    for axis in axes {
      let length = result.shape[axis]
      let count = (length - kernel) / step + 1
      if step == kernel {
        var cut = result.shape
        cut[axis] = count
        cut.insert(kernel, at: axis + 1)
        result = reduce(result.sliced(0..<count * kernel, axis: axis).reshaped(cut), axis + 1)
      } else {
        var sum = result.sliced(0..<(count - 1) * step + 1, axis: axis, step: step)
        for tap in 1..<Swift.max(1, kernel) {
          sum = combine(sum, result.sliced(tap..<tap + (count - 1) * step + 1, axis: axis, step: step))
        }
        result = sum
      }
    }
    return result
  }

  /// Each value several times along axes (nearest-neighbour upsampling by a whole factor).
  public func upsampledNearest(_ factor: Int, axes: [Int]) -> Tensor {
    precondition(factor > 0, "upsampledNearest: factor \(factor) must be positive")
    var result = self
    for axis in axes.map({ normalizedAxis($0, "upsampledNearest") }) {
      var wide = result.shape
      wide.insert(factor, at: axis + 1)
      result = result.expanded(at: axis + 1).broadcast(to: wide).flattened(from: axis, through: axis + 1)
    }
    return result
  }

  /// Linear interpolation of the last two axes to another size.
  ///
  /// - Parameters:
  ///   - height: new length of the last but one axis.
  ///   - width: new length of the last axis.
  ///   - alignsCorners: whether the first and last values stay in place; else pixels are areas, as PyTorch says it.
  /// - Returns: `[…, height, width]`.
  public func resizedBilinear(height: Int, width: Int, alignsCorners: Bool = false) -> Tensor {
    precondition(
      rank >= 2 && shape[rank - 2] > 0 && shape[rank - 1] > 0 && height > 0 && width > 0,
      "resizedBilinear: shape \(shape) to \(height) x \(width)"
    )
    let rows = Self.interpolation(shape[rank - 2], height, alignsCorners)
    let columns = Self.interpolation(shape[rank - 1], width, alignsCorners)
    return rows.matmul(matmul(columns, transposesRight: true))
  }

  /// The matrix that interpolates, `[new, old]`.
  private static func interpolation(_ old: Int, _ new: Int, _ alignsCorners: Bool) -> Tensor {
    var values = [Scalar](repeating: 0, count: new * old)
    for index in 0..<new {
      let place: Double
      if alignsCorners {
        place = new == 1 ? 0 : Double(index) * Double(old - 1) / Double(new - 1)
      } else {
        place = Swift.max(0, (Double(index) + 0.5) * Double(old) / Double(new) - 0.5)
      }
      let low = Swift.min(Int(place), old - 1)
      let high = Swift.min(low + 1, old - 1)
      let share = place - Double(low)
      values[index * old + low] += Scalar(1 - share)
      values[index * old + high] += Scalar(share)
    }
    return Tensor(values, shape: [new, old])
  }
}
