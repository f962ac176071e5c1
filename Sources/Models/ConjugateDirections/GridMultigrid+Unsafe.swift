internal import Tensors

/// The passes over a grid's cells; solid ones have weights, sources and images of 0 and so stay at 0.
extension GridMultigrid.Level {
  /// One smoothing step from x = 0.
  func smoothedStart(_ right: [Double]) -> [Double] {
    [Double](unsafeUninitializedCapacity: right.count) { x, count in
      for cell in 0..<right.count { x.initializeElement(at: cell, to: weights[cell] * right[cell]) }
      count = right.count
    }
  }

  /// One smoothing step from x, whose image is given.
  func smooth(_ x: inout [Double], _ image: [Double], _ right: [Double]) {
    let scale = scale
    withCells(&x, image, right, weights) { x, image, right, weights, range in
      for cell in range { x[cell] += weights[cell] * (right[cell] - scale * image[cell]) }
    }
  }

  /// The residual, added up over the cells that the next grid puts together.
  func restrictedResidual(_ right: [Double], _ image: [Double], count: Int) -> [Double] {
    var coarse = [Double](repeating: 0, count: count)
    for cell in parents.indices { coarse[Int(parents[cell])] += right[cell] - scale * image[cell] }
    return coarse
  }

  /// Gives each fluid cell the correction of the coarse cell that holds it.
  func add(_ correction: [Double], to x: inout [Double]) {
    for cell in parents.indices where weights[cell] != 0 { x[cell] += correction[Int(parents[cell])] }
  }

  private func withCells(
    _ x: inout [Double],
    _ first: [Double],
    _ second: [Double],
    _ third: [Double],
    _ body: (
      UnsafeMutablePointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Double>, Range<Int>
    ) -> Void
  ) {
    let count = x.count
    precondition(first.count == count && second.count == count && third.count == count)
    x.withUnsafeMutableBufferPointer { x in
      first.withUnsafeBufferPointer { first in
        second.withUnsafeBufferPointer { second in
          third.withUnsafeBufferPointer { third in
            guard let x = x.baseAddress, let first = first.baseAddress, let second = second.baseAddress,
              let third = third.baseAddress
            else { return }
            Threads.split(count, cost: 2) { body(x, first, second, third, $0) }
          }
        }
      }
    }
  }
}
