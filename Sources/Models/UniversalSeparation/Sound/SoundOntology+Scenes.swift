internal import Acoustics

extension SoundOntology {
  /// The twelve made kinds of sound in four groups.
  public static let scenes = SoundOntology(
    "sound",
    children: [
      group("music", [.organ, .flute, .pluck]), group("animal", [.bird, .cricket, .frog]),
      group("machine", [.engine, .alarm, .clock]), group("nature", [.rain, .wind, .bubbles]),
    ]
  )

  private static func group(_ name: String, _ kinds: [SceneSound]) -> SoundOntology {
    SoundOntology(name, children: kinds.map { SoundOntology($0.name, classIndex: $0.rawValue) })
  }
}
