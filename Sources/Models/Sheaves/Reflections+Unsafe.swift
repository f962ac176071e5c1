internal import Tensors

/// Products of reflections whose vectors are the columns of a unit lower triangle: a matrix an edge, all in one step of the tape.
///
/// The runtime's `householderProduct` takes any vectors and composes products; here there are thousands of tiny matrices, where
/// the steps between the products would cost more than the products.
extension Tensor where Scalar: TensorScalar {
  /// Q = ∏ᵢ (I - 2 vᵢvᵢᵀ / |vᵢ|²), `[m, d, d]`, from the entries below the diagonal row by row, `[m, d (d - 1) / 2]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func reflections(size d: Int) -> Tensor {
    let (count, width) = (shape[0], shape[1])
    let constant = withoutGradient()
    let result = Tensor(uninitialized: [count, d, d])
    withUnsafeValues { entries in
      guard let from = entries.baseAddress else { return }
      let to = result.output
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * d) { work in
        guard let work = work.baseAddress else { return }
        for index in 0..<count {
          let q = to + index * d * d
          for place in 0..<d * d { q[place] = place.isMultiple(of: d + 1) ? 1 : 0 }
          for step in 0..<d { reflect(q, from + index * width, step, d, work) }
        }
      }
    }
    return result.recorded("reflections", from: self) { constant.reflectionsAdjoint($0, result, d) }
  }

  /// From the gradient by Q to that by the entries; reflections are their own inverses, so Q is walked back in place.
  private func reflectionsAdjoint(_ gradient: Tensor, _ product: Tensor, _ d: Int) -> Tensor {
    let (count, width) = (shape[0], shape[1])
    let result = Tensor.zeros(shape)
    withExtendedLifetime((storage, gradient.storage, product.storage)) {
      let to = result.output
      withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * d * d + 4 * d) { buffer in
        guard let q = buffer.baseAddress else { return }
        let (g, work) = (q + d * d, q + 2 * d * d)
        for index in 0..<count {
          q.update(from: product.pointer + index * d * d, count: d * d)
          g.update(from: gradient.pointer + index * d * d, count: d * d)
          for step in stride(from: d - 1, through: 0, by: -1) {
            unreflect(q, g, pointer + index * width, to + index * width, step, d, work)
          }
        }
      }
    }
    return result
  }
}

/// Writes column `step` of I + P, and returns 2 / |v|².
private func loadColumn<Scalar: TensorScalar>(
  _ v: UnsafeMutablePointer<Scalar>,
  _ entries: UnsafePointer<Scalar>,
  _ step: Int,
  _ d: Int
) -> Scalar {
  var square: Scalar = 1
  for row in 0..<d { v[row] = row == step ? 1 : 0 }
  for row in step + 1..<max(d, step + 1) {
    // Row r of the strict triangle begins after r (r - 1) / 2 entries.
    let value = entries[row * (row - 1) / 2 + step]
    v[row] = value
    square += value * value
  }
  return 2 / square
}

/// Q ← Q (I - τ v vᵀ).
private func reflect<Scalar: TensorScalar>(
  _ q: UnsafeMutablePointer<Scalar>,
  _ entries: UnsafePointer<Scalar>,
  _ step: Int,
  _ d: Int,
  _ v: UnsafeMutablePointer<Scalar>
) {
  let factor = loadColumn(v, entries, step, d)
  for row in 0..<d {
    var along: Scalar = 0
    for column in 0..<d { along += q[row * d + column] * v[column] }
    for column in 0..<d { q[row * d + column] -= factor * along * v[column] }
  }
}

/// Takes the last reflection off Q and off its gradient, and adds what its vector gets.
private func unreflect<Scalar: TensorScalar>(
  _ q: UnsafeMutablePointer<Scalar>,
  _ g: UnsafeMutablePointer<Scalar>,
  _ entries: UnsafePointer<Scalar>,
  _ slopes: UnsafeMutablePointer<Scalar>,
  _ step: Int,
  _ d: Int,
  _ work: UnsafeMutablePointer<Scalar>
) {
  let factor = loadColumn(work, entries, step, d)
  let (v, turned, pulled, slope) = (work, work + d, work + 2 * d, work + 3 * d)
  reflect(q, entries, step, d, work)
  var common: Scalar = 0
  for row in 0..<d {
    (turned[row], pulled[row]) = (0, 0)
    for column in 0..<d {
      turned[row] += q[row * d + column] * v[column]
      pulled[row] += g[row * d + column] * v[column]
    }
    common += turned[row] * pulled[row]
  }
  for column in 0..<d {
    var sum: Scalar = 0
    for row in 0..<d { sum += g[row * d + column] * turned[row] + q[row * d + column] * pulled[row] }
    slope[column] = factor * (factor * common * v[column] - sum)
  }
  for row in step + 1..<max(d, step + 1) { slopes[row * (row - 1) / 2 + step] += slope[row] }
  for row in 0..<d { for column in 0..<d { g[row * d + column] -= factor * pulled[row] * v[column] } }
}
