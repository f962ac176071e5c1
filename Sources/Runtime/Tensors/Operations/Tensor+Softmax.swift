extension Tensor where Scalar: TensorScalar {
  /// e^x over its sum along an axis, with the largest value subtracted first.
  ///
  /// A row of negative infinities gives NaN.
  public func softmax(axis: Int = -1) -> Tensor { softmax(axis, logarithm: false, "softmax") }

  /// The logarithm of softmax along an axis.
  public func logSoftmax(axis: Int = -1) -> Tensor { softmax(axis, logarithm: true, "logSoftmax") }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func softmax(_ axis: Int, logarithm: Bool, _ name: StaticString) -> Tensor {
    let axis = normalizedAxis(axis, name)
    precondition(shape[axis] > 0, "\(name): axis \(axis) of shape \(shape) is empty")
    guard axis == rank - 1 else {
      return transposed(axis, -1).softmax(-1, logarithm: logarithm, name).transposed(axis, -1)
    }
    let length = shape[axis]
    let result = Tensor(like: self)
    withExtendedLifetime(storage) {
      let (from, to) = (pointer, result.output)
      Threads.split(count / length, cost: 8 * length) {
        let start = $0.lowerBound * length
        Kernels.softmax(from + start, to + start, $0.count, length, logarithm: logarithm)
      }
    }
    return result.recorded(name, from: self) { gradient in
      let out = Tensor(like: gradient)
      withExtendedLifetime((result.storage, gradient.storage)) {
        let (y, up, to) = (result.pointer, gradient.pointer, out.output)
        Threads.split(out.count / length, cost: 4 * length) {
          let start = $0.lowerBound * length
          Kernels.softmaxGradient(y + start, up + start, to + start, $0.count, length, logarithm: logarithm)
        }
      }
      return out
    }
  }

  /// The logarithm of the sum of e^x over axes, without overflow.
  ///
  /// - Parameters:
  ///   - axes: axes to sum over; all where none are named.
  ///   - keepsAxes: whether these axes stay, with length 1.
  /// - Returns: the logarithms; -infinity where all values are.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func logSumExp(_ axes: [Int]? = nil, keepsAxes: Bool = false) -> Tensor {
    let named = normalizedAxes(axes, "logSumExp")
    let top = withoutGradient().max(named, keepsAxes: true).mapValues { $0.isFinite ? $0 : 0 }
    let sums = (self - top).exp().sum(named, keepsAxes: true).log() + top
    return keepsAxes ? sums : sums.reshaped(shape.indices.filter { !named.contains($0) }.map { shape[$0] })
  }
}
