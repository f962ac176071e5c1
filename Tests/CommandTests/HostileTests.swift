import Foundation
import Testing

@Suite("Hostile notebooks through the real command")
struct HostileCommandTests {
  static let prose = """
    ---
    title: "<script>alert(1)</script> & \\"quotes\\""
    tags: ["<b>", "../../etc"]
    ---

    # <img src=x onerror=alert(1)>

    [link](javascript:alert(1)) [data](data:text/html,x) <a href="javascript:alert(1)" onclick="alert(1)">raw</a>
    <span lang="de" onclick="alert(1)">Wort</span> <span style="position:fixed">over</span> <script>alert(1)</script>

    <div onmouseover="alert(1)"><iframe src="https://example.org"></iframe><form action="x"><input></form>text</div>

    <svg onload="alert(1)"><script>alert(1)</script></svg>

    ## Clobbered {#location}

    ## Größe und Maß {#größe}

    See @sec-größe, and right to left: \u{202E}abc\u{202C}.

    `code \u{202E}reversed`

    \(String(repeating: "> ", count: 40))deep

    \((0..<40).map { String(repeating: "  ", count: $0) + "- item \($0)" }.joined(separator: "\n"))

    \(String(repeating: "x", count: 1_000_000))

    """

  static let outputs = """

    ```swift
    //| label: fig-größe
    //| caption: "A caption with <b onclick=alert(1)>markup</b>, *emphasis* and </figcaption><script>alert(1)</script>"
    //| alt: "\\"><script>alert(1)</script> a line that rises from left to right"
    Figure { Line([0, 1], [0, 1]).label("</svg><script>alert(1)</script>") }.xAxis("x\\"><script>").yAxis("y")
    ```

    ```swift
    print(String(repeating: "y", count: 1_000_000))
    print("</pre><script>alert(1)</script>\\u{202E}")
    HTML("<p onclick='alert(1)'>text<script>alert(1)</script><a href='java&#115;cript:alert(1)'>x</a></p></article></main>")
    ```

    ```swift
    Markdown("# A heading\\n\\n<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://example.org/p.png)")
    ```

    ```swift
    Claim("<script>alert(1)</script>", id: "</script><b>", paper: "<i>", measured: "<u>", holds: 1 < 2, because: "<s>")
    ```

    ```swift
    //| label: tbl-million
    //| caption: A million rows.
    Table { TableColumn("n <b>", Array(0..<1_000_000)) }
    ```

    ```swift
    //| label: fig-wide
    //| caption: A picture of 20,000 pixels.
    //| alt: Nothing but grey, twenty thousand pixels wide and fifty high.
    Picture(grey: [UInt8](repeating: 128, count: 20_000 * 50), width: 20_000, height: 50)
    ```
    """

  @Test("the page stays valid, safe and small", .timeLimit(.minutes(4)))
  func page() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.prose + Self.outputs])
    let run = try place.run("render")
    #expect(run.status == 0, "\(run.errors.prefix(2_000))")
    let page = place.text("Output/n/index.html")
    for attack in ["<script>alert", "onclick=\"", "onerror=", "onload=\"", "<iframe", "<form", "href=\"javascript:"] {
      // What is escaped may still be read as text: only tags count.
      let tags = page.matches(of: #/<[a-zA-Z][^>]*>/#).map { String($0.0) }
      #expect(!tags.contains { $0.contains(attack) && !$0.contains("&lt;") }, "\(attack)")
    }
    #expect(!page.contains("id=\"location\""))
    #expect(page.contains("id=\"größe\""))
    #expect(page.contains("<span lang=\"de\">Wort</span>"))
    // The author's own million letters are kept; everything else is small.
    #expect(page.utf8.count < 1_300_000)
    #expect((place.data("Output/n/tbl-million.csv")?.count ?? 0) > 6_000_000)
    let check = try place.run("check")
    #expect(!check.output.contains("error:"), "\(check.output.prefix(2_000))")
    #expect(check.status == 0)
  }

  @Test("nesting without end is refused where it begins")
  func nesting() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": "# T\n\n" + String(repeating: "> ", count: 300) + "deep\n"])
    let run = try place.run("render")
    #expect(run.status == 2)
    #expect(run.errors.contains("Notebooks/n.md:3:1: error: nested more than 100 levels deep"))
  }

  @Test("other formats of it are well formed", .timeLimit(.minutes(4)))
  func formats() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.prose + Self.outputs])
    #expect(try place.run("render", "--format", "markdown,ipynb,json").status == 0)
    for name in ["n.ipynb", "record.json", "report.json"] {
      let data = try #require(place.data("Output/n/\(name)"))
      #expect(try JSONSerialization.jsonObject(with: data) is [String: Any], "\(name)")
    }
  }
}
