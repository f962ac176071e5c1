import Display
import Plots
import Testing

@Suite("Colors")
struct ColorTests {
  @Test("every color of the cycle keeps a contrast of 3 on a white and on a dark page", arguments: Color.cycle)
  func contrast(_ color: Color) {
    #expect(color.contrast(with: Color(FigurePalette.light.background)) >= 3)
    #expect(color.contrast(with: Color(FigurePalette.dark.background)) >= 3)
  }

  @Test("texts keep a contrast of 4.5 in both modes", arguments: [FigurePalette.light, .dark])
  func texts(_ palette: FigurePalette) {
    let background = Color(palette.background)
    #expect(Color(palette.ink).contrast(with: background) >= 4.5)
    #expect(Color(palette.muted).contrast(with: background) >= 4.5)
    #expect(Color(palette.axis).contrast(with: background) >= 3)
  }

  @Test("contrast is that of WCAG: 21 for black on white")
  func reference() {
    #expect(abs(Color(0).contrast(with: Color(0xffffff)) - 21) < 1e-9)
    #expect(abs(Color(0x777777).contrast(with: Color(0xffffff)) - 4.48) < 0.01)
  }

  @Test("each of the first six series has its own color, dash and marker")
  func firstRound() {
    let styles = (0..<6).map { SeriesStyle(index: $0) }
    #expect(Set(styles.map(\.color)).count == 6)
    #expect(Set(styles.map(\.dash)).count == 6)
    #expect(Set(styles.map(\.marker)).count == 6)
  }

  @Test("36 series are all different")
  func allRounds() {
    let pairs = (0..<36).map { index in
      let style = SeriesStyle(index: index)
      return "\(style.color.hex) \(style.dash)"
    }
    #expect(Set(pairs).count == 36)
  }

  @Test("sequential maps grow lighter at every step", arguments: [ColorMap.viridis, .magma, .cividis])
  func lightness(_ map: ColorMap) {
    let steps = map.colors.map(\.luminance)
    #expect(zip(steps.dropFirst(4), steps).allSatisfy { $0 > $1 })
    #expect(map.colors.count == 256)
  }

  @Test("a map cuts shares outside, and shows NaN as the page")
  func outside() {
    #expect(ColorMap.viridis(-1) == ColorMap.viridis(0))
    #expect(ColorMap.viridis(2) == ColorMap.viridis(1))
    #expect(ColorMap.viridis(.nan) == .background)
    #expect(ColorMap.viridis(0).hex == "#440154" && ColorMap.viridis(1).hex == "#fde725")
  }

  @Test("the diverging map is neutral in the middle and about as dark at both ends")
  func diverging() {
    let middle = ColorMap.diverging(0.5)
    #expect(middle.luminance > 0.85)
    #expect(abs(ColorMap.diverging(0).luminance - ColorMap.diverging(1).luminance) < 0.02)
  }

  @Test("the dark palette replaces the light one by one string")
  func palettes() throws {
    let figure = try Figure { Line([0, 1], [0, 1]) }.drawn()
    #expect(figure.svg.contains("<style>" + FigurePalette.light.css))
    let dark = figure.svg.replacing(FigurePalette.light.css, with: FigurePalette.dark.css)
    #expect(dark.contains("--figure-ink:#e6e6e6") && !dark.contains("--figure-ink:#1b1f24"))
  }
}
