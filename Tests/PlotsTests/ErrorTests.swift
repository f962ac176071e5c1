import Plots
import Testing

@Suite("Errors of figures")
struct ErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var id: String
    var text: String
    var figure: @Sendable () -> Figure
    var testDescription: String { id }
  }

  static let cases = [
    Case(id: "no marks", text: "figure 'Loss' has no marks; add one, such as Line(x, y)") { Figure("Loss") {} },
    Case(id: "lengths", text: "Line 'a': x has 3 values and y has 2; both must have the same length") {
      Figure { Line([1, 2, 3], [1, 2]).label("a") }
    },
    Case(id: "no data", text: "Points has no data; expected at least one value") {
      Figure { Points([Double](), [Double]()) }
    },
    Case(id: "only NaN", text: "Line: none of its 2 values is finite; expected at least one number") {
      Figure { Line([1, 2], [Double.nan, .infinity]) }
    },
    Case(
      id: "negative on log",
      text: "y axis is logarithmic, but no value is above zero; use scale: .linear or .symmetricLog(threshold:)"
    ) { Figure { Line([1, 2], [-1.0, 0]) }.yAxis(scale: .logarithmic) },
    Case(
      id: "range on log",
      text: "x axis: range 0.0...2.0 cannot be drawn; expected two different, finite bounds above zero"
    ) { Figure { Line([1, 2], [1, 2]) }.xAxis(scale: .logarithmic, range: 0...2) },
    Case(id: "empty range", text: "y axis: range 3.0...3.0 cannot be drawn; expected two different, finite bounds") {
      Figure { Line([1, 2], [1, 2]) }.yAxis(range: 3...3)
    },
    Case(
      id: "names and numbers",
      text: "x axis gets names from one mark and numbers from another; give all marks names or all numbers"
    ) {
      Figure {
        Bars(["a", "b"], [1, 2])
        Line([1, 2], [1, 2])
      }
    },
    Case(id: "uneven matrix", text: "Heatmap: expected 2 values in each row, got 1") {
      Figure { Heatmap([[1, 2], [3]]) }
    },
    Case(id: "names of rows", text: "Heatmap: expected 1 names of rows, got 2") {
      Figure { Heatmap([[1, 2]], rows: ["a", "b"]) }
    },
    Case(id: "size", text: "a figure of 10 × 400 px cannot be drawn; each side must be 40 to 8000 px") {
      Figure { Line([1, 2], [1, 2]) }.size(width: 10, height: 400)
    },
    Case(id: "errors", text: "ErrorBars: y has 2 values and errors has 1; both must have the same length") {
      Figure { ErrorBars([1, 2], [1, 2], errors: [1]) }
    },
    Case(id: "beyond all axes", text: "Line: none of its 2 values is finite; expected at least one number") {
      Figure { Line([1, 2], [1e305, -1e305]) }
    },
    Case(id: "no numbers to count", text: "Histogram: none of its 1 values is finite; expected at least one number") {
      Figure { Histogram([Double.nan]) }
    },
  ]

  @Test("what cannot be drawn is said with cause and remedy", arguments: cases)
  func texts(_ test: Case) {
    let error = #expect(throws: PlotError.self) { try test.figure().drawn() }
    #expect(error?.description == test.text)
  }

  @Test("a missing font names the packages to install")
  func font() {
    let text = PlotError.fontMissing(searched: ["/a.ttf"]).description
    #expect(
      text == "no font to draw text with; install the package fonts-inter or fonts-dejavu-core (searched: /a.ttf)"
    )
  }
}
