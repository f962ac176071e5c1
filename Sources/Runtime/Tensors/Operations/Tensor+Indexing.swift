extension Tensor where Scalar: TensorScalar {
  /// Positions of an axis by number, in any order and any number of times.
  ///
  /// - Parameters:
  ///   - indices: positions; their shape takes the place of the axis.
  ///   - axis: which axis; negative ones count from the end.
  /// - Returns: the chosen values.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func indexSelected(_ indices: Tensor<Int>, axis: Int = 0) -> Tensor {
    let axis = normalizedAxis(axis, "indexSelected")
    indices.checkWithin(shape[axis], "indexSelected", axis, shape)
    let whole = shape
    let target = Array(shape[..<axis]) + indices.shape + Array(shape[(axis + 1)...])
    let result = Tensor(uninitialized: target)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    let length = shape[axis]
    withExtendedLifetime((storage, indices.storage)) {
      let (from, places, to) = (pointer, indices.pointer, result.output)
      let count = indices.count
      if outer == 1 {
        Threads.split(count, cost: inner) {
          Kernels.gather(from, places + $0.lowerBound, to + $0.lowerBound * inner, $0.count, inner)
        }
      } else {
        Threads.split(outer, cost: count * inner) { blocks in
          for block in blocks {
            Kernels.gather(from + block * length * inner, places, to + block * count * inner, count, inner)
          }
        }
      }
    }
    return result.recorded("indexSelected", from: self) { $0.scattered(indices, axis, whole) }
  }

  /// Rows of the first axis by number: what `indexSelected` does.
  public func gatheredRows(_ indices: Tensor<Int>) -> Tensor { indexSelected(indices, axis: 0) }

  /// Adds rows to those of zeros by number: the adjoint of `gatheredRows`.
  ///
  /// - Parameters:
  ///   - indices: where each row of this tensor goes, `[rows]`; rows that meet are added in order.
  ///   - count: number of rows of the result.
  /// - Returns: the sums, `[count, …]`.
  public func scatterAddedRows(_ indices: Tensor<Int>, count: Int) -> Tensor {
    precondition(
      rank > 0 && indices.shape == [shape[0]],
      "scatterAddedRows: indices of shape \(indices.shape) must have one entry for each row of shape \(shape)"
    )
    indices.checkWithin(count, "scatterAddedRows", 0, [count] + shape.dropFirst())
    return withoutGradient().scattered(indices, 0, [count] + shape.dropFirst())
      .recorded("scatterAddedRows", from: self) { $0.indexSelected(indices, axis: 0) }
  }

  /// Adds to zeros of a shape where a selection would have taken.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func scattered(_ indices: Tensor<Int>, _ axis: Int, _ whole: [Int]) -> Tensor {
    let result = Tensor.zeros(whole)
    let inner = whole[(axis + 1)...].reduce(1, *)
    let outer = whole[..<axis].reduce(1, *)
    withExtendedLifetime((storage, indices.storage)) {
      let (from, places, to) = (pointer, indices.pointer, result.output)
      let (count, length) = (indices.count, whole[axis])
      Threads.split(outer, cost: count * inner) { blocks in
        for block in blocks {
          Kernels.scatter(from + block * count * inner, places, to + block * length * inner, count, inner)
        }
      }
    }
    return result
  }

  /// One value for each index along an axis: result[i][j] = self[i][indices[i][j]] for the last of two axes.
  ///
  /// - Parameters:
  ///   - indices: positions on the axis; its shape agrees with this tensor's on all other axes.
  ///   - axis: which axis; negative ones count from the end.
  /// - Returns: the values, in the shape of the indices.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func gathered(_ indices: Tensor<Int>, axis: Int = -1) -> Tensor {
    let axis = normalizedAxis(axis, "gathered")
    precondition(
      indices.rank == rank && shape.indices.allSatisfy { $0 == axis || shape[$0] == indices.shape[$0] },
      "gathered: indices of shape \(indices.shape) and values of shape \(shape) may differ on axis \(axis) only"
    )
    indices.checkWithin(shape[axis], "gathered", axis, shape)
    let flat = indices.flatPlaces(axis, shape)
    return reshaped([count]).indexSelected(flat).reshaped(indices.shape)
  }

  /// 1 at the position that each index names, 0 elsewhere: `[…]` to `[…, classes]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func oneHot(_ indices: Tensor<Int>, classes: Int) -> Tensor {
    indices.checkWithin(classes, "oneHot", indices.rank, indices.shape + [classes])
    var result = zeros(indices.shape + [classes])
    let places = indices.values
    result.withMutablePointer { pointer in
      for (row, place) in places.enumerated() { pointer[row * classes + place] = 1 }
    }
    return result
  }
}

extension Tensor where Scalar == Int {
  func checkWithin(_ length: Int, _ name: StaticString, _ axis: Int, _ shape: [Int]) {
    withUnsafeValues { values in
      for (place, index) in values.enumerated() where index < 0 || index >= length {
        preconditionFailure(
          "\(name): index \(index), entry \(place), leaves 0..<\(length), axis \(axis) of shape \(shape)"
        )
      }
    }
  }

  /// Positions along an axis as positions in the whole flat array.
  func flatPlaces(_ axis: Int, _ whole: [Int]) -> Tensor<Int> {
    let inner = shape[(axis + 1)...].reduce(1, *)
    let mine = shape[axis]
    let theirs = whole[axis]
    let places = values.enumerated().map { place, index in
      let outer = place / (mine * inner)
      return (outer * theirs + index) * inner + place % inner
    }
    return Tensor<Int>(places)
  }
}
