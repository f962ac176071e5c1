extension Tensor where Scalar: TensorScalar {
  /// softmax(q kᵀ · scale) v by blocks of queries: no matrix of all scores is ever kept.
  ///
  /// The way back finds the scores of a block again from the sums that the way there has kept. Source: T. Dao and others,
  /// "FlashAttention", 2022, section 3.
  ///
  /// - Parameters:
  ///   - q: queries, `[…, queries, size]`.
  ///   - k: keys, `[…, keys, size]` with the same leading axes.
  ///   - v: values, `[…, keys, valueSize]`.
  ///   - heads: how many heads lie side by side in the last axes, each with its share of them; where nil there is one.
  ///   - scale: factor of the scores; 1/√size of a head where nil.
  ///   - isCausal: whether query i reads keys 0…i only; wants as many keys as queries.
  /// - Returns: `[…, queries, valueSize]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func softmaxAttention(
    _ q: Tensor,
    _ k: Tensor,
    _ v: Tensor,
    heads: Int? = nil,
    scale: Scalar? = nil,
    isCausal: Bool = false
  ) -> Tensor {
    let layout = HeadLayout(q, k, v, heads: heads, "softmaxAttention")
    precondition(
      !isCausal || layout.queries == layout.keys,
      "softmaxAttention: \(layout.queries) queries and \(layout.keys) keys; causal attention wants as many of both"
    )
    let run = SoftmaxAttentionRun(
      q: q.withoutGradient(),
      k: k.withoutGradient(),
      v: v.withoutGradient(),
      layout: layout,
      scale: scale?.asDouble ?? 1 / Double(layout.size).squareRoot(),
      isCausal: isCausal
    )
    if layout.keys == 0 { return .zeros(q.shape.dropLast() + [layout.valueStride]) }
    let found = run.forward()
    return found.result.recorded("softmaxAttention", from: [q, k, v]) { gradient, _ in
      run.backward(gradient, found.sums)
    }
  }

  /// Linear attention with the kernel φ(x) = relu(x) + ε: φ(q_i) S / (φ(q_i) · z + ε), with S the mean of φ(k_j)ᵀ v_j and z
  /// that of φ(k_j).
  ///
  /// Denominators and the differences of the way back are formed in double precision. Source: J. Wang and others, "LiT", 2025.
  ///
  /// - Parameters:
  ///   - q: queries, `[…, positions, size]`.
  ///   - k: keys, the same shape.
  ///   - v: values, `[…, positions, valueSize]` with the same leading axes.
  ///   - heads: how many heads lie side by side in the last axes; where nil there is one.
  ///   - epsilon: ε.
  /// - Returns: the shape of v.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func rectifiedAttention(
    _ q: Tensor,
    _ k: Tensor,
    _ v: Tensor,
    heads: Int? = nil,
    epsilon: Double = 1e-6
  ) -> Tensor {
    let layout = HeadLayout(q, k, v, heads: heads, "rectifiedAttention")
    precondition(
      layout.queries == layout.keys,
      "rectifiedAttention: \(layout.queries) queries and \(layout.keys) keys; expected as many of both"
    )
    let run = RectifiedAttentionRun(
      q: q.withoutGradient(),
      k: k.withoutGradient(),
      v: v.withoutGradient(),
      layout: layout,
      epsilon: epsilon
    )
    return run.forward().recorded("rectifiedAttention", from: [q, k, v]) { gradient, _ in run.backward(gradient) }
  }
}
