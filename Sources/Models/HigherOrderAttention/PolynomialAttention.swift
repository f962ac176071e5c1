public import Tensors

/// Attention over tuples of keys with a polynomial in place of the exponential: linear in the number of positions.
///
/// A power of the logit is a sum over monomials, in which queries and keys stand apart. The sum over all tuples then is a product
/// of sums over single positions, (U₂ᵀV₁) ⊙ (U₃ᵀV₂), one for each monomial. Time O(n·R·(d + dᵥ)) with R = C(d + g, g) monomials for
/// degree g, memory O(R·dᵥ).
///
/// Source: J. Alman, Z. Song, 2024, theorem 1.4 and its lemmas.
public struct PolynomialAttention<Scalar: TensorScalar>: Sendable {
  /// The result, `[n, dᵥ]`.
  public let output: Tensor<Scalar>
  /// Smallest sum of weights of a query; a polynomial may make it zero or negative, and the result worthless.
  public let smallestDenominator: Double
  /// Largest error that the polynomial's own error allows; infinite where that says nothing.
  public let errorBound: Double
  /// Number of monomials.
  public let monomials: Int

  /// What a reader should know before trusting the result; nil where nothing speaks against it.
  public var warning: String? {
    if !(smallestDenominator > 0) {
      return "a sum of weights is \(smallestDenominator), not positive: logits are too large for this degree"
    }
    return errorBound.isFinite ? nil : "the polynomial's relative error is 1 or more: no bound holds for the result"
  }

  /// Evaluates the attention.
  ///
  /// - Parameters:
  ///   - q: queries, `[n, d]`.
  ///   - keys: one matrix `[mᵢ, d]` for each place of a tuple; one of them is ordinary attention.
  ///   - values: one matrix `[mᵢ, dᵥ]` for each of them.
  ///   - polynomial: stands for the exponential on an interval that must hold all logits.
  ///   - scale: factor of the logits; 1/d where nil.
  ///   - checksBound: whether logits that might leave the interval are refused.
  /// - Throws: `KroneckerError`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public init(
    _ q: Tensor<Scalar>,
    keys: [Tensor<Scalar>],
    values: [Tensor<Scalar>],
    polynomial: ExponentialPolynomial,
    scale: Double? = nil,
    checksBound: Bool = true
  ) throws(KroneckerError) {
    try KroneckerError.check(q, keys, values)
    let scale = scale ?? 1 / Double(q.shape[1])
    let largest = ([q] + keys).reduce(abs(scale) * Double(q.shape[1])) { $0 * $1.abs().max().value.asDouble }
    // Rounding of the product must not refuse entries that reach the bound exactly.
    if checksBound, largest > polynomial.bound * (1 + 1e-6) {
      throw .boundExceeded(bound: polynomial.bound, largest: largest)
    }
    let basis = try MonomialBasis(dimension: q.shape[1], degree: polynomial.degree)
    monomials = basis.count
    var moments = Self.coefficients(basis, polynomial, scale)
    for (key, value) in zip(keys, values) { moments = moments * Self.moments(basis, key, value) }
    let sums = Self.weighted(basis, q, moments)
    let width = values[0].shape[1]
    let denominators = sums.sliced(width..<width + 1, axis: 1)
    output = sums.sliced(0..<width, axis: 1) / denominators
    smallestDenominator = denominators.min().value.asDouble
    let largestValue = values.reduce(1.0) { $0 * $1.abs().max().value.asDouble }
    errorBound = polynomial.outputBound(largestValue: largestValue)
  }

  /// Rows at a time: the monomials of a block then stay in the second cache.
  private static var blockRows: Int { 512 }

  private static func blocks(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: blockRows).map { $0..<min($0 + blockRows, count) }
  }

  /// a_|α| |α|!/α! scale^|α| of every monomial, `[R, 1]`.
  private static func coefficients(
    _ basis: MonomialBasis,
    _ polynomial: ExponentialPolynomial,
    _ scale: Double
  ) -> Tensor<Scalar> {
    var powers = [1.0]
    for _ in 0..<polynomial.degree { powers.append(powers[powers.count - 1] * scale) }
    let values = (0..<basis.count).map { index in
      let degree = basis.degrees[index]
      return Scalar(polynomial.coefficients[degree] * basis.orders[index] * powers[degree])
    }
    return Tensor(values, shape: [basis.count, 1])
  }

  /// Σ_j K_j^α V_j, and Σ_j K_j^α as the last column: `[R, dᵥ + 1]`.
  private static func moments(_ basis: MonomialBasis, _ key: Tensor<Scalar>, _ value: Tensor<Scalar>) -> Tensor<Scalar>
  {
    let extended = value.padded(after: 1, axis: 1) + unit(value.shape[1])
    return blocks(key.shape[0]).map { rows in
      basis.features(key, rows: rows).matmul(extended.sliced(rows))
    }.reduce(Tensor.zeros([basis.count, value.shape[1] + 1]), +)
  }

  /// Zeros and a one at the end, `[1, dᵥ + 1]`.
  private static func unit(_ width: Int) -> Tensor<Scalar> {
    Tensor((0...width).map { $0 == width ? 1 : 0 }, shape: [1, width + 1])
  }

  private static func weighted(_ basis: MonomialBasis, _ q: Tensor<Scalar>, _ moments: Tensor<Scalar>) -> Tensor<Scalar>
  {
    Tensor.concatenated(
      blocks(q.shape[0]).map { rows in basis.features(q, rows: rows).matmul(moments, transposesLeft: true) }
    )
  }
}

extension KroneckerAttention {
  /// Largest relative error of a single weight before normalisation, |p(x) - eˣ| / eˣ over all tuples.
  ///
  /// Evaluates every logit, so it is for small numbers of positions.
  public static func largestWeightError(
    _ q: Tensor<Double>,
    keys: [Tensor<Double>],
    polynomial: ExponentialPolynomial
  ) -> Double {
    let exponents = (logits(q, keys: keys) * (1 / Double(q.shape[1]))).values
    let exact = Tensor(exponents, shape: [exponents.count]).exp().values
    return zip(exponents, exact).reduce(0) { max($0, abs(polynomial($1.0) - $1.1) / $1.1) }
  }
}
