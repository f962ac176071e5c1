extension Tensor where Scalar: TensorScalar {
  /// Reduces axes and drops them, without a gradient.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func reducedRaw(_ reduction: Reduction, axes: [Int]) -> Tensor {
    if axes.isEmpty { return withoutGradient() }
    precondition(
      reduction == .sum || reduction == .product || axes.allSatisfy { shape[$0] > 0 },
      "max, min: axes \(axes) of shape \(shape) hold nothing"
    )
    if axes.count == rank, reduction == .sum { return summedWhole() }
    var result = withoutGradient()
    var rest = axes[...]
    // One pass for each run of neighbouring axes, from the last.
    while let last = rest.last {
      var first = last
      rest = rest.dropLast()
      while rest.last == first - 1 {
        first -= 1
        rest = rest.dropLast()
      }
      result = result.reducedRun(reduction, first...last)
    }
    return result
  }

  private func reducedRun(_ reduction: Reduction, _ axes: ClosedRange<Int>) -> Tensor {
    let outer = shape[..<axes.lowerBound].reduce(1, *)
    let length = shape[axes].reduce(1, *)
    let inner = shape[(axes.upperBound + 1)...].reduce(1, *)
    let result = Tensor(uninitialized: Array(shape[..<axes.lowerBound] + shape[(axes.upperBound + 1)...]))
    guard result.count > 0 else { return result }
    guard length > 0 else {
      result.fill(reduction == .product ? 1 : 0)
      return result
    }
    let to = result.output
    withExtendedLifetime(storage) {
      let from = pointer
      Threads.split(outer, cost: length * inner) { rows in
        let start = rows.lowerBound
        Kernels.reduce(reduction, from + start * length * inner, to + start * inner, rows.count, length, inner)
      }
    }
    return result
  }

  /// The sum of all values, in blocks whose cut does not depend on the number of threads.
  private func summedWhole() -> Tensor {
    let block = 1 << 16
    let blocks = (count + block - 1) / block
    var sums = [Double](repeating: 0, count: blocks)
    withExtendedLifetime(storage) {
      let from = pointer
      sums.withUnsafeMutableBufferPointer { sums in
        nonisolated(unsafe) let sums = sums
        Threads.run(blocks) { index in
          sums[index] = Kernels.sum(from + index * block, Swift.min(block, count - index * block))
        }
      }
    }
    return Tensor(Scalar(sums.reduce(0, +)))
  }

  /// Axes from 0 up, each once and in order; all where none are named.
  func normalizedAxes(_ axes: [Int]?, _ name: StaticString) -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let sorted = axes.map { normalizedAxis($0, name) }.sorted()
    precondition(Set(sorted).count == sorted.count, "\(name): axes \(axes) name one axis twice")
    return sorted
  }

  /// The shape with the given axes at length 1.
  func keptShape(_ axes: [Int]) -> [Int] {
    var kept = shape
    for axis in axes { kept[axis] = 1 }
    return kept
  }

  /// Sum over axes; over all of them where none are named.
  ///
  /// - Parameters:
  ///   - axes: axes to sum over; negative ones count from the end.
  ///   - keepsAxes: whether these axes stay, with length 1.
  /// - Returns: the sums.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func sum(_ axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = normalizedAxes(axes, "sum")
    let kept = keptShape(axes)
    let shape = shape
    let result = reducedRaw(.sum, axes: axes)
    return (keepsAxes ? result.withShape(kept) : result).recorded("sum", from: self) {
      $0.withShape(kept).broadcastRaw(to: shape)
    }
  }

  /// Sum over one axis.
  public func sum(_ axis: Int, keepsAxes: Bool = false) -> Tensor { sum([axis], keepsAxes: keepsAxes) }

  /// Mean over axes; over all of them where none are named.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func mean(_ axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let count = normalizedAxes(axes, "mean").reduce(1) { $0 * shape[$1] }
    return sum(axes, keepsAxes: keepsAxes) / Scalar(count)
  }

  /// Mean over one axis.
  public func mean(_ axis: Int, keepsAxes: Bool = false) -> Tensor { mean([axis], keepsAxes: keepsAxes) }

  /// Variance over axes: squares of deviations over their number less `correction`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func variance(_ axes: [Int]? = nil, correction: Int = 0, keepsAxes: Bool = false) -> Tensor {
    let count = normalizedAxes(axes, "variance").reduce(1) { $0 * shape[$1] }
    let deviation = self - mean(axes, keepsAxes: true)
    return deviation.squared().sum(axes, keepsAxes: keepsAxes) / Scalar(count - correction)
  }

  /// Largest value over axes; equal ones share the gradient.
  public func max(_ axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    extreme(.max, axes, keepsAxes, "max")
  }

  /// Smallest value over axes; equal ones share the gradient.
  public func min(_ axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    extreme(.min, axes, keepsAxes, "min")
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func extreme(_ reduction: Reduction, _ axes: [Int]?, _ keepsAxes: Bool, _ name: StaticString) -> Tensor {
    let axes = normalizedAxes(axes, name)
    let kept = keptShape(axes)
    let x = withoutGradient()
    let result = reducedRaw(reduction, axes: axes)
    let wide = result.withShape(kept)
    return (keepsAxes ? wide : result).recorded(name, from: self) { gradient in
      let hits: Tensor = (x .== wide).converted()
      return gradient.withShape(kept) / hits.sum(axes, keepsAxes: true) * hits
    }
  }

  /// Product over axes; the gradient divides by each value, so none may be 0.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func product(_ axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let axes = normalizedAxes(axes, "product")
    let kept = keptShape(axes)
    let x = withoutGradient()
    let result = reducedRaw(.product, axes: axes)
    return (keepsAxes ? result.withShape(kept) : result).recorded("product", from: self) {
      ($0 * result.withShape($0.shape)).withShape(kept) / x
    }
  }

  /// Euclidean norm over axes; its gradient at 0 is not defined.
  public func norm(_ axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    squared().sum(axes, keepsAxes: keepsAxes).sqrt()
  }

  /// The values over their Euclidean norm along axes, which is taken as `epsilon` at least; zeros pass a finite gradient.
  public func normalized(_ axes: [Int], epsilon: Scalar = 1e-12) -> Tensor {
    // Bounded before the root, whose slope at zero is infinite.
    let squares = squared().sum(axes, keepsAxes: true)
    return self / squares.clamped(to: epsilon * epsilon...Scalar.greatestFiniteMagnitude).sqrt()
  }

  /// The inner product of all values, in double precision; no gradient passes.
  public func dotProduct(_ other: Tensor) -> Double {
    precondition(shape == other.shape, "dotProduct: shapes \(shape) and \(other.shape) must be equal")
    return withExtendedLifetime((storage, other.storage)) { Kernels.dot(pointer, other.pointer, count) }
  }
}

extension Tensor {
  /// An axis from 0 up; negative ones count from the end.
  package func normalizedAxis(_ axis: Int, _ name: StaticString) -> Int {
    let result = axis < 0 ? axis + rank : axis
    precondition(result >= 0 && result < rank, "\(name): axis \(axis) of shape \(shape), which has \(rank) axes")
    return result
  }
}
