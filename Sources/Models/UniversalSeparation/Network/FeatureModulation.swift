internal import Layers
internal import Tensors

/// Linear maps from a condition to one summand a channel for each norm of a network: the additive half of FiLM.
///
/// Source: E. Perez and others, "FiLM: Visual reasoning with a general conditioning layer", 2018, without its factors.
struct FeatureModulation: Module {
  private let names: [String]
  private var maps: [Linear]

  /// Makes maps with Glorot's uniform weights and zero biases.
  ///
  /// - Parameters:
  ///   - conditionSize: length of a condition.
  ///   - norms: names of the norms, as paths with "->", and their numbers of channels.
  ///   - random: supplies the weights.
  init(conditionSize: Int, norms: [(name: String, channels: Int)], random: inout RandomStream) {
    names = norms.map(\.name)
    maps = []
    for norm in norms {
      var map = Linear(inputSize: conditionSize, outputSize: norm.channels, random: &random)
      map.weight = Initial.xavierUniform(map.weight.shape, &random)
      map.bias = map.bias.map { .zeros($0.shape) }
      maps.append(map)
    }
  }

  /// Summands of each norm, `[batch, channels]`, for conditions `[batch, conditionSize]`.
  func callAsFunction(_ conditions: Tensor<Float>) -> [Tensor<Float>] { maps.map { $0(conditions) } }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    for (index, name) in names.enumerated() { visitor.visit(name, &maps[index]) }
  }
}
