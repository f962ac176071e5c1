public import Tensors

/// Ways for positions to read from each other.
public enum Attention {
  /// softmax(q kᵀ · scale) v, where position i may be forbidden to read later ones.
  ///
  /// - Parameters:
  ///   - q: queries, `[…, queries, size]`.
  ///   - k: keys, `[…, keys, size]`.
  ///   - v: values, `[…, keys, valueSize]`.
  ///   - isCausal: whether query i reads keys 0…i only.
  ///   - mask: added to the scores, of a shape that extends to `[…, queries, keys]`; -infinity forbids.
  ///   - scale: factor of the scores; 1/√size where nil.
  /// - Returns: `[…, queries, valueSize]`.
  public static func softmax(
    _ q: Tensor<Float>,
    _ k: Tensor<Float>,
    _ v: Tensor<Float>,
    isCausal: Bool = false,
    mask: Tensor<Float>? = nil,
    scale: Float? = nil
  ) -> Tensor<Float> {
    let areAlike = q.shape.dropLast(2) == k.shape.dropLast(2) && k.shape.dropLast() == v.shape.dropLast()
    if mask == nil, areAlike, !isCausal || q.shape[q.rank - 2] == k.shape[k.rank - 2] {
      return .softmaxAttention(q, k, v, scale: scale, isCausal: isCausal)
    }
    let scale = scale ?? 1 / Float(q.shape.last ?? 1).squareRoot()
    // Scaling the queries touches fewer values than scaling the scores.
    var scores = (q * scale).matmul(k, transposesRight: true)
    if isCausal { scores = scores + causalMask(q.shape[q.rank - 2], k.shape[k.rank - 2]) }
    if let mask { scores = scores + mask }
    return scores.softmax().matmul(v)
  }

  /// 0 where query i may read key j ≤ i, -infinity elsewhere, `[queries, keys]`.
  public static func causalMask(_ queries: Int, _ keys: Int) -> Tensor<Float> {
    let values = (0..<queries).flatMap { i in (0..<keys).map { $0 <= i ? 0 : -Float.infinity } }
    return Tensor(values, shape: [queries, keys])
  }

  /// q (kᵀ v): attention without softmax, linear in the number of positions; feature maps are the caller's.
  ///
  /// - Parameters:
  ///   - q: queries, `[…, queries, size]`.
  ///   - k: keys, `[…, keys, size]`.
  ///   - v: values, `[…, keys, valueSize]`.
  ///   - isNormalized: whether each result is divided by q · Σ k.
  ///   - epsilon: added to that divisor.
  /// - Returns: `[…, queries, valueSize]`.
  public static func linear(
    _ q: Tensor<Float>,
    _ k: Tensor<Float>,
    _ v: Tensor<Float>,
    isNormalized: Bool = false,
    epsilon: Float = 1e-6
  ) -> Tensor<Float> {
    let result = q.matmul(k.matmul(v, transposesLeft: true))
    guard isNormalized else { return result }
    let total = (q * k.sum(-2, keepsAxes: true)).sum(-1, keepsAxes: true)
    return result / (total + epsilon)
  }

