/// The colors of a plot that depend on the page's mode; series colors work on both.
///
/// Every SVG of a figure starts its style with `FigurePalette.light.css`, so a renderer makes the dark file by replacing
/// that one string by `FigurePalette.dark.css`.
public struct FigurePalette: Sendable, Equatable {
  /// Text and frames, as 0xRRGGBB.
  public var ink: UInt32
  /// Secondary text, such as tick labels.
  public var muted: UInt32
  /// Axis lines and ticks.
  public var axis: UInt32
  /// Grid lines.
  public var grid: UInt32
  /// What lies under the plot: the page.
  public var background: UInt32

  /// For a white page.
  public static let light = FigurePalette(
    ink: 0x1b1f24,
    muted: 0x57606a,
    axis: 0x87909a,
    grid: 0xe4e8ec,
    background: 0xffffff
  )

  /// For the dark page.
  public static let dark = FigurePalette(
    ink: 0xe6e6e6,
    muted: 0x9aa4ae,
    axis: 0x6f7983,
    grid: 0x2a3037,
    background: 0x14171a
  )

  /// The palette as custom properties of the element with class `offprint-figure`.
  public var css: String {
    ".offprint-figure{--figure-ink:\(Self.hex(ink));--figure-muted:\(Self.hex(muted));--figure-axis:\(Self.hex(axis));"
      + "--figure-grid:\(Self.hex(grid));--figure-background:\(Self.hex(background))}"
  }

  private static func hex(_ color: UInt32) -> String {
    let digits = String(color, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
