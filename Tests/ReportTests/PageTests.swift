import Display
import Foundation
import Notebook
import Record
import Report
import ReportSamples
import Testing

/// A page from a few blocks and cells.
struct PageUnderTest {
  var front = FrontMatter(title: "Test")
  var blocks: [Block] = []
  var cells: [Cell] = []
  var results: [CellResult] = []
  var expressions: [InlineExpression] = []
  var values: [ExpressionResult] = []
  var footnotes: [Footnote] = []
  var options = ReportOptions()
  var files: [String: [UInt8]] = [:]
  var source = ""

  mutating func add(
    _ items: CellResult.Item...,
    label: String? = nil,
    code: String? = nil,
    change: (inout CellOptions) -> Void = { _ in }
  ) {
    var options = CellOptions()
    options.label = label
    change(&options)
    let index = cells.count
    cells.append(
      Cell(
        index: index,
        code: code ?? "let x = \(index)",
        line: 10 * index + 10,
        options: options,
        range: at(10 * index + 8)
      )
    )
    results.append(CellResult(items: items))
    blocks.append(cellBlock(index))
  }

  func render() throws -> RenderedReport {
    let notebook = Notebook(
      path: "test.md",
      source: source,
      frontMatter: front,
      blocks: blocks,
      cells: cells,
      expressions: expressions,
      footnotes: footnotes
    )
    let record = RunRecord(cells: results, expressions: values)
    let writer = try ReportWriter(options: options, math: MathRenderer(), parseMarkdown: parseSampleMarkdown)
    return writer.write(notebook, record, slug: "test") { files[$0] }
  }
}

extension RenderedReport {
  /// The article alone: the frame around it is the same on every page.
  var article: String {
    guard let start = html.range(of: "<article>"), let end = html.range(of: "</article>") else { return html }
    return String(html[start.upperBound..<end.lowerBound])
  }

  var messages: [String] { diagnostics.map { "\($0.range?.start.line ?? 0) \($0.severity.rawValue): \($0.message)" } }
}

@Suite("References in a page")
struct ReferencePageTests {
  @Test("numbers follow the order of the text, and references point both ways")
  func numbers() throws {
    var page = PageUnderTest()
    page.blocks = [paragraph(ref("fig-b"), text(" and "), ref("fig-a"), text(" and "), ref("tbl-t"))]
    page.add(.output(.figure(SampleOutput.plot())), label: "fig-a")
    page.add(.output(.figure(SampleOutput.plot())), label: "fig-b")
    page.add(.output(.table(SampleOutput.table(rows: 3))), label: "tbl-t")
    let html = try page.render().article
    #expect(
      html.contains("<a class=\"ref\" href=\"#fig-b\">Figure 2</a> and <a class=\"ref\" href=\"#fig-a\">Figure 1</a>")
    )
    #expect(html.contains("<a class=\"ref\" href=\"#tbl-t\">Table 1</a>"))
  }

  @Test("a reference to nothing is an error at its line, with the nearest label")
  func dangling() throws {
    var page = PageUnderTest()
    page.blocks = [paragraph(ref("fig-los", line: 7))]
    page.add(.output(.figure(SampleOutput.plot())), label: "fig-loss")
    let report = try page.render()
    #expect(report.messages == ["7 error: reference to '@fig-los', but nothing has that label"])
    #expect(report.diagnostics[0].remedy == "Did you mean '@fig-loss'?")
  }

  @Test("an unknown citation is an error with the nearest key")
  func citation() throws {
    var page = PageUnderTest()
    page.front.bibliography = ["a.bib", "missing.bib"]
    page.files["a.bib"] = Array(KitchenSink.bibliography.utf8)
    page.blocks = [paragraph(cite("lovelace1834"), cite("lovelace1843", suffix: "p. 7"))]
    let report = try page.render()
    #expect(
      report.messages == [
        "0 error: bibliography 'missing.bib' cannot be read",
        "1 error: citation of 'lovelace1834', which no bibliography file holds",
      ]
    )
    #expect(report.article.contains("[<a role=\"doc-biblioref\" id=\"cite-2\" href=\"#ref-2\">2</a>, p. 7]"))
  }

  @Test("too few subcaptions are an error at their own line")
  func subcaptions() throws {
    var page = PageUnderTest()
    page.add(.output(.figure(SampleOutput.plot())), .output(.figure(SampleOutput.plot())), label: "fig-x") {
      $0.subcaptions = ["only one"]
      $0.ranges["subcaptions"] = at(9, 5)
    }
    #expect(try page.render().messages == ["9 error: 2 subcaptions expected, one for each panel; 1 found"])
  }

  @Test("names of sections do not depend on other sections")
  func sections() throws {
    var page = PageUnderTest()
    page.blocks = [heading(1, "One"), heading(3, "Two"), heading(2, "One")]
    let html = try page.render().article
    #expect(html.contains("<section id=\"one\" aria-labelledby=\"one-h\">\n<h2 id=\"one-h\">"))
    #expect(html.contains("<h3 id=\"two-h\">"))
    #expect(html.contains("<section id=\"one-2\">\n<h3 id=\"one-2-h\">"))
  }

  @Test("a first heading that repeats the title is left out")
  func title() throws {
    var page = PageUnderTest()
    page.blocks = [heading(1, "Test"), heading(2, "Next")]
    #expect(try page.render().html.components(separatedBy: "<h1").count == 2)
    #expect(try page.render().article.contains("<h2 id=\"next-h\">"))
  }
}