  /// Causal linear attention with decay: o_i = Σ_{j ≤ i} decay^(i - j) (q_i · k_j) v_j, block by block.
  ///
  /// Within a block scores are formed; between blocks only the state kᵀ v is carried, so time is linear.
  ///
  /// - Parameters:
  ///   - q: queries, `[batch, heads, positions, size]`.
  ///   - k: keys, the same shape.
  ///   - v: values, `[batch, heads, positions, valueSize]`.
  ///   - decay: one factor a head in (0, 1], `[heads]`.
  ///   - block: positions in a block.
  ///   - state: what earlier positions left, `[batch, heads, size, valueSize]`; zeros where nil.
  /// - Returns: `[batch, heads, positions, valueSize]`, and the state after the last position.
  public static func decaying(
    _ q: Tensor<Float>,
    _ k: Tensor<Float>,
    _ v: Tensor<Float>,
    decay: [Float],
    block: Int = 64,
    state: Tensor<Float>? = nil
  ) -> (output: Tensor<Float>, state: Tensor<Float>) {
    precondition(
      q.rank == 4 && q.shape == k.shape && v.rank == 4 && Array(v.shape.prefix(3)) == Array(q.shape.prefix(3))
        && decay.count == q.shape[1] && block > 0,
      "Attention.decaying: q \(q.shape), k \(k.shape), v \(v.shape) with \(decay.count) decays; expected [batch, heads, positions, size] and one decay a head"
    )
    let (heads, positions) = (q.shape[1], q.shape[2])
    var carried = state ?? .zeros([q.shape[0], heads, q.shape[3], v.shape[3]])
    var parts: [Tensor<Float>] = []
    for start in stride(from: 0, to: positions, by: block) {
      let range = start..<min(start + block, positions)
      let length = range.count
      let powers = DecayPowers(decay, length)
      let (a, b, c) = (q.sliced(range, axis: 2), k.sliced(range, axis: 2), v.sliced(range, axis: 2))
      let within = (a.matmul(b, transposesRight: true) * powers.mask).matmul(c)
      parts.append(within + (a * powers.rising).matmul(carried))
      carried = carried * powers.whole + (b * powers.falling).matmul(c, transposesLeft: true)
    }
    return (parts.count == 1 ? parts[0] : .concatenated(parts, axis: 2), carried)
  }
}

/// Powers of each head's decay within a block.
private struct DecayPowers {
  /// decay^(i - j) for j ≤ i, else 0, `[heads, length, length]`.
  let mask: Tensor<Float>
  /// decay^(i + 1), `[heads, length, 1]`.
  let rising: Tensor<Float>
  /// decay^(length - 1 - i), `[heads, length, 1]`.
  let falling: Tensor<Float>
  /// decay^length, `[heads, 1, 1]`.
  let whole: Tensor<Float>

  init(_ decay: [Float], _ length: Int) {
    var powers: [[Float]] = []
    for base in decay {
      var list: [Float] = [1]
      for _ in 0..<length { list.append(list[list.count - 1] * base) }
      powers.append(list)
    }
    let heads = decay.count
    mask = Tensor(
      powers.flatMap { list in (0..<length).flatMap { i in (0..<length).map { $0 <= i ? list[i - $0] : 0 } } },
      shape: [heads, length, length]
    )
    rising = Tensor(powers.flatMap { $0[1...length] }, shape: [heads, length, 1])
    falling = Tensor(powers.flatMap { $0[..<length].reversed() }, shape: [heads, length, 1])
    whole = Tensor(powers.map { $0[length] }, shape: [heads, 1, 1])
  }
}

/// Attention of several heads with learned projections; names as in PyTorch's `nn.MultiheadAttention`.
public struct MultiHeadAttention: Module {
  /// Projections to queries, keys and values, `[3 size, size]`.
  public var inputWeight: Tensor<Float>
  /// Their biases, `[3 size]`.
  public var inputBias: Tensor<Float>?
  /// Projection of the joined heads.
  public var output: Linear
  private let heads: Int
  private let size: Int

  /// Makes a layer with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - size: features of a position.
  ///   - heads: number of heads, which divides the size.
  ///   - hasBias: whether biases are added.
  ///   - random: supplies the values.
  public init(size: Int, heads: Int, hasBias: Bool = true, random: inout RandomStream) {
    precondition(heads > 0 && size % heads == 0, "MultiHeadAttention: \(heads) heads do not divide size \(size)")
    (self.size, self.heads) = (size, heads)
    inputWeight = Initial.xavierUniform([3 * size, size], &random)
    inputBias = hasBias ? .zeros([3 * size]) : nil
    output = Linear(inputSize: size, outputSize: size, hasBias: hasBias, random: &random)
    if hasBias { output.bias = .zeros([size]) }
  }

