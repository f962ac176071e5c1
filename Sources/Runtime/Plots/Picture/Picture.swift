public import Display

/// Pixels without axes: `Picture(grey: values, width: 28, height: 28)`.
public struct Picture: Displayable, Sendable, Equatable {
  /// Width in pixels.
  public let width: Int
  /// Height in pixels.
  public let height: Int
  /// Four bytes for each pixel, row by row from the top: red, green, blue, opacity.
  public let rgba: [UInt8]
  private var altText: String?
  private var enlargement = 1
  private let givenCount: Int
  private let neededCount: Int

  private init(width: Int, height: Int, given: Int, channels: Int, rgba: [UInt8]) {
    self.width = max(width, 0)
    self.height = max(height, 0)
    self.rgba = rgba
    givenCount = given
    neededCount = self.width * self.height * channels
  }

  /// Grey pixels, row by row from the top, 0 (black) to 255 (white).
  public init(grey: [UInt8], width: Int, height: Int) {
    self.init(width: width, height: height, given: grey.count, channels: 1, rgba: grey.flatMap { [$0, $0, $0, 255] })
  }

  /// Grey pixels, row by row from the top, 0 (black) to 1 (white); numbers outside are cut.
  public init(grey: [Float], width: Int, height: Int) {
    self.init(grey: grey.map(Self.byte), width: width, height: height)
  }

  /// Colored pixels, three bytes each, row by row from the top.
  public init(rgb: [UInt8], width: Int, height: Int) {
    var rgba: [UInt8] = []
    rgba.reserveCapacity(rgb.count / 3 * 4)
    for start in stride(from: 0, to: rgb.count - 2, by: 3) {
      rgba += [rgb[start], rgb[start + 1], rgb[start + 2], 255]
    }
    self.init(width: width, height: height, given: rgb.count, channels: 3, rgba: rgba)
  }

  /// Colored pixels, three numbers 0…1 each, row by row from the top; numbers outside are cut.
  public init(rgb: [Float], width: Int, height: Int) {
    self.init(rgb: rgb.map(Self.byte), width: width, height: height)
  }

  /// Colored pixels with opacity, four bytes each, row by row from the top.
  public init(rgba: [UInt8], width: Int, height: Int) {
    self.init(width: width, height: height, given: rgba.count, channels: 4, rgba: rgba)
  }

  /// Colored pixels with opacity, four numbers 0…1 each, row by row from the top; numbers outside are cut.
  public init(rgba: [Float], width: Int, height: Int) {
    self.init(rgba: rgba.map(Self.byte), width: width, height: height)
  }

  /// Numbers as colors of a map, row by row from the top.
  ///
  /// - Parameters:
  ///   - values: one number for each pixel; NaN is transparent.
  ///   - width: width in pixels.
  ///   - height: height in pixels.
  ///   - map: the colors.
  ///   - range: the numbers of the first and last color; those of the data when nil.
  public init(
    _ values: some PlotData,
    width: Int,
    height: Int,
    map: ColorMap,
    range: ClosedRange<Double>? = nil
  ) {
    let numbers = values.coordinates.values
    var choices = ColorChoices()
    choices.map = map
    choices.range = range
    let scale = ColorScale.fitted(to: numbers, choices: choices)
    let rgba = numbers.flatMap { number -> [UInt8] in
      let color = scale.color(number)
      return [color.red, color.green, color.blue, number.isNaN ? 0 : 255]
    }
    self.init(width: width, height: height, given: numbers.count, channels: 1, rgba: rgba)
  }

  /// The picture of a PNG file of any kind.
  ///
  /// - Throws: `PlotError.unreadablePicture` when there is no such file, or it is cut off, damaged or no PNG file.
  public init(contentsOf path: String) throws(PlotError) {
    try self.init(png: FileBytes.read(path), name: path)
  }

  /// The picture of a PNG file in memory.
  ///
  /// - Parameters:
  ///   - png: the file's bytes.
  ///   - name: what error texts call it.
  /// - Throws: `PlotError.unreadablePicture` when the bytes are cut off, damaged or no PNG file.
  public init(png: [UInt8], name: String = "picture") throws(PlotError) {
    let raster = try PNG.decode(png, name: name)
    self.init(rgba: raster.rgba, width: raster.width, height: raster.height)
  }

  /// Says what the picture shows, for readers who cannot see it.
  public func alt(_ text: String) -> Picture {
    var copy = self
    copy.altText = text
    return copy
  }

  /// Shows each pixel as a sharp square of some CSS pixels.
  public func enlarged(_ factor: Int) -> Picture {
    var copy = self
    copy.enlargement = max(factor, 1)
    return copy
  }

  /// The picture as a PNG file.
  ///
  /// - Throws: `PlotError` when the pixels do not fit the size.
  public func output() throws -> Output {
    let raster = try raster()
    return .picture(
      PictureOutput(
        png: try PNG.encode(raster),
        width: width * enlargement,
        height: height * enlargement,
        altText: altText ?? "Picture of \(width) × \(height) pixels, mean brightness \(meanBrightness) %",
        isPixelated: enlargement > 1
      )
    )
  }

  /// The pixels, after a check that there are as many as the size needs.
  package func raster() throws(PlotError) -> Raster {
    guard width > 0, height > 0 else { throw .emptyPicture }
    guard givenCount == neededCount else { throw .pixelCount(expected: neededCount, got: givenCount) }
    return Raster(width: width, height: height, rgba: rgba)
  }

  private var meanBrightness: Int {
    var sum = 0
    for start in stride(from: 0, to: rgba.count - 3, by: 4) {
      sum += 299 * Int(rgba[start]) + 587 * Int(rgba[start + 1]) + 114 * Int(rgba[start + 2])
    }
    return sum * 100 / max(255_000 * (rgba.count / 4), 1)
  }

  private static func byte(_ share: Float) -> UInt8 {
    // NaN fails every comparison; it becomes black.
    share > 0 ? UInt8((min(share, 1) * 255).rounded()) : 0
  }
}
