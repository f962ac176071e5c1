internal import Layers
public import Tensors

/// What a separator made of a mixture for one query.
public struct QueriedSound: Sendable, Equatable {
  /// The sound that was asked for.
  public var samples: [Float]
  /// The mask before it was made binary, on warped rows, `[rows][frames]`.
  public var mask: [[Float]]

  /// Joins both.
  public init(samples: [Float], mask: [[Float]]) { (self.samples, self.mask) = (samples, mask) }
}

extension QueriedSeparator {
  /// Separates mixtures by several queries each.
  ///
  /// - Parameters:
  ///   - mixtures: of equal length.
  ///   - queries: for each kind of query one row a mixture, `[mixtures, queryWidth]`.
  /// - Returns: for each mask of the separator one sound a mixture.
  /// - Throws: `QueriedSeparationError`, or `SignalError.tooShort`.
  public func separate(_ mixtures: [[Float]], queries: [Tensor<Float>]) throws -> [[QueriedSound]] {
    guard let length = mixtures.first?.count else { return queries.map { _ in [] } }
    for other in mixtures where other.count != length {
      throw QueriedSeparationError.unequalLengths(expected: length, got: other.count)
    }
    for query in queries { try check(query, items: mixtures.count) }
    return try noGradient {
      let spectra = try spectrum.spectra(Tensor(mixtures.flatMap { $0 }, shape: [mixtures.count, length]))
      let magnitudes = spectrum.magnitudes(spectra)
      let targets = try MaskTargets(mixture: magnitudes, sources: [], warp: spectrum.warp)
      // Evaluation leaves the running moments alone.
      var network = self
      let logits = network.maskLogits(targets.input, queries: queries, mode: .evaluation)
      return try logits.map { try spectrum.sounds($0.sigmoid(), spectra, length) }
    }
  }
}
