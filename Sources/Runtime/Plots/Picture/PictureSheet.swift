public import Display

/// Pictures of one size in rows, such as the samples of a generative model.
public struct PictureSheet: Displayable, Sendable, Equatable {
  private let pictures: [Picture]
  private let columns: Int
  private let gap: Int
  private let enlargement: Int
  private var altText: String?

  /// Lays pictures out from left to right and top to bottom.
  ///
  /// - Parameters:
  ///   - pictures: the pictures; the largest one gives the size of the cells.
  ///   - columns: pictures in a row.
  ///   - gap: pixels between pictures.
  ///   - enlargement: CSS pixels for each pixel, which stay sharp squares.
  public init(_ pictures: [Picture], columns: Int, gap: Int = 2, enlargement: Int = 1) {
    self.pictures = pictures
    self.columns = max(columns, 1)
    self.gap = max(gap, 0)
    self.enlargement = max(enlargement, 1)
  }

  /// Says what the pictures show, for readers who cannot see them.
  public func alt(_ text: String) -> PictureSheet {
    var copy = self
    copy.altText = text
    return copy
  }

  /// The sheet as one picture with transparent gaps.
  public var picture: Picture {
    let cellWidth = pictures.map(\.width).max() ?? 0
    let cellHeight = pictures.map(\.height).max() ?? 0
    let across = min(columns, max(pictures.count, 1))
    let down = (pictures.count + columns - 1) / columns
    let width = max(across * (cellWidth + gap) - gap, 0)
    let height = max(down * (cellHeight + gap) - gap, 0)
    var rgba = [UInt8](repeating: 0, count: 4 * width * height)
    for (index, picture) in pictures.enumerated() where picture.rgba.count == 4 * picture.width * picture.height {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      let corner = (row * (cellHeight + gap)) * width + column * (cellWidth + gap)
      for y in 0..<picture.height {
        let source = 4 * y * picture.width
        let target = 4 * (corner + y * width)
        rgba.replaceSubrange(
          target..<target + 4 * picture.width,
          with: picture.rgba[source..<source + 4 * picture.width]
        )
      }
    }
    let size = "\(pictures.count) pictures of \(cellWidth) × \(cellHeight) pixels in \(down) rows of \(across)"
    return Picture(rgba: rgba, width: width, height: height).enlarged(enlargement).alt(altText ?? size)
  }

  /// The sheet as a PNG file.
  ///
  /// - Throws: `PlotError` when there are no pictures, or the pixels of one do not fit its size.
  public func output() throws -> Output {
    for picture in pictures { _ = try picture.raster() }
    return try picture.output()
  }
}
