public import Tensors

/// What a network sees of mixtures and should give: warped log magnitudes, binary masks, and weights of the bins.
public struct MaskTargets: Sendable {
  /// ln M, M = warp(|X| + 10⁻¹⁰), `[batch, 1, rows, frames]`.
  public let input: Tensor<Float>
  /// One for each source: 1 where its warped magnitude exceeds M / 2, else 0.
  public let masks: [Tensor<Float>]
  /// ln(1 + M) within 10⁻³…10.
  public let weights: Tensor<Float>

  /// Computes targets; masks are taken after warping, as the reference does.
  ///
  /// - Parameters:
  ///   - mixture: magnitudes, `[batch, 1, bins, frames]`.
  ///   - sources: magnitudes of each source, same shape.
  ///   - warp: the change of rows.
  /// - Throws: `QueriedSeparationError.wrongRows`, `.wrongSource` or `.badMagnitude`.
  public init(
    mixture: Tensor<Float>,
    sources: [Tensor<Float>],
    warp: FrequencyWarp
  ) throws(QueriedSeparationError) {
    try Self.check(mixture, bins: warp.bins)
    for source in sources {
      guard source.shape == mixture.shape else {
        throw .wrongSource(expected: mixture.shape, got: source.shape)
      }
      try Self.check(source, bins: warp.bins)
    }
    let warped = warp(mixture + 1e-10)
    input = warped.log()
    weights = warped.logOnePlus().clamped(to: 1e-3...10)
    masks = sources.map { source in
      let isOver = warp(source) .> warped * 0.5
      return Tensor<Float>.ones(warped.shape).selecting(where: isOver, otherwise: .zeros(warped.shape))
    }
  }

  /// Refuses magnitudes of a wrong number of rows, and ones that no spectrum has.
  static func check(_ magnitudes: Tensor<Float>, bins: Int) throws(QueriedSeparationError) {
    let shape = magnitudes.shape
    guard shape.count == 4, shape[2] == bins else {
      throw .wrongRows(expected: bins, got: shape.count > 2 ? shape[shape.count - 2] : 0)
    }
    if let place = magnitudes.withUnsafeValues({ $0.firstIndex { !($0.isFinite && $0 >= 0) } }) {
      let (size, frames) = (shape[1] * shape[2] * shape[3], shape[3])
      throw .badMagnitude(item: place / size, row: place / frames % bins, frame: place % frames)
    }
  }
}
