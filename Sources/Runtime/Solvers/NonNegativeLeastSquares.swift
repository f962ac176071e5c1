extension Matrix where Scalar == Double {
  /// x ≥ 0 that minimises |A x - b|, by the active set of Lawson and Hanson.
  ///
  /// - Parameter right: b, `[rows]`.
  /// - Returns: x, `[columns]`.
  /// - Throws: `SolverError.wrongCount`, `.notFiniteEntry`, or `.notConverged` where the set does not settle.
  ///
  /// Source: C. Lawson, R. Hanson, "Solving least squares problems", 1974, chapter 23.
  public func nonNegativeLeastSquares(_ right: [Double]) throws(SolverError) -> [Double] {
    let name = "Matrix.nonNegativeLeastSquares"
    try checkFinite(name)
    guard right.count == rows else {
      throw .wrongCount(function: name, argument: "right", expected: rows, got: right.count)
    }
    try Matrix(right, rows: rows, columns: 1).checkFinite(name)
    var x = [Double](repeating: 0, count: columns)
    var free: [Int] = []
    let scale = (transposed * right).reduce(0) { Swift.max($0, abs($1)) }
    let bound = 1e-13 * Swift.max(scale, .leastNormalMagnitude)
    for _ in 0..<3 * columns + 10 {
      let residual = zip(right, self * x).map { $0 - $1 }
      let slope = transposedTimes(Matrix(residual, rows: rows, columns: 1)).values
      let held = (0..<columns).filter { !free.contains($0) }
      guard let best = held.max(by: { slope[$0] < slope[$1] }), slope[best] > bound else { return x }
      free.append(best)
      try settle(&x, &free, right)
    }
    throw .notConverged(function: name, steps: 3 * columns + 10, error: .nan, wanted: bound)
  }

  /// Solves for the free entries, holding those at zero that would become negative on the way.
  private func settle(_ x: inout [Double], _ free: inout [Int], _ right: [Double]) throws(SolverError) {
    while !free.isEmpty {
      let chosen = free
      let part = Matrix(rows: rows, columns: chosen.count) { self[$0, chosen[$1]] }
      let wanted = try part.leastSquares(Matrix(right, rows: rows, columns: 1)).solution.values
      guard wanted.contains(where: { $0 <= 0 }) else {
        for (index, value) in zip(chosen, wanted) { x[index] = value }
        return
      }
      var (share, last) = (Double.infinity, chosen[0])
      for (index, value) in zip(chosen, wanted) where value <= 0 {
        let room = x[index] > 0 ? x[index] / (x[index] - value) : 0
        if room < share { (share, last) = (room, index) }
      }
      for (index, value) in zip(chosen, wanted) { x[index] += share * (value - x[index]) }
      // Rounding must not keep the entry that stopped the move.
      x[last] = 0
      free = chosen.filter { x[$0] > 0 }
      for index in chosen where !free.contains(index) { x[index] = 0 }
    }
  }
}
