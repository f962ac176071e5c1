internal import Layers
internal import Signals
public import Tensors

/// What a model made of a mixture for one query.
public struct QueriedSound: Sendable, Equatable {
  /// The sound that was asked for.
  public var samples: [Float]
  /// The mask before it was made binary, on warped rows, `[rows][frames]`.
  public var mask: [[Float]]

  /// Joins both.
  public init(samples: [Float], mask: [[Float]]) { (self.samples, self.mask) = (samples, mask) }
}

extension CLIPSep {
  /// Separates mixtures by several queries each; the network runs once a mixture.
  ///
  /// The mask is brought back to rows of equal width, made binary at 0.5, and laid on the mixture's spectrum, phases kept.
  ///
  /// - Parameters:
  ///   - mixtures: of equal length.
  ///   - queries: for each kind of query one embedding a mixture, `[mixtures, querySize]`.
  /// - Returns: for each kind of query one sound a mixture.
  /// - Throws: `QueriedSeparationError`, or `SignalError.tooShort`.
  public func separate(_ mixtures: [[Float]], queries: [Tensor<Float>]) throws -> [[QueriedSound]] {
    guard let length = mixtures.first?.count else { return queries.map { _ in [] } }
    for other in mixtures where other.count != length {
      throw QueriedSeparationError.wrongCount(what: "samples of a mixture", expected: length, got: other.count)
    }
    for query in queries { try check(query, items: mixtures.count) }
    return try noGradient {
      let spectra = try spectra(Tensor(mixtures.flatMap { $0 }, shape: [mixtures.count, length]))
      let targets = try MaskTargets(mixture: Self.magnitudes(spectra), sources: [], warp: warp)
      // Evaluation leaves the running moments alone.
      var network = self
      let maps = network.features(targets.input, mode: .evaluation)
      return try queries.map { query in
        try sounds(head.maskLogits(head.projected(query), maps).sigmoid(), spectra, length)
      }
    }
  }

  /// Sounds of masks `[items, 1, rows, frames]` on spectra `[items, 2, frames, bins]`.
  private func sounds(_ masks: Tensor<Float>, _ spectra: Tensor<Float>, _ length: Int) throws -> [QueriedSound] {
    let wide = warp.inverse(masks)
    let binary = Tensor<Float>.ones(wide.shape).selecting(where: wide .> 0.5, otherwise: .zeros(wide.shape))
    let heard = try transform.inverse(spectra * binary.transposed(), length: length)
    return (0..<masks.shape[0]).map { item in
      let mask = masks.selected(item).selected(0)
      return QueriedSound(
        samples: heard.selected(item).values,
        mask: (0..<mask.shape[0]).map { mask.selected($0).values }
      )
    }
  }
}
