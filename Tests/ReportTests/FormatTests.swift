import Display
import Foundation
import Notebook
import Record
import Report
import ReportSamples
import Testing

@Suite("Other formats")
struct FormatTests {
  private static let source = """
    ---
    title: T
    ---
    Before, `{swift} n` things.

    ```swift
    print(1)
    ```

    After.
    """

  private static let notebook: Notebook = {
    let range = SourceRange(SourceLocation(line: 6, column: 1), SourceLocation(line: 8, column: 4))
    let value = SourceRange(SourceLocation(line: 4, column: 9), SourceLocation(line: 4, column: 20))
    return Notebook(
      path: "t.md",
      source: source,
      frontMatter: FrontMatter(title: "T"),
      cells: [Cell(index: 0, code: "print(1)", line: 7, range: range)],
      expressions: [InlineExpression(index: 0, code: "n", range: value)]
    )
  }()

  private static let record = RunRecord(
    cells: [
      CellResult(items: [
        .standardOutput("1\n"), .output(.figure(SampleOutput.plot())), .output(.table(SampleOutput.table(rows: 2))),
        .output(.claim(SampleOutput.claim("gain", .reproduced))), .output(.audio(SampleOutput.audio("clip"))),
      ])
    ],
    expressions: [.value(text: "12", machine: "12")]
  )

  @Test("Markdown keeps the author's text and puts the results into their places")
  func markdown() throws {
    let files = MarkdownWriter().write(Self.notebook, Self.record, slug: "t")
    #expect(files.map(\.path) == ["t/README.md", "t/README_files/cell-1.png", "t/README_files/cell-1-4.wav"])
    let text = String(decoding: files[0].bytes, as: UTF8.self)
    #expect(
      text.contains("Before, 12 things.\n\n```swift\nprint(1)\n```\n\n```text\n1\n```\n\n![Line plot of test error")
    )
    #expect(text.contains("| method | error | time (ms) | steps |\n| --- | ---: | ---: | ---: |\n"))
    #expect(text.contains("| Separation improves"))
    #expect(text.hasSuffix("After.\n"))
  }

  @Test("a Jupyter notebook holds cells with their outputs")
  func jupyter() throws {
    let file = JupyterWriter().write(Self.notebook, Self.record, slug: "t")
    let value = try #require(try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any])
    #expect(value["nbformat"] as? Int == 4)
    let cells = try #require(value["cells"] as? [[String: Any]])
    #expect(cells.map { $0["cell_type"] as? String } == ["markdown", "markdown", "code", "markdown"])
    let outputs = try #require(cells[2]["outputs"] as? [[String: Any]])
    #expect(
      outputs.map { $0["output_type"] as? String } == [
        "stream", "display_data", "display_data", "display_data", "display_data",
      ]
    )
    #expect((outputs[1]["data"] as? [String: Any])?["image/png"] != nil)
  }

  @Test("the record as JSON holds every output")
  func json() throws {
    let file = RecordWriter().write(KitchenSink.notebook, KitchenSink.record, slug: "k")
    let value = try #require(try JSONSerialization.jsonObject(with: Data(file.bytes)) as? [String: Any])
    #expect((value["cells"] as? [Any])?.count == KitchenSink.record.cells.count)
    #expect((value["claims"] as? [Any])?.count == 5)
  }

  @Test("a back-tick fence is longer than any in the text")
  func fences() {
    var notebook = Self.notebook
    notebook.cells[0].code = "let a = \"\"\"\n````\n\"\"\""
    let text = String(decoding: MarkdownWriter().write(notebook, Self.record, slug: "t")[0].bytes, as: UTF8.self)
    #expect(text.contains("`````swift\n"))
  }

  @Test(
    "a page is printed to PDF where a browser is installed",
    .enabled(if: (try? PDFWriter()) != nil),
    .timeLimit(.minutes(2))
  )
  func prints() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pdf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let report = try KitchenSinkTests.render { $0.isSelfContained = true }
    let page = folder.appendingPathComponent("page.html")
    let pdf = folder.appendingPathComponent("page.pdf")
    try Data(report.html.utf8).write(to: page)
    try PDFWriter().print(page, to: pdf)
    #expect(try Data(contentsOf: pdf).starts(with: Array("%PDF".utf8)))
  }

  @Test("PDF without a browser names the package to install")
  func pdf() {
    let failure = #expect(throws: PDFWriter.Failure.self) { try PDFWriter(environment: ["PATH": "/nowhere"]) }
    #expect(failure?.description.contains("install the package 'chromium'") == true)
  }
}

@Suite("CSV")
struct CSVTests {
  @Test("fields are quoted where they must be, numbers are whole")
  func writes() {
    let table = TableOutput(columns: [
      TableColumn("a,\"b\"", unit: "s", values: .texts(["x\ny", nil, "plain"])),
      TableColumn("n", values: .numbers([1, .nan, 0.1])), TableColumn("f", values: .flags([true, false, true])),
    ])
    #expect(
      String(decoding: CSV.bytes(table), as: UTF8.self)
        == "\"a,\"\"b\"\" (s)\",n,f\n\"x\ny\",1,true\n,,false\nplain,0.1,true\n"
    )
  }
}
