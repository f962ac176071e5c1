public import Layers
public import Tensors

/// The variant whose query meets the sound in the middle: σ(v) is laid beside the innermost maps of the U-Net.
///
/// The network runs once a query and gives the logits itself.
///
/// Source: Dong and others, "CLIPSep", 2023; sony/CLIPSep at 22b6f91 (`CLIPSepV3`), which also allocates a head and two norms
/// that nothing depends on: 1185 values more.
public struct MiddleFusionSep: QueriedSeparator {
  /// Sizes.
  public let configuration: CLIPSepConfiguration
  /// The way from sound to what the network sees, and back.
  public let spectrum: MaskSpectrum
  private var network: SoundUNet
  private var projection: Linear

  /// Makes a model with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - configuration: sizes; `features` is the length of v.
  ///   - random: supplies the values.
  /// - Throws: `QueriedSeparationError.badSetting`.
  public init(_ configuration: CLIPSepConfiguration, random: inout RandomStream) throws(QueriedSeparationError) {
    try configuration.check()
    let c = configuration
    self.configuration = c
    spectrum = MaskSpectrum(c)
    network = SoundUNet(widths: c.widths, features: 1, conditions: c.features, random: &random)
    projection = Linear(inputSize: c.querySize, outputSize: c.features, random: &random)
  }

  /// Values of an embedding.
  public var queryWidth: Int { configuration.querySize }

  /// Logits of one mask for each query; the network runs once a query.
  public mutating func maskLogits(
    _ input: Tensor<Float>,
    queries: [Tensor<Float>],
    mode: Mode
  ) -> [Tensor<Float>] {
    queries.map { network(input, condition: projection($0).sigmoid(), mode: mode) }
  }

  /// Shows all tensors.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("sound_net", &network)
    visitor.visit("frame_net", &projection)
  }
}
