import Foundation
import Testing

@Suite("Formats of a report")
struct FormatTests {
  static let notebook = """
    # Formats

    Text with `{swift} 2 + 3` in it.

    ```swift
    //| label: fig-line
    //| caption: A line.
    Figure { Line([0, 1, 2], [0, 1, 4]) }.xAxis("x").yAxis("y")
    ```
    """

  @Test("Markdown, Jupyter and JSON land beside the page, and stay there while nothing changes")
  func formats() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.notebook])
    let run = try place.run("render", "--format", "markdown,ipynb,json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(place.text("Output/n/README.md").contains("Text with 5 in it."))
    #expect(place.text("Output/n/README.md").contains("](README_files/fig-line.png)"))
    #expect(place.has("Output/n/README_files/fig-line.png"))
    #expect(place.has("Output/n/index.html"))
    #expect(place.text("Output/n/n.md") == Self.notebook)
    let jupyter = try #require(place.data("Output/n/n.ipynb"))
    let root = try #require(try JSONSerialization.jsonObject(with: jupyter) as? [String: Any])
    #expect(root["nbformat"] as? Int == 4)
    let record = try #require(place.data("Output/n/record.json"))
    #expect(try JSONSerialization.jsonObject(with: record) is [String: Any])
    #expect(try place.run("render", "--format", "markdown,ipynb,json").output.contains("unchanged"))
    #expect(try place.run("check").status == 0)
  }

  @Test(
    "an unknown format is named with the nearest one",
    arguments: [
      ("html,markdwn", "unknown format 'markdwn'; did you mean 'markdown'?"), ("", "unknown format ''"),
      ("docx", "unknown format 'docx' (known: html, markdown, ipynb, json, pdf)"),
    ]
  )
  func unknown(_ list: String, _ message: String) throws {
    let place = try CommandRun.Place(["Notebooks/n.md": "# T\n"])
    let run = try place.run("render", "--format", list)
    #expect(run.status == 2)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(!place.has("Output"))
  }

  @Test("without a browser the print is missing, and everything else is there")
  func noBrowser() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": "# T\n\nText.\n"])
    let run = try place.run("render", "--format", "json,pdf", environment: ["OFFPRINT_CHROMIUM": "/none/chromium"])
    #expect(run.status == 2)
    #expect(run.errors.contains("Notebooks/n.md: error: no Chromium found for PDF output; install the package"))
    #expect(place.has("Output/n/index.html"))
    #expect(place.has("Output/n/record.json"))
    #expect(place.has("Output/index.html"))
    let again = try place.run("render", "--format", "json,pdf", environment: ["OFFPRINT_CHROMIUM": "/none/chromium"])
    #expect(again.status == 2)
  }

  static let browser = ["/usr/bin/chromium", "/usr/bin/google-chrome"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test("a browser prints the page", .enabled(if: browser != nil), .timeLimit(.minutes(3)))
  func print() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": "# T\n\nText.\n"])
    let run = try place.run("render", "--format", "pdf", environment: ["OFFPRINT_CHROMIUM": Self.browser ?? ""])
    #expect(run.status == 0, "\(run.errors)")
    #expect(place.data("Output/n/n.pdf")?.prefix(5) == Data("%PDF-".utf8))
  }

  @Test("a page that holds everything refers to no file")
  func selfContained() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.notebook])
    #expect(try place.run("render", "--self-contained").status == 0)
    let page = place.text("Output/n/index.html")
    #expect(page.contains("src=\"data:image/svg+xml;base64,"))
    #expect(!page.contains("fig-line.svg"))
    #expect(!place.has("Output/n/fig-line.svg"))
    #expect(try place.run("check").status == 0)
  }

  @Test("what is a warning else is an error where --strict is given")
  func strict() throws {
    let notebook = "# T\n\n```swift\n//| alt: Too short.\nFigure { Line([0, 1], [0, 1]) }\n```\n"
    let place = try CommandRun.Place(["Notebooks/n.md": notebook])
    let lax = try place.run("render")
    #expect(lax.status == 0)
    #expect(lax.errors.contains("Notebooks/n.md:4:10: warning: text alternative of Figure 1 says too little"))
    let strict = try place.run("render", "--strict")
    #expect(strict.status == 1)
    #expect(strict.errors.contains("error: text alternative of Figure 1 says too little"))
  }
}
