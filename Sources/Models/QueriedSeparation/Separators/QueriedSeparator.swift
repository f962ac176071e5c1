public import Layers
public import Tensors

/// A network that makes masks of a mixture as queries ask.
///
/// A new kind of separator tells how logits come from queries; losses, targets and sounds are common to all.
public protocol QueriedSeparator: Module {
  /// The way from sound to what the network sees, and back.
  var spectrum: MaskSpectrum { get }
  /// Values of a query.
  var queryWidth: Int { get }

  /// Logits of masks.
  ///
  /// - Parameters:
  ///   - input: warped log magnitudes, `[batch, 1, rows, frames]`.
  ///   - queries: `[batch, queryWidth]` each.
  ///   - mode: in training the norms take a batch's moments.
  /// - Returns: one mask a query, `[batch, 1, rows, frames]` each.
  mutating func maskLogits(_ input: Tensor<Float>, queries: [Tensor<Float>], mode: Mode) -> [Tensor<Float>]

  /// The loss of a batch whose queries fit, and the mean activation of noise masks where they take part.
  mutating func loss(
    queries: [Tensor<Float>],
    targets: MaskTargets
  ) -> (loss: Tensor<Float>, activation: Float?)
}

extension QueriedSeparator {
  /// The plain loss.
  public mutating func loss(
    queries: [Tensor<Float>],
    targets: MaskTargets
  ) -> (loss: Tensor<Float>, activation: Float?) {
    (MaskLoss.plain(maskLogits(targets.input, queries: queries, mode: .training), targets), nil)
  }

  /// The loss of a batch in training.
  ///
  /// - Parameter batch: mixtures, sources and queries.
  /// - Returns: the loss, and the mean activation of the noise masks where they took part.
  /// - Throws: `QueriedSeparationError`, or `SignalError.tooShort`.
  public mutating func loss(_ batch: QueriedBatch) throws -> (loss: Tensor<Float>, activation: Float?) {
    for query in batch.queries { try check(query, items: batch.mixtures.shape[0]) }
    return loss(queries: batch.queries, targets: try spectrum.targets(batch))
  }

  func check(_ query: Tensor<Float>, items: Int) throws(QueriedSeparationError) {
    guard query.rank == 2, query.shape[1] == queryWidth else {
      throw .wrongQueryWidth(expected: queryWidth, got: query.shape.last ?? 0)
    }
    guard query.shape[0] == items else { throw .wrongCount(what: "queries", mixtures: items, got: query.shape[0]) }
    if let place = query.values.firstIndex(where: { !$0.isFinite }) {
      throw .badQuery(item: place / queryWidth, value: place % queryWidth)
    }
  }
}

/// Mixtures with what they are made of and what asks for it.
public struct QueriedBatch: Sendable {
  /// `[batch, samples]`.
  public var mixtures: Tensor<Float>
  /// The sound of each source, `[batch, samples]`.
  public var sources: [Tensor<Float>]
  /// What asks for each source, `[batch, queryWidth]`.
  public var queries: [Tensor<Float>]

  /// Joins the parts.
  public init(mixtures: Tensor<Float>, sources: [Tensor<Float>], queries: [Tensor<Float>]) {
    (self.mixtures, self.sources, self.queries) = (mixtures, sources, queries)
  }
}