@Suite("Outputs in a page")
struct OutputPageTests {
  @Test("a long table shows its ends, and all of it stands in a file")
  func longTable() throws {
    var page = PageUnderTest()
    page.add(.output(.table(SampleOutput.table(rows: 120))), label: "tbl-long")
    let report = try page.render()
    #expect(report.article.contains("… 95 rows more"))
    #expect(report.article.components(separatedBy: "class=\"nw\">method ").count == 1 + 25)
    let csv = try #require(report.files.first { $0.path == "test/tbl-long.csv" })
    #expect(String(decoding: csv.bytes, as: UTF8.self).split(separator: "\n").count == 121)
  }

  @Test("names of rows that stay on one line count whole where a table may be wider than a phone")
  func rowNames() throws {
    func page(_ names: [String]) throws -> String {
      var page = PageUnderTest()
      let columns = [
        TableColumn("grid", values: .texts(names), isRowLabel: true),
        TableColumn("one", values: .texts(["stalls", "stalls"])),
        TableColumn("other", values: .texts(["stalls", "stalls"])),
      ]
      page.add(.output(.table(TableOutput(columns: columns))), label: "tbl-names")
      return try page.render().article
    }
    #expect(try page(["32, box, noise", "64, disk, blobs"]).contains("role=\"region\" aria-labelledby=\"tbl-names"))
    #expect(try !page(["box", "disk"]).contains("role=\"region\" aria-labelledby=\"tbl-names"))
  }

  @Test("a table of a million rows stays small on the page")
  func hugeTable() throws {
    var page = PageUnderTest()
    let column = TableColumn("n", values: .integers(Array(0..<1_000_000)))
    page.add(.output(.table(TableOutput(columns: [column], showsAllRows: true))))
    let report = try page.render()
    #expect(report.article.utf8.count < 20_000)
    #expect(report.article.contains("(1\u{202F}000\u{202F}000 rows)"))
  }

  @Test("numbers are aligned at their points and the best one is named")
  func numbers() throws {
    var page = PageUnderTest()
    let column = TableColumn("error", unit: "dB", values: .numbers([1.5, .nan, -12.25]), best: .lowest)
    let names = TableColumn("run", values: .texts(["a", "b", "c"]))
    page.add(.output(.table(TableOutput(columns: [names, column]))))
    let html = try page.render().article
    #expect(html.contains("<th scope=\"col\" class=\"num\">error <span class=\"unit\">(dB)</span></th>"))
    #expect(html.contains("<td class=\"num\">1.5\u{2007}</td>"))
    #expect(html.contains("<td class=\"num\">–<span class=\"vh\"> not available</span></td>"))
    #expect(html.contains("<b>\u{2212}12.25</b><span class=\"vh\"> (best)</span>"))
  }

