public import Layers
public import Tensors

/// The baseline without queries: two masks in any order, of which the better one has to be chosen afterwards.
///
/// Source: Dong and others, "CLIPSep", 2023; sony/CLIPSep at 22b6f91 (`PITSep`).
public struct PITSep: QueriedSeparator {
  /// Sizes.
  public let configuration: CLIPSepConfiguration
  /// The way from sound to what the network sees, and back.
  public let spectrum: MaskSpectrum
  private var network: SoundUNet
  private var head: Convolution

  /// Makes a model with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - configuration: sizes; those of the query do not count.
  ///   - random: supplies the values.
  /// - Throws: `QueriedSeparationError.badSetting`.
  public init(_ configuration: CLIPSepConfiguration, random: inout RandomStream) throws(QueriedSeparationError) {
    try configuration.check()
    self.configuration = configuration
    spectrum = MaskSpectrum(configuration)
    network = SoundUNet(widths: configuration.widths, features: configuration.features, random: &random)
    head = Convolution(inputChannels: configuration.features, outputChannels: 2, kernel: [1, 1], random: &random)
  }

  /// None: no query is taken.
  public var queryWidth: Int { 0 }

  /// Logits of two masks, whatever the queries.
  public mutating func maskLogits(
    _ input: Tensor<Float>,
    queries: [Tensor<Float>],
    mode: Mode
  ) -> [Tensor<Float>] {
    let both = head(network(input, mode: mode))
    return (0..<2).map { both.sliced($0..<$0 + 1, axis: 1) }
  }

  /// The plain loss of the better order, item by item.
  public mutating func loss(
    queries: [Tensor<Float>],
    targets: MaskTargets
  ) -> (loss: Tensor<Float>, activation: Float?) {
    (MaskLoss.permutationInvariant(maskLogits(targets.input, queries: [], mode: .training), targets), nil)
  }

  /// Shows all tensors under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("sound_net", &network)
    visitor.visit("synth_net", &head)
  }
}
