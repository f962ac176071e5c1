public import Tensors

// Products with the small blocks of a sheaf: sums over edges without a list of messages, each one step of the tape.

extension SheafLaplacian {
  /// Δ x of x `[n, stalk, channels]`, with gradients by x and by the blocks.
  ///
  /// Time and memory grow with (n + E) · stalk² · channels.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func applied(to x: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(
      x.rank == 3 && x.shape[0] == graph.nodeCount && x.shape[1] == stalk,
      "SheafLaplacian.applied: x has shape \(x.shape), expected [\(graph.nodeCount), \(stalk), channels]"
    )
    let blocks = BlockPattern<Scalar>(graph: graph, stalk: stalk, channels: x.shape[2])
    let (own, sides, input) = (diagonal.withoutGradient(), self.sides.withoutGradient(), x.withoutGradient())
    let result = blocks.product(own, sides, input)
    return result.recorded("SheafLaplacian.applied", from: [diagonal, self.sides, x]) { gradient, needed in
      [
        needed[0] ? blocks.nodeOuter(gradient, input, rank: own.rank) : nil,
        needed[1] ? blocks.edgeOuter(gradient, input, rank: sides.rank) : nil,
        // Δ is symmetric.
        needed[2] ? blocks.product(own, sides, gradient) : nil,
      ]
    }
  }
}

private struct BlockPattern<Scalar: TensorScalar>: Sendable {
  let graph: SheafGraph
  let stalk: Int
  let channels: Int

  func product(_ own: Tensor<Scalar>, _ sides: Tensor<Scalar>, _ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let (d, width, row) = (stalk, channels, stalk * channels)
    let result = Tensor<Scalar>.zeros(x.shape)
    withExtendedLifetime((own, sides, x, graph)) {
      let (from, to, a, b) = (x.pointer, result.output, own.pointer, sides.pointer)
      let (low, high) = (graph.lower.pointer, graph.upper.pointer)
      for node in 0..<graph.nodeCount {
        let (source, target) = (from + node * row, to + node * row)
        if own.rank == 2 {
          for i in 0..<d { addScaled(target + i * width, source + i * width, a[node * d + i], width) }
        } else {
          for i in 0..<d {
            for j in 0..<d { addScaled(target + i * width, source + j * width, a[(node * d + i) * d + j], width) }
          }
        }
      }
      for edge in 0..<graph.edgeCount {
        let (v, u) = (low[edge] * row, high[edge] * row)
        if sides.rank == 2 {
          for i in 0..<d {
            let value = b[edge * d + i]
            addScaled(to + v + i * width, from + u + i * width, value, width)
            addScaled(to + u + i * width, from + v + i * width, value, width)
          }
        } else {
          for i in 0..<d {
            for j in 0..<d {
              let value = b[(edge * d + i) * d + j]
              addScaled(to + v + i * width, from + u + j * width, value, width)
              addScaled(to + u + j * width, from + v + i * width, value, width)
            }
          }
        }
      }
    }
    return result
  }

  /// Gradient by the blocks on the diagonal: gᵥ xᵥᵀ.
  func nodeOuter(_ gradient: Tensor<Scalar>, _ x: Tensor<Scalar>, rank: Int) -> Tensor<Scalar> {
    let (d, width, row) = (stalk, channels, stalk * channels)
    let result = Tensor<Scalar>(uninitialized: [graph.nodeCount] + [Int](repeating: d, count: rank - 1))
    withExtendedLifetime((gradient, x)) {
      let (g, from, to) = (gradient.pointer, x.pointer, result.output)
      for node in 0..<graph.nodeCount {
        for i in 0..<d {
          let slope = g + node * row + i * width
          if rank == 2 {
            to[node * d + i] = dot(slope, from + node * row + i * width, width)
          } else {
            for j in 0..<d { to[(node * d + i) * d + j] = dot(slope, from + node * row + j * width, width) }
          }
        }
      }
    }
    return result
  }

