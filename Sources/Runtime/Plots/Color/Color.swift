internal import Display

/// A color of the sRGB space, or one of the page's own colors, which change with its mode.
public struct Color: Sendable, Hashable {
  /// Colors that the page's mode decides.
  package enum Role: String, Sendable, Hashable, CaseIterable {
    case ink, muted, axis, grid, background
  }

  /// Red, 0…255.
  public var red: UInt8
  /// Green, 0…255.
  public var green: UInt8
  /// Blue, 0…255.
  public var blue: UInt8
  /// Opacity, 0…1.
  public var opacity: Double
  package var role: Role?

  /// Makes a color from 0xRRGGBB.
  public init(_ hex: UInt32, opacity: Double = 1) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16),
      green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex),
      opacity: opacity
    )
  }

  /// Makes a color from its parts.
  public init(red: UInt8, green: UInt8, blue: UInt8, opacity: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.opacity = opacity
    role = nil
  }

  private init(_ hex: UInt32, role: Role) {
    self.init(hex)
    self.role = role
  }

  /// The color of text.
  public static let ink = Color(FigurePalette.light.ink, role: .ink)
  /// The color of secondary text.
  public static let muted = Color(FigurePalette.light.muted, role: .muted)
  /// The color of axis lines.
  public static let axis = Color(FigurePalette.light.axis, role: .axis)
  /// The color of grid lines.
  public static let grid = Color(FigurePalette.light.grid, role: .grid)
  /// The color of the page.
  public static let background = Color(FigurePalette.light.background, role: .background)
  /// First color of the default cycle.
  public static let blue = Color(0x0072B2)
  /// Second color of the default cycle.
  public static let orange = Color(0xC44E00)
  /// Third color of the default cycle.
  public static let green = Color(0x007A5A)
  /// Fourth color of the default cycle.
  public static let purple = Color(0x9A4C86)
  /// Fifth color of the default cycle.
  public static let ochre = Color(0x8A6D00)
  /// Sixth color of the default cycle.
  public static let sky = Color(0x2E7FB8)

  /// The colors of series in their order; each keeps a contrast of 3:1 on a white and on a dark page.
  public static let cycle: [Color] = [.blue, .orange, .green, .purple, .ochre, .sky]

  /// The same color, more or less transparent.
  public func opacity(_ value: Double) -> Color {
    var color = self
    color.opacity = value
    return color
  }

  /// The color itself, or what a palette makes of a color of the page.
  func seen(in palette: FigurePalette) -> Color {
    switch role {
    case .ink: Color(palette.ink, opacity: opacity)
    case .muted: Color(palette.muted, opacity: opacity)
    case .axis: Color(palette.axis, opacity: opacity)
    case .grid: Color(palette.grid, opacity: opacity)
    case .background: Color(palette.background, opacity: opacity)
    case nil: self
    }
  }

  /// Relative luminance after WCAG 2.2, 0 (black) to 1 (white).
  package var luminance: Double {
    0.2126 * OKLab.linear(red) + 0.7152 * OKLab.linear(green) + 0.0722 * OKLab.linear(blue)
  }

  /// Contrast ratio after WCAG 2.2, 1 to 21.
  package func contrast(with other: Color) -> Double {
    let (light, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }

  package var hex: String {
    func pair(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
    return "#" + pair(red) + pair(green) + pair(blue)
  }
}
