internal import CKernels

extension RandomStream {
  package static func block(key: UInt64, stream: UInt64, _ counter: UInt64) -> [UInt32] {
    var words = [UInt32](repeating: 0, count: 4)
    ofk_philox(key, stream, counter, &words, 1)
    return words
  }

  /// Numbers in 0..<1, two a block.
  mutating func uniform(count: Int) -> [Double] {
    let (seed, number) = (seed, number)
    return fill(count) { ofk_uniform(seed, number, $0, $1, $2) }
  }

  /// Standard normal numbers, two a block.
  mutating func normal(count: Int) -> [Double] {
    let (seed, number) = (seed, number)
    return fill(count) { ofk_normal(seed, number, $0, $1, $2) }
  }

  private mutating func fill(
    _ count: Int,
    _ body: (_ first: UInt64, _ out: UnsafeMutablePointer<Double>, _ blocks: Int) -> Void
  ) -> [Double] {
    let blocks = (count + 1) / 2
    let first = position
    position += UInt64(blocks)
    return Array(unsafeUninitializedCapacity: 2 * blocks) { buffer, filled in
      filled = count
      guard let base = buffer.baseAddress, blocks > 0 else { return }
      Threads.split(blocks, cost: 32) { body(first + UInt64($0.lowerBound), base + 2 * $0.lowerBound, $0.count) }
    }
  }

  /// Numbers of a gamma distribution with density x^(shape - 1) e^-x / Γ(shape).
  ///
  /// Each number has a stream of its own, so its rejected proposals do not move the others.
  ///
  /// Source: G. Marsaglia, W. Tsang, "A simple method for generating gamma variables", 2000.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - shape: the distribution's shape, positive.
  /// - Returns: the numbers.
  public mutating func gamma(_ count: Int, shape: Double) -> [Double] {
    precondition(shape > 0 && shape.isFinite, "gamma: shape \(shape) must be positive and finite")
    let base = position
    position += UInt64(count)
    return (0..<count).map { index in
      var own = stream(base + UInt64(index))
      return own.oneGamma(shape)
    }
  }

  private mutating func oneGamma(_ shape: Double) -> Double {
    guard shape >= 1 else {
      let whole = oneGamma(shape + 1)
      return whole * ofk_portable_exp(ofk_portable_log(1 - uniform()) / shape)
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if ofk_portable_log(1 - uniform()) < 0.5 * x * x + d - d * v + d * ofk_portable_log(v) { return d * v }
    }
  }

  /// Points of a simplex: gamma numbers over their sum.
  ///
  /// - Parameters:
  ///   - count: how many points.
  ///   - concentrations: one positive number a coordinate.
  /// - Returns: coordinates that add up to 1, `[count, concentrations]`.
  public mutating func dirichlet(_ count: Int, concentrations: [Double]) -> Tensor<Double> {
    precondition(!concentrations.isEmpty, "dirichlet: there are no concentrations")
    var values: [Double] = []
    for _ in 0..<count {
      let parts = concentrations.map { gamma(1, shape: $0)[0] }
      let total = parts.reduce(0, +)
      values += parts.map { $0 / total }
    }
    return Tensor(values, shape: [count, concentrations.count])
  }
}