  @Test("a table of numbers alone says so once")
  func numbersAlone() throws {
    var page = PageUnderTest()
    page.add(.output(.table(TableOutput(columns: [TableColumn("n", [1, 2]), TableColumn("square", [1, 4])]))))
    let html = try page.render().article
    #expect(html.contains("<table class=\"nums\">"))
    #expect(html.contains("<tr><td>2</td><td>4</td></tr>"))
  }

  @Test("tables of one figure have names of their own")
  func dataNames() throws {
    var page = PageUnderTest()
    var plot = SampleOutput.plot()
    plot.data = [1, 2].map { TableOutput(columns: [TableColumn("n", [$0])]) }
    page.add(.output(.figure(plot)), label: "fig-a")
    let report = try page.render()
    let names = report.html.matches(of: #/<caption id="data-\d+">([^<]*)/#).map { String($0.1) }
    #expect(names == ["Figure 1", "Figure 1, table 2"])
    #expect(report.html.contains("<li>Figure 1: <a href=\"fig-a-1.csv\">fig-a-1.csv</a>, <a href=\"fig-a-2.csv\">"))
  }

  @Test("the smaller file is played, the WAV file is there to be taken; one file holds the smaller one only")
  func listening() throws {
    var page = PageUnderTest()
    var clip = SampleOutput.audio("Tone")
    clip.flac = [1, 2, 3]
    page.add(.output(.audio(clip)), label: "aud-a")
    let html = try page.render().article
    #expect(html.contains("src=\"aud-a.flac\" aria-label=\"Tone\""))
    #expect(html.contains("<a class=\"wav\" href=\"aud-a.wav\" aria-label=\"Tone as a WAV file\">WAV</a>"))
    page.options.isSelfContained = true
    let whole = try page.render().article
    #expect(whole.contains("src=\"data:audio/flac;base64,AQID\"") && !whole.contains("audio/wav"))
  }

  @Test("a plot of too many marks for a vector form has a picture for each mode")
  func darkPicture() throws {
    var page = PageUnderTest()
    var plot = SampleOutput.plot()
    (plot.svg, plot.darkPNG) = ("", plot.png)
    page.options.figurePalette = FigureColors(light: "a", dark: "b")
    page.add(.output(.figure(plot)), label: "fig-a")
    #expect(
      try page.render().article.contains(
        "(prefers-color-scheme: dark)\" srcset=\"fig-a-dark.png\"><img src=\"fig-a.png\""
      )
    )
  }

  @Test("cells of up to 20 lines stay together on paper", arguments: [(20, true), (21, false)])
  func unbroken(lines: Int, isWhole: Bool) throws {
    var page = PageUnderTest()
    page.add(
      .standardOutput("x"),
      label: "long",
      code: [String](repeating: "let _ = 1", count: lines).joined(separator: "\n")
    )
    #expect(try page.render().article.contains("<div class=\"code whole\">") == isWhole)
  }

  @Test("clips of one comparison stand in a table that tells their loudness")
  func comparison() throws {
    var page = PageUnderTest()
    let clips = ["A / in", "A / out"].map { title -> Output in
      var clip = SampleOutput.audio(title)
      clip.loudness = -23
      return .audio(clip)
    }
    page.add(.output(.group(clips)), label: "aud-a")
    let html = try page.render().article
    #expect(html.contains("<th scope=\"col\">out</th>"))
    #expect(html.contains("All clips are equally loud: \u{2212}23.0\u{A0}LUFS"))
    #expect(html.components(separatedBy: "<summary>Waveforms and spectrograms</summary>").count <= 2)
  }

  @Test("printed text is cut in the middle, and a line without end at its end")
  func longText() throws {
    var page = PageUnderTest()
    page.add(.standardOutput((1...100).map { "line \($0)" }.joined(separator: "\n")), label: "many")
    page.add(.standardOutput(String(repeating: "x", count: 1_000_000)), label: "one")
    let report = try page.render()
    #expect(report.article.contains("line 20\n… 70 lines more …\nline 91"))
    #expect(report.article.contains("… (line cut)"))
    #expect(report.article.utf8.count < 20_000)
    #expect(report.files.contains { $0.path == "test/many-output.txt" })
  }