  /// Gradient by the blocks of edges: gᵥ xᵤᵀ + xᵥ gᵤᵀ.
  func edgeOuter(_ gradient: Tensor<Scalar>, _ x: Tensor<Scalar>, rank: Int) -> Tensor<Scalar> {
    let (d, width, row) = (stalk, channels, stalk * channels)
    let result = Tensor<Scalar>(uninitialized: [graph.edgeCount] + [Int](repeating: d, count: rank - 1))
    withExtendedLifetime((gradient, x, graph)) {
      let (g, from, to) = (gradient.pointer, x.pointer, result.output)
      let (low, high) = (graph.lower.pointer, graph.upper.pointer)
      for edge in 0..<graph.edgeCount {
        let (v, u) = (low[edge] * row, high[edge] * row)
        for i in 0..<d {
          let (slope, value) = (g + v + i * width, from + v + i * width)
          for j in rank == 2 ? i..<i + 1 : 0..<d {
            let sum = dot(slope, from + u + j * width, width) + dot(value, g + u + j * width, width)
            to[rank == 2 ? edge * d + i : (edge * d + i) * d + j] = sum
          }
        }
      }
    }
    return result
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Aᵀ B of every pair of small matrices, `[m, d, d]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func blockProducts(_ other: Tensor) -> Tensor {
    let (left, right) = (withoutGradient(), other.withoutGradient())
    return left.tripleLoop(right, .leftTransposed).recorded("blockProducts", from: [self, other]) { gradient, needed in
      [
        needed[0] ? right.tripleLoop(gradient, .rightTransposed) : nil,
        needed[1] ? left.tripleLoop(gradient, .plain) : nil,
      ]
    }
  }

  /// W x of every node's stalk: x of this tensor `[n, d, channels]`, W `[d, d]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func stalksMapped(by matrix: Tensor) -> Tensor {
    let (weights, input) = (matrix.withoutGradient(), withoutGradient())
    return input.stalkProduct(weights).recorded("stalksMapped", from: [self, matrix]) { gradient, needed in
      [
        needed[0] ? gradient.stalkProduct(weights.transposed()) : nil,
        needed[1] ? gradient.stalkOuter(input) : nil,
      ]
    }
  }

  private func tripleLoop(_ other: Tensor, _ order: BlockOrder) -> Tensor {
    let d = shape[1]
    let result = Tensor.zeros(shape)
    withExtendedLifetime((storage, other.storage)) {
      let (a, b, to) = (pointer, other.pointer, result.output)
      for base in stride(from: 0, to: count, by: d * d) {
        for i in 0..<d {
          for j in 0..<d {
            var sum: Scalar = 0
            for k in 0..<d {
              let left = order == .leftTransposed ? a[base + k * d + i] : a[base + i * d + k]
              sum += left * (order == .rightTransposed ? b[base + j * d + k] : b[base + k * d + j])
            }
            to[base + i * d + j] = sum
          }
        }
      }
    }
    return result
  }

  private func stalkProduct(_ weights: Tensor) -> Tensor {
    let (d, width) = (shape[1], shape[2])
    let result = Tensor.zeros(shape)
    withExtendedLifetime((storage, weights.storage)) {
      let (from, w, to) = (pointer, weights.pointer, result.output)
      for base in stride(from: 0, to: count, by: d * width) {
        for i in 0..<d {
          for j in 0..<d { addScaled(to + base + i * width, from + base + j * width, w[i * d + j], width) }
        }
      }
    }
    return result
  }

  private func stalkOuter(_ x: Tensor) -> Tensor {
    let (d, width) = (shape[1], shape[2])
    let result = Tensor.zeros([d, d])
    withExtendedLifetime((storage, x.storage)) {
      let (g, from, to) = (pointer, x.pointer, result.output)
      for base in stride(from: 0, to: count, by: d * width) {
        for i in 0..<d {
          for j in 0..<d { to[i * d + j] += dot(g + base + i * width, from + base + j * width, width) }
        }
      }
    }
    return result
  }
}

private enum BlockOrder { case plain, leftTransposed, rightTransposed }

@inline(__always)
private func addScaled<Scalar: TensorScalar>(
  _ to: UnsafeMutablePointer<Scalar>,
  _ from: UnsafePointer<Scalar>,
  _ factor: Scalar,
  _ count: Int
) {
  for index in 0..<count { to[index] += factor * from[index] }
}

@inline(__always)
private func dot<Scalar: TensorScalar>(
  _ a: UnsafePointer<Scalar>,
  _ b: UnsafePointer<Scalar>,
  _ count: Int
) -> Scalar {
  // Four sums side by side, which the processor adds at once.
  var (s0, s1, s2, s3): (Scalar, Scalar, Scalar, Scalar) = (0, 0, 0, 0)
  var index = 0
  while index + 4 <= count {
    s0 += a[index] * b[index]
    s1 += a[index + 1] * b[index + 1]
    s2 += a[index + 2] * b[index + 2]
    s3 += a[index + 3] * b[index + 3]
    index += 4
  }
  while index < count {
    s0 += a[index] * b[index]
    index += 1
  }
  return (s0 + s1) + (s2 + s3)
}
