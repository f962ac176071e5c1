public import Tensors

/// What asks for sounds of a class.
public enum SceneQuery: Sendable {
  /// The mean embedding of three pictures, as long as √32.
  case pictures(MiniCLIP, PictureWorld)
  /// The embedding of "a photo of a …" with each name of the class in turn, as long as √32.
  case text(MiniCLIP)
  /// The row of an identity matrix.
  case labels
  /// Nothing.
  case none

  /// Queries for classes.
  ///
  /// - Parameters:
  ///   - classes: numbers in `SceneClasses.onScreen`.
  ///   - random: draws pictures.
  /// - Returns: `[classes, width]`; nil for `none`.
  /// - Throws: `QueriedSeparationError.unknownCaption`.
  public func rows(_ classes: [Int], _ random: inout RandomStream) throws(QueriedSeparationError) -> Tensor<Float>? {
    let length = Float(MiniCLIP.size).squareRoot()
    switch self {
    case .pictures(let encoder, let world):
      let shown = classes.flatMap { [$0, $0, $0] }.flatMap { world.picture($0, &random) }
      let embedded = encoder.embed(pictures: Tensor(shown, shape: [3 * classes.count, PictureWorld.pixels]))
      return embedded.reshaped([classes.count, 3, MiniCLIP.size]).mean(1) * length
    case .text(let encoder):
      let captions = classes.enumerated().map { item, index in
        "a photo of a " + PictureWorld.names[index][item % PictureWorld.names[index].count]
      }
      return try encoder.embed(captions: captions) * length
    case .labels:
      let count = SceneClasses.onScreen.count
      let rows = classes.flatMap { index in (0..<count).map { $0 == index ? Float(1) : 0 } }
      return Tensor(rows, shape: [classes.count, count])
    case .none: return nil
    }
  }
}
