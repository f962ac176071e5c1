internal import Solvers

extension SplitScheme {
  /// One component without competition: nothing is allocated in a step, and its loop is one pass over three arrays.
  ///
  /// Between steps the state is kept half an exchange ahead, so that two halves become one whole exchange.
  func runLinear(
    _ analyte: Analyte,
    steps: Int,
    _ diffusion: CrankNicolson?
  ) -> (outlet: [Double], mobile: [Double], stationary: [Double]) {
    let half = halfExchange(analyte)
    let whole = half * half
    let inlet = Inlet(injection: injection, step: timeStep)
    var mobile = [Double](repeating: 0, count: cells)
    var shifted = mobile
    var stationary = mobile
    var outlet = [Double](repeating: 0, count: steps + 1)
    for step in 0..<steps {
      let fresh = inlet.mean(step) * analyte.level
      if let diffusion {
        Self.shift(mobile, into: &shifted, inlet: fresh)
        diffusion.apply(&shifted)
        outlet[step + 1] = half.a * shifted[cells - 1] + half.b * stationary[cells - 1]
        Self.exchange(step + 1 == steps ? half : whole, shifted, into: &mobile, &stationary, offset: 0)
      } else {
        outlet[step + 1] = half.a * mobile[cells - 2] + half.b * stationary[cells - 1]
        let matrix = step + 1 == steps ? half : whole
        Self.exchange(matrix, mobile, into: &shifted, &stationary, offset: 1)
        let old = stationary[0]
        shifted[0] = matrix.a * fresh + matrix.b * old
        stationary[0] = matrix.c * fresh + matrix.d * old
        swap(&mobile, &shifted)
      }
    }
    return (outlet, mobile, stationary)
  }

  private static func shift(_ values: [Double], into shifted: inout [Double], inlet: Double) {
    shifted.withUnsafeMutableBufferPointer { target in
      values.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        (to + 1).update(from: from, count: source.count - 1)
        to[0] = inlet
      }
    }
  }

  /// (c, q) ← M (c shifted by `offset` cells, q) for all cells from `offset` on.
  private static func exchange(
    _ matrix: Matrix2,
    _ source: [Double],
    into target: inout [Double],
    _ stationary: inout [Double],
    offset: Int
  ) {
    let (a, b, c, d) = (matrix.a, matrix.b, matrix.c, matrix.d)
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        stationary.withUnsafeMutableBufferPointer { stationary in
          // Plain pointers: the subscripts of buffers are checked wherever preconditions keep their words.
          guard let from = source.baseAddress, let to = target.baseAddress, let lining = stationary.baseAddress
          else { return }
          for index in offset..<source.count {
            let gas = from[index - offset]
            let held = lining[index]
            to[index] = a * gas + b * held
            lining[index] = c * gas + d * held
          }
        }
      }
    }
  }
}
