public import Layers
public import Tensors

extension Tensor where Scalar == Float {
  /// LN(x)(1 + a) + s with shift and scale of each item, `[batch, N, D]` and `[batch, D]`; the norm has no weights, ε = 10⁻⁶.
  func modulated(shift: Tensor, scale: Tensor) -> Tensor {
    let normed = normalized(Normalization(length: shape[2], epsilon: 1e-6))
    return normed.multiplyAdd((scale + 1).expanded(at: 1), shift.expanded(at: 1))
  }
}

/// A block whose norms and gates are set by the condition (adaLN-Zero).
///
/// [s₁, a₁, g₁, s₂, a₂, g₂] = W SiLU(c) + b; x += g₁ ⊙ Attn(LN(x)(1 + a₁) + s₁); x += g₂ ⊙ MLP(LN(x)(1 + a₂) + s₂).
/// Source: W. Peebles, S. Xie, 2023; names of the official code.
public struct ModulatedBlock: Module {
  /// The attention.
  public var attention: MixingAttention
  private var wide: Linear
  private var narrow: Linear
  private var modulation: Linear

  /// Makes a block: Xavier's initial values, and zeros where the condition enters, so that the block is at first the identity.
  ///
  /// - Parameters:
  ///   - width: features of a token D.
  ///   - heads: heads of attention.
  ///   - mixing: how tokens read from each other.
  ///   - random: supplies the values.
  /// - Throws: `.heads` or `.evenKernel`.
  public init(
    width: Int,
    heads: Int,
    mixing: TokenMixing,
    random: inout RandomStream
  ) throws(DiffusionTransformerError) {
    attention = try MixingAttention(width: width, heads: heads, mixing: mixing, random: &random)
    attention.input.resetXavier(&random)
    attention.output.resetXavier(&random)
    wide = Linear(xavier: width, 4 * width, &random)
    narrow = Linear(xavier: 4 * width, width, &random)
    modulation = Linear(zeros: width, 6 * width, &random)
  }

  /// `[batch, rows · columns, D]` under conditions `[batch, D]`.
  ///
  /// - Throws: `.shape` or `.grid`.
  public func callAsFunction(
    _ x: Tensor<Float>,
    condition: Tensor<Float>,
    rows: Int,
    columns: Int
  ) throws(DiffusionTransformerError) -> Tensor<Float> {
    let parts = modulation(condition.silu()).split(into: 6, axis: 1)
    let mixed = try attention(x.modulated(shift: parts[0], scale: parts[1]), rows: rows, columns: columns)
    let y = mixed.multiplyAdd(parts[2].expanded(at: 1), x)
    let inner = narrow(wide(y.modulated(shift: parts[3], scale: parts[4])).geluTanh())
    return inner.multiplyAdd(parts[5].expanded(at: 1), y)
  }

  /// Shows `attn`, `mlp` and `adaLN_modulation`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("attn", &attention)
    visitor.enter("mlp")
    visitor.visit("fc1", &wide)
    visitor.visit("fc2", &narrow)
    visitor.leave()
    visitor.enter("adaLN_modulation")
    visitor.visit("1", &modulation)
    visitor.leave()
  }
}

extension Linear {
  /// A map with Xavier's uniform weights and no bias at first.
  init(xavier input: Int, _ output: Int, _ random: inout RandomStream) {
    self.init(inputSize: input, outputSize: output, random: &random)
    resetXavier(&random)
  }

  /// A map that is zero at first.
  init(zeros input: Int, _ output: Int, _ random: inout RandomStream) {
    self.init(inputSize: input, outputSize: output, random: &random)
    weight = .zeros(weight.shape)
    bias = .zeros([output])
  }

  /// Draws the weights by Xavier's uniform rule; biases become zero.
  mutating func resetXavier(_ random: inout RandomStream) {
    weight = Initial.xavierUniform(weight.shape, &random)
    if bias != nil { bias = .zeros([weight.shape[0]]) }
  }
}