  @Test("a figure has its drawing for light and dark, its picture, its data and its text")
  func figure() throws {
    var page = PageUnderTest()
    page.options.figurePalette = SampleOutput.colors
    page.add(.output(.figure(SampleOutput.plot())), label: "fig-a") { $0.caption = "Of *one* seed." }
    let report = try page.render()
    #expect(
      report.files.map(\.path).filter { $0.contains("fig-a") }.sorted()
        == ["test/fig-a-dark.svg", "test/fig-a.csv", "test/fig-a.png", "test/fig-a.svg"]
    )
    #expect(report.article.contains("Figure 1.</a> Of <em>one</em> seed.</figcaption>"))
    #expect(report.article.contains("width=\"640\" height=\"360\""))
    let dark = try #require(report.files.first { $0.path == "test/fig-a-dark.svg" })
    #expect(String(decoding: dark.bytes, as: UTF8.self).contains(SampleOutput.colors.dark))
  }

  @Test("a drawing too large for SVG is shown as pixels on white")
  func raster() throws {
    var page = PageUnderTest()
    var figure = SampleOutput.plot(rows: 1_000)
    figure.svg = ""
    page.add(.output(.figure(figure)), label: "fig-a")
    let html = try page.render().article
    #expect(html.contains("<img src=\"fig-a.png\""))
    #expect(html.contains("class=\"mat\""))
    #expect(
      html.contains("<th scope=\"row\">test error <span class=\"unit\">(nat)</span></th><td class=\"num\">1000</td>")
    )
  }

  @Test("a figure whose axes say nothing is warned about, and refused under strict")
  func axes() throws {
    var page = PageUnderTest()
    var plot = SampleOutput.plot()
    plot.unnamedAxes = ["x", "y of panel (b)"]
    page.add(.output(.figure(plot)), label: "fig-a")
    #expect(try page.render().messages == ["8 warning: Figure 1 has axes without a name: x, y of panel (b)"])
    page.options.isStrict = true
    #expect(try page.render().diagnostics[0].severity == .error)
  }

  @Test("a figure without a text alternative is warned about, and refused under strict")
  func altText() throws {
    var page = PageUnderTest()
    page.add(.output(.figure(SampleOutput.plot(alt: "plot"))), label: "fig-a")
    #expect(try page.render().messages == ["8 warning: text alternative of Figure 1 says too little: 'plot'"])
    page.options.isStrict = true
    #expect(try page.render().diagnostics[0].severity == .error)
  }

  @Test("a picture of 20,000 pixels is shown at the size of a page")
  func wide() throws {
    var page = PageUnderTest()
    var picture = SampleOutput.picture()
    picture.width = 20_000
    picture.height = 10_000
    page.add(.output(.picture(picture)), label: "fig-a")
    #expect(try page.render().article.contains("width=\"1600\" height=\"800\""))
  }

  @Test("everything lies inside a self-contained page")
  func selfContained() throws {
    let report = try KitchenSinkTests.render { $0.isSelfContained = true }
    #expect(
      report.files.map(\.path) == [
        "kitchen-sink/index.html", "kitchen-sink/report.json", "kitchen-sink/kitchen-sink.md",
      ]
    )
    for attribute in ["src=\"", "srcset=\""] {
      for part in report.article.components(separatedBy: attribute).dropFirst() { #expect(part.hasPrefix("data:")) }
    }
    #expect(!report.article.contains(".csv\""))
  }

  @Test("times stay out of the page unless they are asked for")
  func times() throws {
    #expect(try !KitchenSinkTests.render().article.contains("12 ms"))
    #expect(try KitchenSinkTests.render { $0.showsTimes = true }.article.contains("12 ms"))
  }
}

