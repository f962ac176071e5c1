public import Tensors

/// Views of small grey images: shifted by at most one pixel, brighter or darker, with noise.
///
/// The augmentation of this replication for digits of 8 × 8 pixels; the paper's crops and colours have no meaning there.
public struct ImageAugmentation: Sendable, Equatable {
  /// Pixels in a row and in a column.
  public var side: Int
  /// Largest shift along each axis, in pixels; what enters is 0.
  public var shift = 1
  /// Range of the factor of an image's brightness.
  public var brightness = 0.8..<1.2
  /// Standard deviation of the noise.
  public var noise = 0.05

  /// Chooses the side of the images.
  ///
  /// - Throws: `ClusteringError.outOfRange`.
  public init(side: Int) throws(ClusteringError) {
    try ClusteringError.positive(side, "side of the images")
    self.side = side
  }

  /// A view of each image, `[n, side²]`.
  public func callAsFunction(_ images: Tensor<Float>, _ random: inout RandomStream) -> Tensor<Float> {
    precondition(
      images.rank == 2 && images.shape[1] == side * side,
      "ImageAugmentation(side: \(side)): images have shape \(images.shape), expected [n, \(side * side)]"
    )
    let count = images.shape[0]
    let draws = random.uniform([count, 3], of: Double.self).values
    let pixels = images.values
    var moved = [Float](repeating: 0, count: pixels.count)
    for image in 0..<count {
      let (down, right) = (offset(draws[3 * image]), offset(draws[3 * image + 1]))
      let factor = Float(brightness.lowerBound + (brightness.upperBound - brightness.lowerBound) * draws[3 * image + 2])
      let start = image * side * side
      for row in max(0, down)..<min(side, side + down) {
        for column in max(0, right)..<min(side, side + right) {
          moved[start + row * side + column] = factor * pixels[start + (row - down) * side + column - right]
        }
      }
    }
    return Tensor(moved, shape: images.shape) + random.normal(images.shape, deviation: noise)
  }

  private func offset(_ draw: Double) -> Int { Int(draw * Double(2 * shift + 1)) - shift }
}
