public import Tensors

/// Mixtures of the sounds of a batch with their neighbours, each brought to the level of the one that is wanted.
///
/// x_n = s_n + Σ_j κ_nj s_(n+j) mod B, κ = √(E(s_n) / E(s_(n+j))) within 0.02…50, E the mean square.
///
/// Source: Q. Kong and others, 2023, energy matching; bounds as in bytedance/uss.
public struct AnchorMixing: Sendable, Equatable {
  /// Sounds in a mixture.
  public let sources: Int
  /// Whether the others are brought to the wanted sound's level.
  public let matchesEnergy: Bool

  /// Describes mixtures.
  ///
  /// - Throws: `.size`.
  public init(sources: Int = 2, matchesEnergy: Bool = true) throws(UniversalSeparationError) {
    guard sources >= 1 else { throw .size(what: "sounds in a mixture", expected: "at least 1", got: sources) }
    (self.sources, self.matchesEnergy) = (sources, matchesEnergy)
  }

  /// One mixture for each of the sounds, `[batch, samples]`.
  public func mixtures(of sounds: Tensor<Float>) -> Tensor<Float> {
    let batch = sounds.shape[0]
    guard batch > 0 else { return sounds }
    let energy = sounds.squared().mean([1], keepsAxes: true)
    var result = sounds
    for distance in 1..<max(1, sources) {
      let others = Tensor<Int>((0..<batch).map { ($0 + distance) % batch })
      var part = sounds.indexSelected(others)
      if matchesEnergy {
        let theirs = Tensor.maximum(energy.indexSelected(others), Tensor(1e-10))
        part *= (energy / theirs).sqrt().clamped(to: 0.02...50)
      }
      result += part
    }
    return result
  }
}
