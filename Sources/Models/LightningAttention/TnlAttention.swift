public import Layers
public import Tensors

/// The published repository's example layer: SiLU on v too, a layer norm after the attention, and a sigmoid gate of low rank.
///
/// 4d² + 2d + 2d·(d/h) learned values: 4,458,496 at width 1024 with 8 heads.
public struct TnlAttention: Module {
  private var input: Linear
  private var output: Linear
  private var norm: LayerNorm
  private var narrow: Linear
  private var wide: Linear
  private let heads: Int
  private let slopes: [Double]

  /// Makes a layer with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - width: features of a position.
  ///   - heads: number of heads, which divides the width.
  ///   - random: supplies the weights.
  /// - Throws: `.size` where heads do not divide the width.
  public init(width: Int, heads: Int, random: inout RandomStream) throws(LightningAttentionError) {
    slopes = try DecaySlopes.standard(heads: heads)
    guard width > 0, width % heads == 0 else {
      throw .size(what: "width", expected: "a multiple of \(heads) heads", got: width)
    }
    self.heads = heads
    input = Linear(inputSize: width, outputSize: 3 * width, hasBias: false, random: &random)
    output = Linear(inputSize: width, outputSize: width, hasBias: false, random: &random)
    norm = LayerNorm(size: width)
    narrow = Linear(inputSize: width, outputSize: width / heads, hasBias: false, random: &random)
    wide = Linear(inputSize: width / heads, outputSize: width, hasBias: false, random: &random)
  }

  /// `[batch, positions, width]` to the same shape.
  ///
  /// - Throws: what `Lightning.attend` throws.
  public func callAsFunction(_ x: Tensor<Float>) throws(LightningAttentionError) -> Tensor<Float> {
    let parts = input(x).silu().split(into: 3, axis: 2).map { $0.splitHeads(heads) }
    let read = try Lightning.attend(parts[0], parts[1], parts[2], slopes: slopes)
    return output(norm(read.joinedHeads()) * wide(narrow(x)).sigmoid())
  }

  /// Shows `qkv`, `out`, `norm` and `gate`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("qkv", &input)
    visitor.visit("out", &output)
    visitor.visit("norm", &norm)
    visitor.enter("gate")
    visitor.visit("0", &narrow)
    visitor.visit("1", &wide)
    visitor.leave()
  }
}
