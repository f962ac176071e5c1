extension Tensor {
  /// Part of one axis; shares the values where the axis is the first and the step is 1.
  ///
  /// - Parameters:
  ///   - range: positions on the axis.
  ///   - axis: which axis; negative ones count from the end.
  ///   - step: distance of the positions that are taken.
  /// - Returns: the part, with the axis shortened.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Int)
  public func sliced(_ range: Range<Int>, axis: Int = 0, step: Int = 1) -> Tensor {
    let axis = normalizedAxis(axis, "sliced")
    precondition(step > 0, "sliced: step \(step) must be positive")
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis],
      "sliced: \(range) leaves axis \(axis) of shape \(shape)"
    )
    let old = shape
    return slicedRaw(range, axis, step).recorded("sliced", from: self) {
      $0.placed(range, axis, step, in: old)
    }
  }

  /// One position of an axis, which is dropped.
  public func selected(_ position: Int, axis: Int = 0) -> Tensor {
    let axis = normalizedAxis(axis, "selected")
    let place = position < 0 ? position + shape[axis] : position
    precondition(place >= 0 && place < shape[axis], "selected: position \(position) on axis \(axis) of shape \(shape)")
    return sliced(place..<place + 1, axis: axis).squeezed(axis)
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Int)
  func slicedRaw(_ range: Range<Int>, _ axis: Int, _ step: Int) -> Tensor {
    let length = (range.count + step - 1) / step
    var target = shape
    target[axis] = length
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    if step == 1, outer == 1 {
      var result = Tensor(storage: storage, offset: offset, shape: target, count: length * inner)
      result.offset += range.lowerBound * inner
      return result
    }
    let result = Tensor(uninitialized: target)
    var source = withoutGradient()
    source.offset += range.lowerBound * inner
    if result.count > 0 {
      source.copyStrided([outer, length, inner], [shape[axis] * inner, step * inner, 1], to: result)
    }
    return result
  }

  /// Zeros of a shape that hold this tensor where a slice would take it from.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Int)
  func placed(_ range: Range<Int>, _ axis: Int, _ step: Int, in whole: [Int]) -> Tensor {
    let result = Tensor(repeating: .zeroElement, shape: whole)
    let inner = whole[(axis + 1)...].reduce(1, *)
    let outer = whole[..<axis].reduce(1, *)
    let length = shape[axis]
    withExtendedLifetime(storage) {
      let (from, to) = (pointer, result.output)
      for block in 0..<outer {
        let target = to + (block * whole[axis] + range.lowerBound) * inner
        let source = from + block * length * inner
        if step == 1 {
          target.update(from: source, count: length * inner)
        } else {
          for index in 0..<length { (target + index * step * inner).update(from: source + index * inner, count: inner) }
        }
      }
    }
    return result
  }

  /// Puts tensors one after the other along an axis.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @_specialize(where Scalar == Int)
  public static func concatenated(_ parts: [Tensor], axis: Int = 0) -> Tensor {
    precondition(!parts.isEmpty, "concatenated: there is nothing to join")
    let axis = parts[0].normalizedAxis(axis, "concatenated")
    var shape = parts[0].shape
    for part in parts.dropFirst() {
      precondition(
        part.rank == shape.count && shape.indices.allSatisfy { $0 == axis || part.shape[$0] == shape[$0] },
        "concatenated: shapes \(parts[0].shape) and \(part.shape) may differ on axis \(axis) only"
      )
      shape[axis] += part.shape[axis]
    }
    let result = Tensor(uninitialized: shape)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    var starts: [Int] = []
    var start = 0
    for part in parts {
      starts.append(start)
      let run = part.shape[axis] * inner
      withExtendedLifetime(part.storage) {
        for block in 0..<outer {
          (result.output + (block * shape[axis] + start) * inner).update(from: part.pointer + block * run, count: run)
        }
      }
      start += part.shape[axis]
    }
    let lengths = parts.map { $0.shape[axis] }
    return result.recorded("concatenated", from: parts) { gradient, needed in
      needed.indices.map {
        needed[$0] ? gradient.slicedRaw(starts[$0]..<starts[$0] + lengths[$0], axis, 1) : nil
      }
    }
  }

  /// Puts tensors of equal shape side by side along a new axis.
  public static func stacked(_ parts: [Tensor], axis: Int = 0) -> Tensor {
    precondition(!parts.isEmpty, "stacked: there is nothing to stack")
    let place = axis < 0 ? axis + parts[0].rank + 1 : axis
    return concatenated(parts.map { $0.expanded(at: place) }, axis: place)
  }

  /// Cuts an axis into parts of given lengths.
  public func split(_ lengths: [Int], axis: Int = 0) -> [Tensor] {
    let axis = normalizedAxis(axis, "split")
    precondition(
      lengths.reduce(0, +) == shape[axis],
      "split: lengths \(lengths) add up to \(lengths.reduce(0, +)), axis \(axis) of shape \(shape) has \(shape[axis])"
    )
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return sliced(start..<start + length, axis: axis)
    }
  }

  /// Cuts an axis into equal parts.
  public func split(into parts: Int, axis: Int = 0) -> [Tensor] {
    let axis = normalizedAxis(axis, "split")
    precondition(
      parts > 0 && shape[axis] % parts == 0,
      "split: axis \(axis) of shape \(shape) does not fall into \(parts) equal parts"
    )
    return split([Int](repeating: shape[axis] / parts, count: parts), axis: axis)
  }

  /// The values along an axis in reverse.
  public func reversed(axis: Int) -> Tensor {
    let axis = normalizedAxis(axis, "reversed")
    return reversedRaw(axis).recorded("reversed", from: self) { $0.reversedRaw(axis) }
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func reversedRaw(_ axis: Int) -> Tensor {
    let result = Tensor(like: self)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    let length = shape[axis]
    withExtendedLifetime(storage) {
      for block in 0..<outer {
        for index in 0..<length {
          (result.output + (block * length + index) * inner)
            .update(from: pointer + (block * length + length - 1 - index) * inner, count: inner)
        }
      }
    }
    return result
  }
}

