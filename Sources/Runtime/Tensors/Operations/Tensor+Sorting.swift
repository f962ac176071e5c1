extension Tensor where Scalar: TensorScalar {
  /// Calls a body with each run along an axis, gathered.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func orders(along axis: Int, keep: Int, _ order: ([Scalar]) -> [Int]) -> Tensor<Int> {
    let moved = moveLast(axis)
    let length = shape[axis]
    var places: [Int] = []
    places.reserveCapacity(count / Swift.max(1, length) * keep)
    moved.withUnsafeValues { values in
      for row in 0..<(length == 0 ? 0 : values.count / length) {
        places += order(Array(values[row * length..<(row + 1) * length])).prefix(keep)
      }
    }
    var target = moved.shape
    target[rank - 1] = keep
    return Tensor<Int>(places, shape: target).moveLastBack(axis)
  }

  /// Positions that sort the values along an axis; NaN last, equal values in their order.
  ///
  /// - Parameters:
  ///   - axis: which axis; negative ones count from the end.
  ///   - descending: largest first.
  /// - Returns: positions on the axis, in this tensor's shape.
  public func sortOrder(axis: Int = -1, descending: Bool = false) -> Tensor<Int> {
    let axis = normalizedAxis(axis, "sortOrder")
    return orders(along: axis, keep: shape[axis]) { sortedPlaces($0, descending) }
  }

  /// The values in order along an axis; gradients go back to where the values came from.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    gathered(sortOrder(axis: axis, descending: descending), axis: axis)
  }

  /// The largest values along an axis and their positions, largest first.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - axis: which axis; negative ones count from the end.
  /// - Returns: values (with gradient) and positions, the axis shortened to `count`.
  public func top(_ count: Int, axis: Int = -1) -> (values: Tensor, positions: Tensor<Int>) {
    let axis = normalizedAxis(axis, "top")
    precondition(count >= 0 && count <= shape[axis], "top: \(count) values of axis \(axis) of shape \(shape)")
    let positions = orders(along: axis, keep: count) { sortedPlaces($0, true) }
    return (gathered(positions, axis: axis), positions)
  }

  /// Position of the largest value along an axis, the first of equal ones; the axis is dropped.
  public func argMax(axis: Int = -1) -> Tensor<Int> { extremePlaces(axis, "argMax", >) }

  /// Position of the smallest value along an axis, the first of equal ones; the axis is dropped.
  public func argMin(axis: Int = -1) -> Tensor<Int> { extremePlaces(axis, "argMin", <) }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func extremePlaces(_ axis: Int, _ name: StaticString, _ isBetter: (Scalar, Scalar) -> Bool) -> Tensor<Int> {
    let axis = normalizedAxis(axis, name)
    let length = shape[axis]
    precondition(length > 0, "\(name): axis \(axis) of shape \(shape) is empty")
    let inner = shape[(axis + 1)...].reduce(1, *)
    let result = Tensor<Int>(uninitialized: Array(shape[..<axis] + shape[(axis + 1)...]))
    withExtendedLifetime(storage) {
      let (from, to) = (pointer, result.output)
      for place in 0..<result.count {
        let start = from + place / inner * length * inner + place % inner
        var best = 0
        for index in 1..<Swift.max(1, length) where isBetter(start[index * inner], start[best * inner]) { best = index }
        to[place] = best
      }
    }
    return result
  }

  /// Running sums along an axis.
  public func cumulativeSum(axis: Int = -1) -> Tensor {
    let axis = normalizedAxis(axis, "cumulativeSum")
    return runningSum(axis, backward: false).recorded("cumulativeSum", from: self) {
      $0.runningSum(axis, backward: true)
    }
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func runningSum(_ axis: Int, backward: Bool) -> Tensor {
    let result = Tensor(like: self)
    let length = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    withExtendedLifetime(storage) {
      let (from, to) = (pointer, result.output)
      for block in 0..<(length * inner == 0 ? 0 : count / (length * inner)) {
        let start = block * length * inner
        for offset in 0..<inner {
          var sum = Scalar.zeroElement
          for index in 0..<length {
            let place = start + (backward ? length - 1 - index : index) * inner + offset
            sum += from[place]
            to[place] = sum
          }
        }
      }
    }
    return result
  }
}

extension Tensor {
  func moveLast(_ axis: Int) -> Tensor {
    axis == rank - 1 ? withoutGradient() : permutedRaw(Array(0..<rank).filter { $0 != axis } + [axis])
  }

  func moveLastBack(_ axis: Int) -> Tensor {
    guard axis != rank - 1 else { return self }
    var order = Array(0..<rank - 1)
    order.insert(rank - 1, at: axis)
    return permutedRaw(order)
  }
}

private func sortedPlaces<Scalar: TensorScalar>(_ values: [Scalar], _ descending: Bool) -> [Int] {
  values.indices.sorted { first, second in
    let (a, b) = (values[first], values[second])
    if a.isNaN || b.isNaN { return !a.isNaN && b.isNaN || a.isNaN == b.isNaN && first < second }
    if a == b { return first < second }
    return descending ? a > b : a < b
  }
}
