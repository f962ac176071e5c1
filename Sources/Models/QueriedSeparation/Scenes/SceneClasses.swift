public import Acoustics

/// What can be asked for, and what a camera does not see.
public enum SceneClasses {
  /// Kinds of sound that pictures and captions speak of, in the order of `PictureWorld.names`.
  public static let onScreen = Array(SceneSound.allCases.prefix(8))
  /// Kinds of sound that are only ever noise.
  public static let offScreen = Array(SceneSound.allCases.suffix(4))
}
