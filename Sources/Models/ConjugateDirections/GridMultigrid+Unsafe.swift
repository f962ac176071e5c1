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
    let (count, scale) = (weights.count, scale)
    precondition(x.count == count && image.count == count && right.count == count)
    x.withUnsafeMutableBufferPointer { x in
      image.withUnsafeBufferPointer { image in
        right.withUnsafeBufferPointer { right in
          weights.withUnsafeBufferPointer { weights in
            guard let x = x.baseAddress, let image = image.baseAddress, let right = right.baseAddress,
              let weights = weights.baseAddress
            else { return }
            Threads.split(count, cost: 2) { range in
              for cell in range { x[cell] += weights[cell] * (right[cell] - scale * image[cell]) }
            }
          }
        }
      }
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
}