  /// What each position reads.
  ///
  /// - Parameters:
  ///   - x: positions that ask, `[batch, positions, size]`.
  ///   - source: positions that are read; x itself where nil.
  ///   - isCausal: whether later positions are hidden.
  ///   - mask: added to the scores, extends to `[batch, heads, positions, sources]`.
  /// - Returns: `[batch, positions, size]`.
  public func callAsFunction(
    _ x: Tensor<Float>,
    source: Tensor<Float>? = nil,
    isCausal: Bool = false,
    mask: Tensor<Float>? = nil
  ) -> Tensor<Float> {
    precondition(
      x.rank == 3 && x.shape[2] == size,
      "MultiHeadAttention(size: \(size), heads: \(heads)): input has shape \(x.shape), expected [batch, positions, \(size)]"
    )
    let projected: [Tensor<Float>]
    if let source {
      let weights = inputWeight.split([size, 2 * size])
      let biases = inputBias?.split([size, 2 * size])
      projected = [project(x, weights[0], biases?[0])] + project(source, weights[1], biases?[1]).split(into: 2, axis: 2)
    } else {
      projected = project(x, inputWeight, inputBias).split(into: 3, axis: 2)
    }
    if mask == nil, !isCausal || source == nil {
      return output(.softmaxAttention(projected[0], projected[1], projected[2], heads: heads, isCausal: isCausal))
    }
    let parts = projected.map { part in
      part.reshaped([part.shape[0], part.shape[1], heads, size / heads]).permuted([0, 2, 1, 3])
    }
    let read = Attention.softmax(parts[0], parts[1], parts[2], isCausal: isCausal, mask: mask)
    return output(read.permuted([0, 2, 1, 3]).reshaped([x.shape[0], x.shape[1], size]))
  }

  private func project(_ x: Tensor<Float>, _ weight: Tensor<Float>, _ bias: Tensor<Float>?) -> Tensor<Float> {
    x.linear(weight, bias: bias)
  }

  /// Shows `in_proj_weight`, `in_proj_bias` and `out_proj`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("in_proj_weight", &inputWeight)
    visitor.visit("in_proj_bias", &inputBias)
    visitor.visit("out_proj", &output)
  }
}

/// Codes of positions.
public enum PositionalEncoding {
  /// sin and cos of positions at wavelengths from 2π to 10000 · 2π, `[positions, size]`, sines on even features.
  ///
  /// Source: A. Vaswani and others, 2017, section 3.5.
  public static func sinusoidal(positions: Int, size: Int) -> Tensor<Float> {
    let places = Tensor<Double>.range(positions).reshaped([positions, 1])
    let rates = rates(size)
    let angles = places * rates
    return Tensor.stacked([angles.sin(), angles.cos()], axis: 2).reshaped([positions, 2 * rates.count])
      .sliced(0..<size, axis: 1).converted()
  }

  private static func rates(_ size: Int) -> Tensor<Double> {
    let steps = Tensor<Double>.range((size + 1) / 2)
    return (steps * (-2 * 9.210340371976184 / Double(size))).exp()
  }

  /// Turns pairs of features by angles that grow with the position (RoPE), pairs being features i and i + size/2.
  ///
  /// Source: J. Su and others, 2021.
  ///
  /// - Parameters:
  ///   - x: `[…, positions, size]`.
  ///   - first: position of the first row.
  /// - Returns: the turned features.
  public static func rotary(_ x: Tensor<Float>, first: Int = 0) -> Tensor<Float> {
    let size = x.shape.last ?? 0
    precondition(x.rank >= 2 && size % 2 == 0, "rotary: shape \(x.shape) must be […, positions, even size]")
    let places = (Tensor<Double>.range(x.shape[x.rank - 2]) + Double(first)).reshaped([-1, 1])
    let angles = places * rates(size)
    let (cosine, sine): (Tensor<Float>, Tensor<Float>) = (angles.cos().converted(), angles.sin().converted())
    let halves = x.split(into: 2, axis: -1)
    return .concatenated(
      [halves[0] * cosine - halves[1] * sine, halves[1] * cosine + halves[0] * sine],
      axis: -1
    )
  }
}

extension Tensor where Scalar == Double {
  /// Whole numbers from 0 up, `[count]`.
  fileprivate static func range(_ count: Int) -> Tensor { Tensor((0..<count).map(Double.init)) }
}