/// What stands beyond the ends of a padded axis.
public enum Padding: Sendable, Equatable {
  /// Zeros.
  case zeros
  /// The end value again and again.
  case replicated
  /// The values mirrored at the end value, which is not repeated.
  case reflected
  /// The values from the other end.
  case circular
}

extension Tensor where Scalar: TensorScalar {
  /// Adds values before and after those of an axis.
  ///
  /// - Parameters:
  ///   - before: how many in front; a negative number cuts.
  ///   - after: how many behind; a negative number cuts.
  ///   - axis: which axis; negative ones count from the end.
  ///   - mode: what is added.
  /// - Returns: the longer tensor.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func padded(before: Int = 0, after: Int = 0, axis: Int, mode: Padding = .zeros) -> Tensor {
    let axis = normalizedAxis(axis, "padded")
    let length = shape[axis]
    precondition(
      length + before + after >= 0,
      "padded: cuts \(-before - after) values of axis \(axis) of shape \(shape)"
    )
    if before <= 0, after <= 0 { return sliced(-before..<length + after, axis: axis) }
    guard mode == .zeros else {
      let places = (-before..<length + after).map { mode.source($0, length, shape: shape) }
      return indexSelected(Tensor<Int>(places), axis: axis)
    }
    if before < 0 { return sliced(-before..<length, axis: axis).padded(after: after, axis: axis) }
    if after < 0 { return sliced(0..<length + after, axis: axis).padded(before: before, axis: axis) }
    var whole = shape
    whole[axis] += before + after
    let range = before..<before + length
    return withoutGradient().placed(range, axis, 1, in: whole).recorded("padded", from: self) {
      $0.slicedRaw(range, axis, 1)
    }
  }
}

extension Padding {
  /// Which position supplies the value at a place beyond the ends.
  func source(_ place: Int, _ length: Int, shape: [Int]) -> Int {
    precondition(length > 0, "padded: shape \(shape) has nothing to repeat")
    switch self {
    case .zeros, .replicated: return Swift.min(Swift.max(place, 0), length - 1)
    case .circular: return ((place % length) + length) % length
    case .reflected:
      precondition(
        place > -length && place < 2 * length - 1,
        "padded: reflection reaches beyond the other end of length \(length) of shape \(shape)"
      )
      return place < 0 ? -place : place >= length ? 2 * (length - 1) - place : place
    }
  }
}