@Suite("What went wrong, in a page")
struct FailurePageTests {
  @Test("a failure stands in its place, with its line, and the top of the page leads there")
  func failure() throws {
    let html = try KitchenSinkTests.render().article
    #expect(
      html.contains(
        "<p class=\"banner\"><b>Incomplete:</b> <a href=\"#cell-broken\">1 of 10 cells failed</a>; 1 not run.</p>"
      )
    )
    #expect(
      html.contains("<a href=\"#cell-broken\"><code>kitchen-sink.md:78:6</code></a> error: index 12 is out of range")
    )
    #expect(html.contains("<p class=\"notice\"><b>Not run.</b> cell 'broken'"))
  }

  @Test("the caret stands under the column, tabs included")
  func caret() throws {
    var page = PageUnderTest()
    page.source = "a\n\tlet x = y\n"
    page.add()
    let diagnostic = Diagnostic(.error, file: "dir/test.md", range: at(2, 10), "cannot find 'y' in scope")
    page.results[0].status = .failed(Failure(kind: .compilation, diagnostics: [diagnostic]))
    let html = try page.render().article
    #expect(html.contains("<pre tabindex=\"0\">\tlet x = y\n\t        ^</pre>"))
    #expect(html.contains("<code>test.md:2:10</code>"))
  }

  @Test("an expected failure is said to be one and does not make the page incomplete")
  func expected() throws {
    var page = PageUnderTest()
    page.add { $0.allowsError = true }
    page.results[0].status = .failed(Failure(kind: .thrownError, diagnostics: [Diagnostic(.error, file: "t.md", "no")]))
    let html = try page.render().article
    #expect(html.contains("Expected failure: This cell threw an error"))
    #expect(!html.contains("Incomplete"))
  }

  @Test("a value that could not be computed shows its source")
  func value() throws {
    var page = PageUnderTest()
    page.expressions = [InlineExpression(index: 0, code: "a < b", range: at(3))]
    page.values = [.failed(Diagnostic(.error, file: "t.md", "no such thing"))]
    page.blocks = [paragraph(ReportSamples.value(0))]
    let html = try page.render().article
    #expect(html.contains("<code>a &lt; b</code><span class=\"vh\"> (failed: no such thing)</span>"))
    #expect(html.contains("1 value in the text could not be computed"))
  }
}

@Suite("Numbers in prose")
struct ContradictionTests {
  private func messages(_ content: [Inline], value: String = "92.7 %") throws -> [String] {
    var page = PageUnderTest()
    page.expressions = [InlineExpression(index: 0, code: "accuracy", range: at(4))]
    page.values = [.value(text: value, machine: "0.9271")]
    page.add(.output(.claim(SampleOutput.claim("gain", .reproduced))))
    page.blocks.append(Block(.paragraph(content), range: at(4)))
    return try page.render().diagnostics.map {
      "\($0.range?.start.line ?? 0):\($0.range?.start.column ?? 0) \($0.message)"
    }
  }

  @Test("a typed number beside a computed one must be that one, rounded")
  func contradicts() throws {
    #expect(
      try messages([text("It is 93.1 % here: ", line: 4, column: 3), value(0)])
        == ["4:9 '93.1 %' is typed here; `accuracy` gives 92.7 %"]
    )
    #expect(
      try messages([text("It gains 12.9 dB, see "), ref("claim-gain")])
        == ["1:10 '12.9 dB' is typed here; claim 'gain' gives 12.74\u{A0}±\u{A0}0.31\u{A0}dB (5\u{A0}runs)"]
    )
  }

  @Test(
    "numbers of other kinds are left alone",
    arguments: [
      "It is 92.7 %: ", "It is 93 %: ", "In 92 runs: ", "It is 93.1 dB: ", "It took 1.5 %: ", "See Table 9: ",
      "x9.31 %: ",
    ]
  )
  func agrees(_ words: String) throws { #expect(try messages([text(words), value(0)]).isEmpty) }

  @Test("the paper's own number may stand beside ours")
  func paper() throws {
    #expect(try messages([text("The paper has 15.3 dB, we have 12.7 dB: "), ref("claim-gain")]).isEmpty)
  }
}
