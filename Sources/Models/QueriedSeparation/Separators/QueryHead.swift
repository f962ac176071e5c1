public import Layers
public import Tensors

/// Masks from feature maps and queries, with two noise heads where asked for.
///
/// v = W e + b, q = σ(v), z = Σₖ qₖ wₖ Fₖ + c. Source: Dong and others, "CLIPSep", 2023, section 3; names as in sony/CLIPSep.
public struct QueryHead: Module {
  private var projection: Linear
  private var noiseProjections: [Linear]
  private var scale: Tensor<Float>
  private var bias: Tensor<Float>

  /// Makes a head.
  ///
  /// - Parameters:
  ///   - querySize: values of an embedding.
  ///   - features: number of feature maps.
  ///   - hasNoiseHeads: whether two noise heads are there.
  ///   - random: supplies the values.
  public init(querySize: Int, features: Int, hasNoiseHeads: Bool, random: inout RandomStream) {
    projection = Linear(inputSize: querySize, outputSize: features, random: &random)
    noiseProjections = []
    for _ in 0..<(hasNoiseHeads ? 2 : 0) {
      noiseProjections.append(Linear(inputSize: features, outputSize: features, random: &random))
    }
    (scale, bias) = (.ones([features]), .zeros([1]))
  }

  /// Whether noise heads are there.
  public var hasNoiseHeads: Bool { !noiseProjections.isEmpty }

  /// The projected embedding v before the sigmoid, `[batch, querySize]` to `[batch, features]`.
  public func projected(_ embedding: Tensor<Float>) -> Tensor<Float> { projection(embedding) }

  /// Logits of the mask of one projected query.
  ///
  /// - Parameters:
  ///   - projected: v, `[batch, features]`.
  ///   - maps: F, `[batch, features, rows, frames]`.
  /// - Returns: z, `[batch, 1, rows, frames]`.
  public func maskLogits(_ projected: Tensor<Float>, _ maps: Tensor<Float>) -> Tensor<Float> {
    let (batch, features) = (maps.shape[0], maps.shape[1])
    precondition(
      projected.shape == [batch, features],
      "QueryHead: queries \(projected.shape) for feature maps \(maps.shape), expected [\(batch), \(features)]"
    )
    let query = (projected.sigmoid() * scale).reshaped([batch, 1, features])
    let places = maps.shape[2] * maps.shape[3]
    let sum = query.matmul(maps.reshaped([batch, features, places])) + bias
    return sum.reshaped([batch, 1, maps.shape[2], maps.shape[3]])
  }

  /// Logits of both noise masks, from the mean of the projected queries; empty without noise heads.
  ///
  /// The mean does not know which source is which: hence the minimum over both assignments in the loss.
  public func noiseLogits(_ projected: [Tensor<Float>], _ maps: Tensor<Float>) -> [Tensor<Float>] {
    guard hasNoiseHeads, let first = projected.first else { return [] }
    let mean = projected.dropFirst().reduce(first, +) / Float(projected.count)
    return noiseProjections.map { maskLogits($0(mean), maps) }
  }

  /// Shows all tensors under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("frame_net", &projection)
    visitor.visit("pit_nets", &noiseProjections)
    visitor.enter("synth_net")
    visitor.visit("scale", &scale)
    visitor.visit("bias", &bias)
    visitor.leave()
  }
}
