import Display
import Plots
import Testing

/// A figure of every kind of mark, small enough for a vector form.
let everyKind: [(name: String, figure: Figure)] = [
  ("line", Figure("Sine") { Line(0...6) { $0 * (6 - $0) }.label("a") }.xAxis("x", unit: "s").yAxis("y")),
  ("points", Figure { Points([1, 2, 3], [3, 1, 2], colors: [0.1, 0.5, 0.9]) }),
  (
    "bars",
    Figure {
      Bars(["a", "b"], [1, 2], errors: [0.1, 0.2]).label("p").values(); Bars(["a", "b"], [2, 3]).label("q")
    }
  ),
  ("lying bars", Figure { Bars(["a", "b"], [1, -2]).horizontal().values() }),
  ("histogram", Figure { Histogram([1, 2, 2, 3, 3, 3, 9]) }),
  ("heat map", Figure { Heatmap([[1, 2], [3, .nan]], rows: ["r", "s"], columns: ["c", "d"]).values() }),
  ("heat map on log", Figure { Heatmap([[1, 2], [3, 4]], x: 1...100, y: 0...1) }.xAxis(scale: .logarithmic)),
  ("contour", Figure { Contour(x: -1...1, y: -1...1) { $0 * $0 + $1 * $1 }.colorBar("r²") }),
  (
    "area",
    Figure {
      Area([0, 1, 2], [1, 2, 1]); Span(x: 0.5...1); Rule(y: 1.5, "limit"); Annotation("top", x: 1, y: 2)
    }
  ),
  (
    "band",
    Figure {
      Line([1, 2], [1, 2]); ErrorBand([1, 2], [1, 2], spread: [0.1, 0.2]); ErrorBars([1, 2], [1, 2], errors: [1, 1])
    }
  ),
  (
    "step and stem",
    Figure {
      Step([0, 1, 2], [1, 3, 2]); Stem([0, 1, 2], [1, -1, 2])
    }
  ),
  ("graph", Figure { NodeLink(edges: [(0, 1), (1, 2), (2, 0), (2, 3)], names: ["a", "b", "c", "d"]) }.withoutAxes()),
  ("image", Figure { Image(Picture(grey: [UInt8](0..<16), width: 4, height: 4)) }),
]

@Suite("Figures")
struct FigureTests {
  @Test("every kind of mark draws a PNG of twice its size and the same bytes each time", arguments: everyKind.indices)
  func png(_ index: Int) throws {
    let (name, figure) = everyKind[index]
    let first = try figure.drawn()
    let second = try figure.drawn()
    let isSame = first.png == second.png && first.svg == second.svg && first.altText == second.altText
    #expect(isSame, "\(name)")
    let pixels = try PNG.decode(first.png)
    #expect(pixels.width == 1280 && pixels.height == 800)
    #expect(pixels.rgba.prefix(4) == [255, 255, 255, 255])
    #expect(Set(pixels.rgba).count > 8, "\(name) is blank")
  }

  @Test("every SVG is well formed, has a title and a description, and leads nowhere else", arguments: everyKind.indices)
  func svg(_ index: Int) throws {
    let output = try everyKind[index].figure.drawn()
    #expect(XMLCheck.fault(in: output.svg) == nil)
    #expect(output.svg.contains("role=\"img\"") && output.svg.contains("<title ") && output.svg.contains("<desc "))
    #expect(!output.svg.contains("<script") && !output.svg.contains("href=\"http"))
  }

  @Test("alt texts have 20 to 300 characters", arguments: everyKind.indices)
  func altLength(_ index: Int) throws {
    #expect((20...300).contains(try everyKind[index].figure.drawn().altText.count))
  }

  @Test("titles and labels are escaped")
  func escaping() throws {
    let svg = try Figure("a < b & \"c\"") { Line([0, 1], [0, 1]).label("<script>") }.drawn().svg
    #expect(XMLCheck.fault(in: svg) == nil)
    #expect(svg.contains("a &lt; b &amp; &quot;c&quot;") && svg.contains("&lt;script&gt;"))
  }

