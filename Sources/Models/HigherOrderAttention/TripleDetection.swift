internal import Glibc
public import Tensors

/// The task Match3: which tokens are part of three whose sum is zero modulo M, repeats allowed.
///
/// Source: C. Sanford, D. Hsu, M. Telgarsky, "Representational Strengths and Limitations of Transformers", 2023.
public struct TripleDetection: Sendable, Equatable {
  /// Tokens are 0..<modulus.
  public let modulus: Int
  /// Number of frequencies by which tokens are told apart.
  public let frequencies: Int

  /// Makes the task.
  ///
  /// - Parameters:
  ///   - modulus: at least 2.
  ///   - frequencies: at least 1.
  public init(modulus: Int, frequencies: Int) {
    precondition(modulus >= 2, "TripleDetection: modulus \(modulus) must be at least 2")
    precondition(frequencies >= 1, "TripleDetection: frequencies \(frequencies) must be at least 1")
    (self.modulus, self.frequencies) = (modulus, frequencies)
  }

  /// For each token, whether two tokens complete it to a multiple of the modulus.
  public func labels(_ tokens: [Int]) -> [Bool] {
    var pairs = Set<Int>()
    for a in tokens { for b in tokens { pairs.insert((a + b) % modulus) } }
    return tokens.map { pairs.contains((modulus - $0 % modulus) % modulus) }
  }

  /// cos(2πfx/M) for all frequencies, then sin(2πfx/M): `[tokens, 2·frequencies]`.
  public func features(_ tokens: [Int]) -> Tensor<Double> {
    let rows = tokens.map { token in
      let angles = (1...frequencies).map { 2 * Double.pi * Double($0 * token % modulus) / Double(modulus) }
      return angles.map { cos($0) } + angles.map { sin($0) }
    }
    return Tensor(rows: rows)
  }

  /// How far the sum of cosines falls short of the number of frequencies where a sum is not a multiple of the modulus, at least.
  public var gap: Double {
    (1..<modulus).map { u in
      (1...frequencies).reduce(0.0) { $0 + 1 - cos(2 * Double.pi * Double($1 * u) / Double(modulus)) }
    }.min() ?? 0
  }

  /// Queries, keys and values by which attention over pairs solves the task, to be used with scale 1.
  ///
  /// The logit of a triple is β Σ_f cos(ω_f (a + b + c)), by the addition theorem; a sink token, last among the keys, takes what weight
  /// is left where no triple matches.
  ///
  /// - Parameters:
  ///   - tokens: of one sequence, n of them.
  ///   - sharpness: β; large enough, the result is near 1 with a match and near 0 without.
  /// - Returns: queries `[n, 4·frequencies + 1]`, keys `[n + 1, 4·frequencies + 1]` and values `[n + 1, 1]`.
  public func weights(
    _ tokens: [Int],
    sharpness: Double
  ) -> (q: Tensor<Double>, keys: (Tensor<Double>, Tensor<Double>), values: (Tensor<Double>, Tensor<Double>)) {
    let parts = features(tokens).split(into: 2, axis: 1)
    let (c, s) = (parts[0], parts[1])
    let threshold = sharpness * (Double(frequencies) - gap / 2)
    let q = Tensor.concatenated(
      [
        c * sharpness, c * -sharpness, s * -sharpness, s * -sharpness,
        Tensor(repeating: threshold, shape: [tokens.count, 1]),
      ],
      axis: 1
    )
    let sink = Tensor<Double>(
      (0...4 * frequencies).map { $0 == 4 * frequencies ? 1 : 0 },
      shape: [1, 4 * frequencies + 1]
    )
    func withSink(_ parts: [Tensor<Double>]) -> Tensor<Double> {
      Tensor.concatenated([Tensor.concatenated(parts, axis: 1).padded(after: 1, axis: 1), sink])
    }
    let ones = Tensor<Double>(repeating: 1, shape: [tokens.count, 1]).padded(after: 1, axis: 0)
    return (q, (withSink([c, s, c, s]), withSink([c, s, s, c])), (ones, ones))
  }

  /// Which tokens the explicit weights find.
  ///
  /// - Throws: `KroneckerError`.
  public func detect(_ tokens: [Int], sharpness: Double) throws(KroneckerError) -> [Bool] {
    let weights = weights(tokens, sharpness: sharpness)
    let output = try KroneckerAttention.exact(weights.q, keys: weights.keys, values: weights.values, scale: 1)
    return output.values.map { $0 > 0.5 }
  }
}
