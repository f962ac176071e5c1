extension Tensor where Scalar: TensorScalar {
  /// Causal linear attention with a decay a head: o_t = Σ_{r ≤ t} e^(-slope (t - r)) (q_t · k_r) v_r, exact and in linear time.
  ///
  /// There is no softmax and no scaling. Within a block scores are formed; what lies before it is known by one matrix a head. The
  /// way back keeps nothing but q, k and v: memory beyond inputs and results does not depend on the number of positions.
  ///
  /// Source: Z. Qin and others, "Lightning Attention-2", 2024, algorithms 1 and 2.
  ///
  /// - Parameters:
  ///   - q: queries, `[batch, heads, positions, size]`.
  ///   - k: keys, the same shape.
  ///   - v: values, `[batch, heads, positions, valueSize]`.
  ///   - slopes: how fast each head forgets, not negative, `[heads]`; constants.
  ///   - block: positions in a block; any number gives the same result up to rounding.
  /// - Returns: `[batch, heads, positions, valueSize]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func decayingAttention(
    _ q: Tensor,
    _ k: Tensor,
    _ v: Tensor,
    slopes: [Double],
    block: Int = 64
  ) -> Tensor {
    let run = DecayingAttentionRun(q, k, v, slopes: slopes, block: block)
    return run.forward().recorded("decayingAttention", from: [q, k, v]) { gradient, _ in run.backward(gradient) }
  }

  /// The same attention with what earlier positions left, for decoding; no gradient passes.
  ///
  /// - Parameters:
  ///   - q: queries, `[batch, heads, positions, size]`.
  ///   - k: keys, the same shape.
  ///   - v: values, `[batch, heads, positions, valueSize]`.
  ///   - slopes: how fast each head forgets, not negative, `[heads]`.
  ///   - state: Σ e^(-slope (t - r)) k_rᵀ v_r, `[batch, heads, size, valueSize]`; then includes these positions.
  ///   - block: positions in a block.
  /// - Returns: `[batch, heads, positions, valueSize]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func decayingAttention(
    _ q: Tensor,
    _ k: Tensor,
    _ v: Tensor,
    slopes: [Double],
    state: inout Tensor,
    block: Int = 64
  ) -> Tensor {
    let run = DecayingAttentionRun(q, k, v, slopes: slopes, block: block)
    let expected = [q.shape[0], q.shape[1], q.shape[3], v.shape[3]]
    precondition(state.shape == expected, "decayingAttention: state has shape \(state.shape), expected \(expected)")
    return run.forward(state: &state)
  }
}
