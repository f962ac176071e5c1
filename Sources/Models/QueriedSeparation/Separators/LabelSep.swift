public import Layers
public import Tensors

/// The supervised baseline: a CLIPSep whose embeddings are a table, one row a label.
///
/// A query is the row of an identity matrix, `[labels]`.
///
/// Source: Dong and others, "CLIPSep", 2023; sony/CLIPSep at 22b6f91 (`LabelSepV2`).
public struct LabelSep: QueriedSeparator {
  private var table: Embedding
  private var separator: CLIPSep

  /// Makes a model with PyTorch's initial values.
  ///
  /// - Parameters:
  ///   - labels: number of labels.
  ///   - configuration: sizes.
  ///   - random: supplies the values.
  /// - Throws: `QueriedSeparationError.badSetting`.
  public init(
    labels: Int,
    _ configuration: CLIPSepConfiguration,
    random: inout RandomStream
  ) throws(QueriedSeparationError) {
    guard labels > 0 else { throw .badSetting(name: "labels", expected: "1 or more", got: "\(labels)") }
    separator = try CLIPSep(configuration, random: &random)
    table = Embedding(count: labels, size: configuration.querySize, random: &random)
  }

  /// The way from sound to what the network sees, and back.
  public var spectrum: MaskSpectrum { separator.spectrum }
  /// Number of labels.
  public var queryWidth: Int { table.weight.shape[0] }

  /// Logits of one mask for each label.
  public mutating func maskLogits(
    _ input: Tensor<Float>,
    queries: [Tensor<Float>],
    mode: Mode
  ) -> [Tensor<Float>] {
    separator.maskLogits(input, queries: queries.map { $0.matmul(table.weight) }, mode: mode)
  }

  /// The separator's loss.
  public mutating func loss(
    queries: [Tensor<Float>],
    targets: MaskTargets
  ) -> (loss: Tensor<Float>, activation: Float?) {
    separator.loss(queries: queries.map { $0.matmul(table.weight) }, targets: targets)
  }

  /// Shows all tensors under the reference's names.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("label_net", &table)
    separator.visitParameters(&visitor)
  }
}
