internal import Tensors

extension PoissonGrid {
  /// Writes A x over y, `[cells]`; x must be 0 in solid cells.
  public func multiply(_ x: [Double], into y: inout [Double]) {
    precondition(
      x.count == count && y.count == count,
      "PoissonGrid.multiply: \(x.count) values into \(y.count) for \(count) cells"
    )
    x.withUnsafeBufferPointer { from in
      y.withUnsafeMutableBufferPointer { to in
        diagonal.withUnsafeBufferPointer { own in
          guard let from = from.baseAddress, let to = to.baseAddress, let own = own.baseAddress else { return }
          stencil(from, to, own)
        }
      }
    }
  }

  /// A x of every item of a batch `[items, 1, sides…]`, with gradients; x must be 0 in solid cells.
  func applied(to x: Tensor<Float>) -> Tensor<Float> {
    precondition(
      Array(x.shape.dropFirst(2)) == sides && x.shape[1] == 1,
      "PoissonGrid.applied: x has shape \(x.shape), expected [items, 1] + \(sides)"
    )
    return product(x.withoutGradient()).recorded("PoissonGrid.applied", from: x) { product($0) }
  }

  private func product(_ x: Tensor<Float>) -> Tensor<Float> {
    let result = Tensor<Float>(like: x)
    withExtendedLifetime(x) {
      singleDiagonal.withUnsafeBufferPointer { own in
        guard let own = own.baseAddress else { return }
        for item in 0..<x.shape[0] { stencil(x.pointer + item * count, result.output + item * count, own) }
      }
    }
    return result
  }

  private func stencil<Scalar: TensorScalar>(
    _ x: UnsafePointer<Scalar>,
    _ y: UnsafeMutablePointer<Scalar>,
    _ own: UnsafePointer<Scalar>
  ) {
    let width = sides[sides.count - 1]
    let rows = count / width
    let height = sides[sides.count - 2]
    Threads.split(rows, cost: 8 * width) { range in
      for row in range {
        let start = row * width
        for cell in start..<start + width { y[cell] = own[cell] * x[cell] }
        subtract(x + start, y + start + 1, width - 1)
        subtract(x + start + 1, y + start, width - 1)
        let place = row % height
        if place > 0 { subtract(x + start - width, y + start, width) }
        if place < height - 1 { subtract(x + start + width, y + start, width) }
        if sides.count == 3 {
          let (layer, plane) = (row / height, width * height)
          if layer > 0 { subtract(x + start - plane, y + start, width) }
          if layer < sides[0] - 1 { subtract(x + start + plane, y + start, width) }
        }
        if activeCells.count < count { for cell in start..<start + width where own[cell] == 0 { y[cell] = 0 } }
      }
    }
  }
}

@inline(__always)
private func subtract<Scalar: TensorScalar>(
  _ from: UnsafePointer<Scalar>,
  _ to: UnsafeMutablePointer<Scalar>,
  _ count: Int
) {
  for index in 0..<count { to[index] -= from[index] }
}
