extension Tensor {
  /// The same values under another shape of equal count, without a gradient.
  package func withShape(_ shape: [Int]) -> Tensor {
    var result = withoutGradient()
    result.shape = shape
    return result
  }

  /// The same values under another shape; one length may be -1 and is then found.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Int)
  public func reshaped(_ shape: [Int]) -> Tensor {
    var target = shape
    if let free = target.firstIndex(of: -1) {
      let rest = target.enumerated().reduce(1) { $1.offset == free ? $0 : $0 * $1.element }
      precondition(
        rest > 0 && count % rest == 0,
        "reshaped: \(count) values of shape \(self.shape) do not fill \(shape) with any length for -1"
      )
      target[free] = count / rest
    }
    precondition(
      elementCount(target) == count,
      "reshaped: shape \(self.shape) holds \(count) values, \(shape) holds \(elementCount(target))"
    )
    let old = self.shape
    return withShape(target).recorded("reshaped", from: self) { $0.withShape(old) }
  }

  /// Joins axes into one.
  public func flattened(from first: Int = 0, through last: Int = -1) -> Tensor {
    let first = normalizedAxis(first, "flattened")
    let last = normalizedAxis(last, "flattened")
    let joined = shape[first...last].reduce(1, *)
    return reshaped(Array(shape[..<first]) + [joined] + Array(shape[(last + 1)...]))
  }

  /// Puts an axis of length 1 at a place.
  public func expanded(at axis: Int) -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    precondition(place >= 0 && place <= rank, "expanded: axis \(axis) of shape \(shape)")
    var target = shape
    target.insert(1, at: place)
    return reshaped(target)
  }

  /// Drops an axis of length 1.
  public func squeezed(_ axis: Int) -> Tensor {
    let axis = normalizedAxis(axis, "squeezed")
    precondition(shape[axis] == 1, "squeezed: axis \(axis) of shape \(shape) has length \(shape[axis]), must be 1")
    var target = shape
    target.remove(at: axis)
    return reshaped(target)
  }

  /// The axes in another order: axis i of the result is axis `order[i]` of this tensor.
  public func permuted(_ order: [Int]) -> Tensor {
    let order = order.map { normalizedAxis($0, "permuted") }
    precondition(order.sorted() == Array(0..<rank), "permuted: \(order) is not an order of the axes of shape \(shape)")
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return permutedRaw(order).recorded("permuted", from: self) { $0.permutedRaw(inverse) }
  }

  /// Two axes exchanged.
  public func transposed(_ a: Int = -1, _ b: Int = -2) -> Tensor {
    var order = Array(0..<rank)
    order.swapAt(normalizedAxis(a, "transposed"), normalizedAxis(b, "transposed"))
    return permuted(order)
  }

  /// Copies in another order of axes; neighbours that stay together move together.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Int)
  func permutedRaw(_ order: [Int]) -> Tensor {
    let target = order.map { shape[$0] }
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    var lengths: [Int] = []
    var steps: [Int] = []
    for axis in order where shape[axis] != 1 {
      if let last = steps.last, last == strides[axis] * shape[axis] {
        lengths[lengths.count - 1] *= shape[axis]
        steps[steps.count - 1] = strides[axis]
      } else {
        lengths.append(shape[axis])
        steps.append(strides[axis])
      }
    }
    if lengths.count <= 1 { return withShape(target) }
    let result = Tensor(uninitialized: target)
    if result.count > 0 { copyStrided(lengths, steps, to: result) }
    return result
  }

  /// The same values repeated along axes of length 1, or along new axes in front.
  public func broadcast(to target: [Int]) -> Tensor where Scalar: TensorScalar {
    let old = shape
    return broadcastRaw(to: target).recorded("broadcast", from: self) { $0.reduced(to: old) }
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Int)
  func broadcastRaw(to target: [Int]) -> Tensor {
    if shape == target { return withoutGradient() }
    precondition(
      broadcastShape(shape, target, "broadcast") == target,
      "broadcast: shape \(shape) does not extend to \(target)"
    )
    let result = Tensor(uninitialized: target)
    guard result.count > 0 else { return result }
    if count == 1 {
      result.fill(value)
      return result
    }
    var strides = [Int](repeating: 0, count: target.count)
    var step = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      let place = axis + target.count - rank
      strides[place] = shape[axis] == 1 ? 0 : step
      step *= shape[axis]
    }
    var lengths: [Int] = []
    var steps: [Int] = []
    for axis in target.indices where target[axis] != 1 {
      if let last = steps.last, last == strides[axis] * target[axis] {
        lengths[lengths.count - 1] *= target[axis]
        steps[steps.count - 1] = strides[axis]
      } else {
        lengths.append(target[axis])
        steps.append(strides[axis])
      }
    }
    copyStrided(lengths, steps, to: result)
    return result
  }

  /// The same values along an axis several times over.
  public func repeated(_ times: Int, axis: Int) -> Tensor where Scalar: TensorScalar {
    let axis = normalizedAxis(axis, "repeated")
    var wide = shape
    wide.insert(times, at: axis)
    return expanded(at: axis).broadcast(to: wide).flattened(from: axis, through: axis + 1)
  }
}
