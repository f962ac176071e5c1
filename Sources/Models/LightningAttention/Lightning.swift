internal import Glibc
public import Tensors

/// Causal linear attention with decay, o_t = Σ_{r ≤ t} e^(-s(t - r)) (q_t · k_r) v_r, in three forms that are equal.
///
/// Source: Z. Qin and others, "Lightning Attention-2: a free lunch for handling unlimited sequence lengths in large language
/// models", 2024.
public enum Lightning {
  /// How the sum is computed.
  public enum Algorithm: Sendable, Equatable {
    /// By blocks of so many positions, in linear time and constant memory (algorithms 1 and 2).
    case tiled(block: Int)
    /// By the masked product of all pairs, in quadratic time: the oracle.
    case naive
  }

  /// The block of the published kernel, and the fastest here.
  public static let standardBlock = 64

  /// Attention over whole sequences, with a gradient.
  ///
  /// - Parameters:
  ///   - q: queries, `[batch, heads, positions, size]`; no position at all gives an empty result.
  ///   - k: keys, the same shape.
  ///   - v: values, `[batch, heads, positions, valueSize]`.
  ///   - slopes: one a head, not negative.
  ///   - algorithm: how it is computed.
  /// - Returns: `[batch, heads, positions, valueSize]`.
  /// - Throws: `.shapes`, `.slopeCount`, `.slope` or `.size`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func attend<Scalar: TensorScalar>(
    _ q: Tensor<Scalar>,
    _ k: Tensor<Scalar>,
    _ v: Tensor<Scalar>,
    slopes: [Double],
    by algorithm: Algorithm = .tiled(block: standardBlock)
  ) throws(LightningAttentionError) -> Tensor<Scalar> {
    try check(q, k, v, slopes)
    switch algorithm {
    case .tiled(let block):
      try LightningAttentionError.positive(block, "block")
      return .decayingAttention(q, k, v, slopes: slopes, block: block)
    case .naive: return naive(q, k, v, slopes)
    }
  }

  /// Attention that goes on from a state, for decoding and for texts that come in parts; no gradient.
  ///
  /// - Parameters:
  ///   - q: queries, `[batch, heads, positions, size]`.
  ///   - k: keys, the same shape.
  ///   - v: values, `[batch, heads, positions, valueSize]`.
  ///   - slopes: one a head, not negative.
  ///   - state: Σ e^(-s(t - r)) k_rᵀ v_r of earlier positions, `[batch, heads, size, valueSize]`; takes in these ones.
  /// - Returns: `[batch, heads, positions, valueSize]`.
  /// - Throws: `.shapes`, `.slopeCount`, `.slope` or `.stateShape`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func attend<Scalar: TensorScalar>(
    _ q: Tensor<Scalar>,
    _ k: Tensor<Scalar>,
    _ v: Tensor<Scalar>,
    slopes: [Double],
    state: inout Tensor<Scalar>
  ) throws(LightningAttentionError) -> Tensor<Scalar> {
    try check(q, k, v, slopes)
    let expected = [q.shape[0], q.shape[1], q.shape[3], v.shape[3]]
    guard state.shape == expected else { throw .stateShape(expected: expected, got: state.shape) }
    return .decayingAttention(q, k, v, slopes: slopes, state: &state, block: standardBlock)
  }

  /// [(Q Kᵀ) ⊙ M] V with M_ij = e^(-s(i - j)) for i ≥ j, else 0.
  private static func naive<Scalar: TensorScalar>(
    _ q: Tensor<Scalar>,
    _ k: Tensor<Scalar>,
    _ v: Tensor<Scalar>,
    _ slopes: [Double]
  ) -> Tensor<Scalar> {
    let n = q.shape[2]
    var mask: [Scalar] = []
    mask.reserveCapacity(slopes.count * n * n)
    for slope in slopes {
      // Exponents are never positive: powers of the decay's inverse would overflow.
      let powers = (0..<n).map { Scalar(exp(-slope * Double($0))) }
      for i in 0..<n { for j in 0..<n { mask.append(j <= i ? powers[i - j] : 0) } }
    }
    return (q.matmul(k, transposesRight: true) * Tensor(mask, shape: [slopes.count, n, n])).matmul(v)
  }

  private static func check<Scalar: TensorScalar>(
    _ q: Tensor<Scalar>,
    _ k: Tensor<Scalar>,
    _ v: Tensor<Scalar>,
    _ slopes: [Double]
  ) throws(LightningAttentionError) {
    guard q.rank == 4, k.shape == q.shape, v.rank == 4, v.shape.prefix(3) == q.shape.prefix(3) else {
      throw .shapes(queries: q.shape, keys: k.shape, values: v.shape)
    }
    guard slopes.count == q.shape[1] else { throw .slopeCount(expected: q.shape[1], got: slopes.count) }
    for (head, slope) in slopes.enumerated() where !(slope >= 0 && slope.isFinite) {
      throw .slope(head: head, got: slope)
    }
  }
}
