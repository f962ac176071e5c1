public import Acoustics

/// What a separator finds of one kind of an ontology in a scene whose parts are known.
public struct SceneStem: Sendable {
  /// The level of the ontology that the kind stands on; 1 is below the root.
  public let level: Int
  /// The kind.
  public let kind: SoundOntology
  /// What was found of it.
  public let sound: Audio
  /// What its signal to distortion gained over the mixture, in dB; nil where the kind does not sound in the scene.
  public let gain: Double?

  /// Whether every sample is exactly zero.
  public var isSilent: Bool { sound.peak == 0 }
}

extension UniversalSeparator {
  /// Takes a scene apart at some levels of an ontology.
  ///
  /// - Parameters:
  ///   - scene: with parts that are known.
  ///   - ontology: the tree.
  ///   - levels: from 1 for the kinds below the root.
  /// - Returns: a stem for each kind that holds classes, level by level.
  /// - Throws: as `separate(_:ontology:level:)`.
  public func stems(of scene: PlacedScene, ontology: SoundOntology, levels: ClosedRange<Int>) throws -> [SceneStem] {
    let mixture = scene.mixture.mono
    return try levels.flatMap { level in
      try separate(scene.mixture, ontology: ontology, level: level).map { kind, sound in
        let gain = scene.reference(classes: kind.classes).map {
          SignalRatio.sdr($0, sound.mono) - SignalRatio.sdr($0, mixture)
        }
        return SceneStem(level: level, kind: kind, sound: sound, gain: gain)
      }
    }
  }
}
