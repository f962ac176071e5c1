public import Layers
public import Tensors

/// PSRP: two vectors for each token, by which a frozen block's output is scaled and shifted; half of the map to them is shared.
///
/// w = U_w ReLU(D x), b = U_b ReLU(D x); the block becomes x + b + (w + 1) ⊙ MLP(LN(x)). No biases: 3 · rank · width learned values.
/// Source: Gao and others, 2023; names and behaviour of the official code.
public struct RecalibratingParameters: Module {
  /// D, shared, `[rank, width]`.
  public var down: Linear
  /// U_w, `[width, rank]`.
  public var upWeight: Linear
  /// U_b, `[width, rank]`.
  public var upBias: Linear

  /// Makes the maps.
  ///
  /// - Parameters:
  ///   - width: features of a token.
  ///   - rank: length of the shared inner vector, 16 in the paper.
  ///   - startsAtIdentity: whether U_w and U_b begin at zero, so that the block is at first unchanged; the official code draws them.
  ///   - random: supplies the values.
  public init(width: Int, rank: Int = 16, startsAtIdentity: Bool = false, random: inout RandomStream) {
    down = Linear(inputSize: width, outputSize: rank, hasBias: false, random: &random)
    upWeight = Linear(inputSize: rank, outputSize: width, hasBias: false, random: &random)
    upBias = Linear(inputSize: rank, outputSize: width, hasBias: false, random: &random)
    if startsAtIdentity {
      upWeight.weight = .zeros([width, rank])
      upBias.weight = .zeros([width, rank])
    }
  }

  /// Scale less one and shift of each token, `[…, width]` to twice that shape.
  public func callAsFunction(_ x: Tensor<Float>) -> (weight: Tensor<Float>, bias: Tensor<Float>) {
    let inner = down(x).relu()
    return (upWeight(inner), upBias(inner))
  }

  /// Learned values of all blocks of a backbone.
  public static func parameterCount(width: Int, rank: Int = 16, blocks: Int) -> Int { 3 * rank * width * blocks }

  /// Shows `down`, `up_weight` and `up_bias`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("down", &down)
    visitor.visit("up_weight", &upWeight)
    visitor.visit("up_bias", &upBias)
  }
}
