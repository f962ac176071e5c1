internal import Display

/// From a display list to the value that crosses to the renderer.
enum Rendering {
  /// Marks from which on a vector form costs readers more than it gives them.
  static let vectorLimit = 2000
  /// Device pixels for each CSS pixel.
  static let pixelRatio = 2.0
  private static let sides = 40...8000

  static func check(width: Int, height: Int) throws(PlotError) {
    guard sides.contains(width), sides.contains(height) else { throw .badSize(width: width, height: height) }
  }

  static func output(
    _ list: DisplayList,
    title: String?,
    altText: String,
    data: [TableOutput],
    unnamedAxes: [String],
    fonts: FontLibrary
  ) throws(PlotError) -> FigureOutput {
    func png(_ palette: FigurePalette) throws(PlotError) -> [UInt8] {
      try PNG.encode(CairoCanvas.render(list, scale: pixelRatio, palette: palette, fonts: fonts), roundsEdges: true)
    }
    let isVector = list.markVertexCount < vectorLimit
    return FigureOutput(
      svg: isVector ? SVGWriter.write(list, title: title ?? "Figure", description: altText) : "",
      png: try png(.light),
      darkPNG: isVector ? [] : try png(.dark),
      width: Int(list.width),
      height: Int(list.height),
      altText: altText,
      title: title,
      data: data,
      unnamedAxes: unnamedAxes
    )
  }
}
