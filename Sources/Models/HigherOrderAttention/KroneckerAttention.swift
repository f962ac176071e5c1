public import Tensors

/// Attention whose queries weigh tuples of positions: k - 1 key matrices, of which k = 2 is the ordinary one.
///
/// Source: J. Alman, Z. Song, "How to Capture Higher-order Correlations? Generalizing Matrix Softmax Attention to Kronecker
/// Computation", ICLR 2024, definition of tensor attention.
public enum KroneckerAttention {
  /// Rows of matrices multiplied element by element, every row of one with every row of the other: row (j, k) is x_j ⊙ y_k,
  /// with j outer.
  ///
  /// - Parameters:
  ///   - x: `[m₁, d]`.
  ///   - y: `[m₂, d]`.
  /// - Returns: `[m₁·m₂, d]`, the column-wise Kronecker (Khatri–Rao) product.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func rowProducts<Scalar: TensorScalar>(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    (x.expanded(at: 1) * y.expanded(at: 0)).reshaped([x.shape[0] * y.shape[0], x.shape[1]])
  }

  /// The definition, with the whole matrix of weights: for checks, and for any order.
  ///
  /// - Parameters:
  ///   - q: queries, `[n, d]`.
  ///   - keys: one matrix `[mᵢ, d]` for each place of a tuple.
  ///   - values: one matrix `[mᵢ, dᵥ]` for each of them.
  ///   - scale: factor of the logits; 1/d where nil.
  /// - Returns: `[n, dᵥ]`.
  /// - Throws: `KroneckerError`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func dense<Scalar: TensorScalar>(
    _ q: Tensor<Scalar>,
    keys: [Tensor<Scalar>],
    values: [Tensor<Scalar>],
    scale: Scalar? = nil
  ) throws(KroneckerError) -> Tensor<Scalar> {
    try KroneckerError.check(q, keys, values)
    let weights = (logits(q, keys: keys) * (scale ?? 1 / Scalar(q.shape[1]))).softmax()
    return weights.matmul(values.dropFirst().reduce(values[0], rowProducts))
  }

  /// Unscaled logits of every query with every tuple of keys, `[n, m₁·m₂·…]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func logits<Scalar: TensorScalar>(_ q: Tensor<Scalar>, keys: [Tensor<Scalar>]) -> Tensor<Scalar> {
    q.matmul(keys.dropFirst().reduce(keys[0], rowProducts), transposesRight: true)
  }

  /// Attention over pairs, exact, without the matrix of n rows and m₁·m₂ columns.
  ///
  /// Queries are taken some at a time: (q_i ⊙ K₁) K₂ᵀ is one product, its softmax another, and the values of the second place are
  /// summed before those of the first. Time O(n·m₁·m₂·d), memory O(m₁·m₂). Gradients recompute the weights instead of keeping
  /// them.
  ///
  /// - Parameters:
  ///   - q: queries, `[n, d]`.
  ///   - keys: K₁ `[m₁, d]` and K₂ `[m₂, d]`.
  ///   - values: V₁ `[m₁, dᵥ]` and V₂ `[m₂, dᵥ]`.
  ///   - scale: factor of the logits; 1/d where nil.
  /// - Returns: `[n, dᵥ]`.
  /// - Throws: `KroneckerError`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func exact<Scalar: TensorScalar>(
    _ q: Tensor<Scalar>,
    keys: (Tensor<Scalar>, Tensor<Scalar>),
    values: (Tensor<Scalar>, Tensor<Scalar>),
    scale: Scalar? = nil
  ) throws(KroneckerError) -> Tensor<Scalar> {
    try KroneckerError.check(q, [keys.0, keys.1], [values.0, values.1])
    let scale = scale ?? 1 / Scalar(q.shape[1])
    let count = q.shape[0]
    // Enough rows at a time for a product worth starting, few enough for the weights to stay in the second cache.
    let rows = max(1, min(count, largestBlock / (keys.0.shape[0] * keys.1.shape[0])))
    let blocks = stride(from: 0, to: count, by: rows).map { start in
      checkpointed([q, keys.0, keys.1, values.0, values.1]) { inputs in
        let part = inputs[0].sliced(start..<min(start + rows, count)) * scale
        return block(part, inputs[1], inputs[2], inputs[3], inputs[4])
      }
    }
    return blocks.count == 1 ? blocks[0] : Tensor.concatenated(blocks)
  }

  private static let largestBlock = 1 << 16

  private static func block<Scalar: TensorScalar>(
    _ q: Tensor<Scalar>,
    _ k1: Tensor<Scalar>,
    _ k2: Tensor<Scalar>,
    _ v1: Tensor<Scalar>,
    _ v2: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    let (n, m1, m2, d) = (q.shape[0], k1.shape[0], k2.shape[0], q.shape[1])
    let left = (q.expanded(at: 1) * k1.expanded(at: 0)).reshaped([n * m1, d])
    let logits = left.matmul(k2, transposesRight: true).reshaped([n, m1 * m2])
    let weights = logits.softmax().reshaped([n * m1, m2])
    let inner = weights.matmul(v2).reshaped([n, m1, v2.shape[1]])
    return (inner * v1).sum(1)
  }
}

extension KroneckerError {
  /// Refuses matrices that do not fit together, and values that are not finite.
  static func check<Scalar: TensorScalar>(
    _ q: Tensor<Scalar>,
    _ keys: [Tensor<Scalar>],
    _ values: [Tensor<Scalar>]
  ) throws(KroneckerError) {
    guard !keys.isEmpty, keys.count == values.count else {
      throw .wrongMatrixCount(keys: keys.count, values: values.count)
    }
    try checkMatrix(q, "q")
    for (index, (key, value)) in zip(keys, values).enumerated() {
      let place = keys.count == 1 ? "" : "\(index + 1)"
      try checkMatrix(key, "k\(place)")
      try checkMatrix(value, "v\(place)")
      try checkColumns(key, q.shape[1], "k\(place)")
      try checkColumns(value, values[0].shape[1], "v\(place)")
      guard value.shape[0] == key.shape[0] else {
        throw .wrongRows(name: "v\(place)", expected: key.shape[0], got: value.shape[0])
      }
    }
  }

  private static func checkColumns<Scalar>(
    _ matrix: Tensor<Scalar>,
    _ expected: Int,
    _ name: String
  ) throws(KroneckerError) {
    guard matrix.shape[1] == expected else {
      throw .wrongColumns(name: name, expected: expected, got: matrix.shape[1])
    }
  }

  private static func checkMatrix<Scalar: TensorScalar>(
    _ matrix: Tensor<Scalar>,
    _ name: String
  ) throws(KroneckerError) {
    guard matrix.rank == 2, matrix.count > 0 else { throw .notMatrix(name: name, shape: matrix.shape) }
    let bad = matrix.withUnsafeValues { values in values.firstIndex { !$0.isFinite } }
    if let bad {
      throw .notFinite(name: name, row: bad / matrix.shape[1], column: bad % matrix.shape[1])
    }
  }
}
