import Display
import Plots
import Testing

@Suite("Alt texts and data tables")
struct DescriptionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var figure: @Sendable () -> Figure
    var testDescription: String { text }
  }

  static let cases = [
    Case(
      text: "Line plot of loss in nat over epoch 0 to 4, 2 series (train, test): train falls from 2.3 to 0.11; "
        + "test falls from 2.31 to 0.42, lowest 0.3 at 3."
    ) {
      Figure {
        Line([0, 1, 2, 3, 4], [2.3, 1, 0.5, 0.2, 0.11]).label("train")
        Line([0, 1, 2, 3, 4], [2.31, 1.2, 0.6, 0.3, 0.42]).label("test")
      }.xAxis("epoch").yAxis("loss", unit: "nat")
    },
    Case(text: "Line plot over x 1 to 3: stays at 2.") { Figure { Line([1, 2, 3], [2, 2, 2]) } },
    Case(text: "Bar chart of accuracy in % over 2 values of data set: Cora 81.5, PubMed 79.") {
      Figure { Bars(["Cora", "PubMed"], [81.5, 79]) }.xAxis("data set").yAxis("accuracy", unit: "%")
    },
    Case(text: "Scatter plot over x 1 to 4: 4 points, correlation 1.00.") {
      Figure { Points([1, 2, 3, 4], [2, 4, 6, 8]) }
    },
    Case(
      text:
        "Heat map over x −0.5 to 1.5: 2 × 2 cells, 1 missing; values from 1 at (row 0, column 0) to 3 at (row 1, column 0)."
    ) {
      Figure { Heatmap([[1, 2], [3, Double.nan]]) }
    },
    Case(text: "Histogram of count over delay 1 to 3 ms: 3 values from 1 to 3, mean 2, standard deviation 1.") {
      Figure { Histogram([1, 2, 3], bins: 2) }.xAxis("delay", unit: "ms").yAxis("count")
    },
  ]

  @Test("the text tells kind, axes, series and their course", arguments: cases)
  func texts(_ test: Case) throws {
    #expect(try test.figure().drawn().altText == test.text)
  }

  @Test("many series are cut with a count of what is left out")
  func many() throws {
    let figure = Figure { for k in 0..<30 { Line([0, 1], [0, Double(k)]).label("series number \(k)") } }
    let text = try figure.drawn().altText
    #expect(text.count <= 300)
    #expect(text.contains("30 series") && text.contains("and others") && text.hasSuffix("more."))
  }

  @Test("axes of numbers without a name are told; names along an axis speak for themselves")
  func unnamedAxes() throws {
    #expect(try Figure { Line([0, 1], [0, 1]) }.drawn().unnamedAxes == ["x", "y"])
    #expect(try Figure { Line([0, 1], [0, 1]) }.xAxis("time").yAxis(unit: "m").drawn().unnamedAxes == [])
    #expect(try Figure { Bars(["a", "b"], [1, 2]) }.yAxis("count").drawn().unnamedAxes == [])
    #expect(try Figure { Line([0, 1], [0, 1]) }.withoutAxes().drawn().unnamedAxes == [])
    let grid = Grid(columns: 2) {
      Figure { Line([0, 1], [0, 1]) }.xAxis("a").yAxis("b")
      Figure { Line([0, 1], [0, 1]) }.yAxis("b")
    }
    #expect(try grid.drawn().unnamedAxes == ["x of panel (b)"])
  }

  @Test("a published series is black, dashed and crossed, takes no place in the cycle, and says where it is from")
  func published() throws {
    let figure = Figure {
      Line([1, 2], [3, 4]).published("Table 2")
      Points([1, 2], [3, 5]).published("Fig. 3", digitized: true)
      Line([1, 2], [3, 6]).label("here")
    }.xAxis("size").yAxis("score", unit: "dB")
    let styles = SeriesAssignment.styles(for: figure.marks)
    #expect(styles.map(\.color) == [.ink, .ink, .blue])
    #expect(styles.map(\.dash)[0] == .dashed && styles.map(\.marker)[1] == .cross)
    let names = try figure.drawn().data.flatMap { $0.columns.map(\.name) }
    #expect(names == ["size", "published (Table 2)", "published (Fig. 3, digitized)", "here"])
  }

  @Test("series over the same places become one table")
  func wide() throws {
    let output = try Figure {
      Line([1, 2], [3, 4]).label("a")
      Line([1, 2], [5, 6]).label("b")
      Points([7, 8, 9], [1, 2, 3]).label("c")
    }.xAxis("time", unit: "s").yAxis("level", unit: "m").drawn()
    #expect(output.data.map { $0.columns.map(\.name) } == [["time", "a", "b"], ["time", "c"]])
    #expect(output.data[0].columns.map(\.unit) == ["s", "m", "m"])
    #expect(output.data[0].columns[2].values == .numbers([5, 6]))
  }

  @Test("long data are cut at 100 000 rows with a note")
  func capped() throws {
    let output = try Figure { Line(0..<100_500, (0..<100_500).map { Double($0 % 100) }).label("noise") }.drawn()
    #expect(output.data[0].rowCount == 100_000)
    #expect(output.data[0].title == "noise, first 100000 of 100500 rows")
  }

  @Test("a small matrix stays a matrix, a wide one becomes one line for each cell")
  func matrices() throws {
    let small = try Figure { Heatmap([[1, 2], [3, 4]], rows: ["r", "s"], columns: ["c", "d"]) }.drawn().data[0]
    #expect(small.columns.map(\.name) == ["y", "c", "d"] && small.rowCount == 2)
    let wide = try Figure { Heatmap([[Int](0..<30), [Int](30..<60)]) }.drawn().data[0]
    #expect(wide.columns.count == 3 && wide.rowCount == 60)
  }

  @Test("errors stand beside their values")
  func errors() throws {
    let table = try Figure { Bars(["a"], [1.0], errors: [0.2]).label("score") }.drawn().data[0]
    #expect(table.columns.map(\.name) == ["x", "score", "±"])
  }
}