  @Test("a line of a million points is drawn with a bounded number of corners, and without a vector form")
  func million() throws {
    var state: UInt64 = 1
    let values = (0..<1_000_000).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11)
    }
    let figure = Figure { Line(0..<values.count, values) }
    let list = try figure.displayList()
    #expect(list.markVertexCount <= 4 * 2 * 640)
    #expect(list.markVertexCount > 1000)
  }

  @Test("beyond 2000 corners a figure has no vector form; below it has one")
  func vectorLimit() throws {
    let many = try Figure { Points(0..<2500, (0..<2500).map { Double($0 * 7919 % 2503) }) }.drawn()
    let few = try Figure { Points(0..<1500, (0..<1500).map { Double($0 * 7919 % 2503) }) }.drawn()
    #expect(many.svg.isEmpty && !few.svg.isEmpty)
    #expect(few.darkPNG.isEmpty)
    #expect(!many.darkPNG.isEmpty && many.darkPNG != many.png)
  }

  @Test("on a dark page the ground of a plot is the page's, and series keep their colors")
  func darkRaster() throws {
    let figure = try Figure { Points(0..<2500, (0..<2500).map { Double($0 * 7919 % 2503) }).opacity(1) }.drawn()
    for (png, palette) in [(figure.png, FigurePalette.light), (figure.darkPNG, .dark)] {
      let pixels = try PNG.decode(png).rgba
      #expect(pixels.prefix(3).elementsEqual([16, 8, 0].map { UInt8(palette.background >> $0 & 255) }))
      let blue = stride(from: 0, to: pixels.count, by: 4).count {
        pixels[$0..<$0 + 3].elementsEqual([0x00, 0x72, 0xB2])
      }
      #expect(blue > 1000)
    }
  }

  @Test("reducing keeps the extremes of every column")
  func extremes() throws {
    var values = [Double](repeating: 0, count: 100_000)
    values[54_321] = 10
    let list = try Figure { Line(0..<values.count, values) }.yAxis(range: 0...10).displayList()
    let tops = list.commands.compactMap { command -> Double? in
      guard case .path(let path, _, let stroke?) = command, stroke.color == .blue else { return nil }
      return path.subpaths.flatMap { $0 }.map(\.y).min()
    }
    let frameTop = try #require(tops.min())
    #expect(frameTop < 40)
  }

  @Test("missing numbers leave gaps and are counted")
  func gaps() throws {
    let figure = Figure { Line([0, 1, 2, 3, 4, 5], [0, 1, .nan, 3, 2, 5.0]) }
    let pieces = try figure.displayList().commands.compactMap { command -> Int? in
      guard case .path(let path, _, let stroke?) = command, stroke.color == .blue else { return nil }
      return path.subpaths.count
    }
    #expect(pieces == [2])
    #expect(try figure.drawn().altText.contains("(1 missing)"))
  }

  @Test("marks with one label share style and legend entry")
  func sharedLabel() throws {
    let svg = try Figure {
      Line([0, 1], [0, 1]).label("train")
      Points([0, 1], [0, 1]).label("train")
      Line([0, 1], [1, 0]).label("test")
    }.drawn().svg
    #expect(svg.components(of: ">train</text>") == 1)
    #expect(!svg.contains(Color.green.hex))
  }

  @Test("a legend moves beside the frame where every corner holds data")
  func legendOutside() throws {
    let crowded = Figure {
      for k in 0..<5 {
        Line(0...10, samples: 200) { ($0 * 7919 + Double(k) * 13).truncatingRemainder(dividingBy: 5) }.label("s\(k)")
      }
    }
    let texts = try crowded.displayList().commands.compactMap { command -> Double? in
      guard case .text(let item) = command, item.text == "s0" else { return nil }
      return item.position.x
    }
    #expect(try #require(texts.first) > 560)
  }

  static let extremeFigures: [(name: String, figure: Figure)] = [
    (
      "bars far beyond their range",
      Figure {
        Bars(["a", "b"], [1, 2]); Bars(["a", "b"], [1, 2])
      }.yAxis(range: 0...1e-12)
    ),
    (
      "a rule far away",
      Figure {
        Line([0, 1], [0, 1]); Rule(y: 1e30)
      }.yAxis(range: 0...1)
    ),
    (
      "the largest numbers",
      Figure {
        Line([0, 1], [-1e299, 1e299]); Histogram([-1e299, 1e299], bins: 4)
      }
    ),
    ("the smallest numbers", Figure { Line([0, 1], [0, Double.leastNonzeroMagnitude]) }),
    ("one point", Figure { Points([3], [7]) }),
    ("equal numbers", Figure { Histogram([2, 2, 2]) }),
    ("a single node", Figure { NodeLink(edges: [], names: ["alone"]) }),
    (
      "the smallest size",
      Figure("A title that is too long") { Line([0, 1], [0, 1]).label("label") }.size(width: 40, height: 40)
    ),
  ]

  @Test("extreme input is drawn, not crashed on", arguments: FigureTests.extremeFigures.indices)
  func extremeInput(_ index: Int) throws {
    let (name, figure) = Self.extremeFigures[index]
    let output = try figure.drawn()
    #expect(output.png.count > 100 && output.svg.utf8.count < 100_000, "\(name)")
    #expect(XMLCheck.fault(in: output.svg) == nil, "\(name)")
  }

  @Test("an author's words replace the computed alt text")
  func ownAlt() throws {
    let text = "A rising curve, drawn for this test."
    #expect(try Figure { Line([0, 1], [0, 1]) }.alt(text).drawn().altText == text)
  }

  @Test("a grid letters its panels and joins their numbers")
  func grid() throws {
    let output = try Grid(columns: 2) {
      for k in 1...3 { Figure("k = \(k)") { Line([0, 1], [0, Double(k)]) } }
    }.sharedAxes().drawn()
    #expect(output.svg.contains(">(a) k = 1</text>") && output.svg.contains(">(c) k = 3</text>"))
    #expect(output.data.map(\.title) == ["(a) k = 1", "(b) k = 2", "(c) k = 3"])
    #expect(output.altText.hasPrefix("3 panels: (a) k = 1: line plot"))
  }

  @Test("lists of any number type, ranges, strides and optionals are taken")
  func inputs() throws {
    let figure = Figure {
      Line(0..<3, [Float(1), 2, 3])
      Line(stride(from: 0.0, through: 1, by: 0.5), [1, 2, 3])
      Line([1, 2, 3], [1.5, nil, 2.5])
      Points(["a", "b"].indices.map { $0 }, [1, 2])
    }
    #expect(try figure.drawn().data.count >= 3)
  }
}

extension String {
  func components(of part: String) -> Int { ranges(of: part).count }
}
