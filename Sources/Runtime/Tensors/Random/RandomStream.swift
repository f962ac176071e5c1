/// Random numbers by counter: a seed and a stream give the same numbers on every machine and with any number of threads.
///
/// Philox4x32-10 enciphers a counter, so any place of a stream is reached at once. Streams of one seed are independent;
/// `stream(_:)` gives others to parts of a program, so that one part's draws do not move another's.
///
/// Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
public struct RandomStream: RandomNumberGenerator, Sendable, Equatable {
  /// Key of the cipher.
  public let seed: UInt64
  /// Which of the seed's streams this is.
  public let number: UInt64
  /// The next block of the stream; two doubles or 64-bit words come from a block.
  public var position: UInt64

  /// Makes a stream; equal arguments give equal numbers.
  public init(seed: UInt64, stream: UInt64 = 0, position: UInt64 = 0) {
    (self.seed, number, self.position) = (seed, stream, position)
  }

  /// Another stream of this seed, at its beginning.
  ///
  /// - Parameter index: which one; equal indices of equal streams give equal streams.
  /// - Returns: the stream.
  public func stream(_ index: UInt64) -> RandomStream {
    // Mixed by the cipher itself, so that streams of streams do not meet.
    let words = Self.block(key: seed ^ 0x6F66_6670_7269_6E74, stream: number, index)
    return RandomStream(seed: seed, stream: UInt64(words[0]) | UInt64(words[1]) << 32)
  }

  /// The next 64 bits; the other half of the block is left unused.
  public mutating func next() -> UInt64 {
    let words = Self.block(key: seed, stream: number, position)
    position += 1
    return UInt64(words[0]) | UInt64(words[1]) << 32
  }

  /// One number in 0..<1, of 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// One standard normal number.
  public mutating func normal() -> Double { normal(count: 1)[0] }

  /// One whole number in a range, each with equal chance.
  public mutating func integer(in range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

  /// The numbers 0..<count in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    var places = Array(0..<count)
    let draws = uniform(count: count)
    for last in stride(from: count - 1, to: 0, by: -1) { places.swapAt(last, Int(draws[last] * Double(last + 1))) }
    return places
  }

  /// Numbers in a range, evenly distributed.
  ///
  /// - Parameters:
  ///   - shape: shape of the result.
  ///   - range: the upper end is not reached, except by rounding to Float.
  ///   - type: Float or Double.
  /// - Returns: the numbers.
  public mutating func uniform<Scalar: TensorScalar>(
    _ shape: [Int],
    in range: Range<Double> = 0..<1,
    of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    let width = range.upperBound - range.lowerBound
    return tensor(shape, uniform(count: elementCount(shape))) { range.lowerBound + width * $0 }
  }

  /// Normal numbers.
  ///
  /// - Parameters:
  ///   - shape: shape of the result.
  ///   - mean: their mean.
  ///   - deviation: their standard deviation.
  ///   - type: Float or Double.
  /// - Returns: the numbers.
  public mutating func normal<Scalar: TensorScalar>(
    _ shape: [Int],
    mean: Double = 0,
    deviation: Double = 1,
    of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    tensor(shape, normal(count: elementCount(shape))) { mean + deviation * $0 }
  }

  /// 1 with a probability, else 0.
  public mutating func bernoulli<Scalar: TensorScalar>(
    _ shape: [Int],
    probability: Double,
    of type: Scalar.Type = Float.self
  ) -> Tensor<Scalar> {
    tensor(shape, uniform(count: elementCount(shape))) { $0 < probability ? 1 : 0 }
  }

  /// Whole numbers by their probabilities, drawn by inverting the cumulative sum.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - weights: probabilities up to a common factor, none negative.
  /// - Returns: positions among the weights.
  public mutating func categorical(_ count: Int, weights: [Double]) -> [Int] {
    var sums: [Double] = []
    var total = 0.0
    for weight in weights {
      precondition(weight >= 0, "categorical: weight \(weight) is negative or not a number")
      total += weight
      sums.append(total)
    }
    precondition(total > 0 && total.isFinite, "categorical: weights add up to \(total), must be positive and finite")
    return uniform(count: count).map { draw in
      // The number of cumulative sums not above the draw.
      var low = 0
      var high = sums.count - 1
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] <= draw * total { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func tensor<Scalar: TensorScalar>(
    _ shape: [Int],
    _ values: [Double],
    _ body: (Double) -> Double
  ) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(uninitialized: shape)
    let to = result.output
    for index in values.indices { to[index] = Scalar(body(values[index])) }
    return result
  }
}
