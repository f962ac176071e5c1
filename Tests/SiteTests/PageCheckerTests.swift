import Foundation
import Report
import Site
import Testing

@Suite("The page checker")
struct PageCheckerTests {
  /// A small report without faults, into which the cases plant one each.
  private static let page = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>T - S</title>
    </head>
    <body>
    <main id="content">
    <article>
    <h1>Title</h1>
    <h2 id="one">One</h2>
    <p>Text with <a href="#one">a link</a>.</p>
    <figure id="fig-a"><img src="a.svg" alt="A line that falls from left to right." width="2" height="1"><figcaption>Caption <a href="a.csv">data</a></figcaption></figure>
    <table><thead><tr><th scope="col">x</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
    <script type="application/json" id="provenance-data">{"notebook":"","swift":"","processor":"","parameters":{},"cells":[]}</script>
    </article>
    </main>
    </body>
    </html>
    """

  private func findings(_ page: String, _ more: [OutputFile] = []) -> [Finding] {
    let files = [
      OutputFile(path: "r/index.html", text: page), OutputFile(path: "r/a.svg", text: "<svg/>"),
      OutputFile(path: "r/a.csv", text: "x,y\n1,2\n"),
    ]
    let all = more + files.filter { file in !more.contains { $0.path == file.path } }
    return PageChecker(files: all).check(all.map(\.path))
  }

  @Test("a page without faults has no findings")
  func clean() { #expect(findings(Self.page) == []) }

  struct Fault: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var rule: String
    var line: Int
    var testDescription: String { "\(rule): \(new)" }

    init(_ old: String, _ new: String, _ rule: String, _ line: Int) {
      (self.old, self.new, self.rule, self.line) = (old, new, rule, line)
    }
  }

  @Test(
    "each fault is found at its line",
    arguments: [
      Fault("<h2 id=\"one\">One</h2>", "<h2 id=\"one\">One</h2><h1>Two</h1>", "STR-1", 1),
      Fault("lang=\"en\"", "lang=\"\"", "STR-1", 1), Fault("<!doctype html>\n", "", "STR-1", 1),
      Fault("<h2 id=\"one\">One</h2>", "<h3 id=\"one\">One</h3>", "STR-2", 13),
      Fault("<h1>Title</h1>", "<h1 id=\"one\">Title</h1>", "STR-3", 13),
      Fault("href=\"#one\"", "href=\"#two\"", "STR-3", 14), Fault("href=\"#one\"", "href=\"gone.html\"", "STR-3", 14),
      Fault("<meta charset=\"utf-8\">\n", "", "STR-6", 1), Fault("initial-scale=1", "maximum-scale=1", "STR-6", 1),
      Fault("href=\"#one\"", "href=\"/root.html\"", "STR-7", 14),
      Fault("href=\"#one\"", "href=\"../../out.html\"", "STR-7", 14),
      Fault("a link</a>", "a link</b>", "STR-8", 14), Fault("<p>Text", "<p><p>Text", "STR-8", 14),
      Fault("<p>Text", "<p class=\"a\" class=\"b\">Text", "STR-8", 14), Fault(" width=\"2\"", "", "FIG-1", 15),
      Fault(" alt=\"A line that falls from left to right.\"", "", "FIG-2", 15),
      Fault("alt=\"A line that falls from left to right.\"", "alt=\"a.svg\"", "FIG-2", 15),
      Fault("alt=\"A line that falls from left to right.\"", "alt=\"A line.\"", "FIG-2", 15),
      Fault("<a href=\"a.csv\">data</a>", "", "FIG-3", 15), Fault(" scope=\"col\"", "", "TAB-1", 16),
      Fault("<p>Text", "<audio controls src=\"a.csv\"></audio><p>Text", "AUD-1", 14),
      Fault("<p>Text", "<p>$$x$$ Text", "MAT-1", 14), Fault("<p>Text", "<math><mi>x</mi></math><p>Text", "MAT-1", 14),
      Fault("<p>Text", "<p onclick=\"x\">Text", "SAF-1", 14),
      Fault("href=\"#one\"", "href=\"javascript:x\"", "SAF-1", 14),
      Fault("<p>Text", "<iframe></iframe><p>Text", "SAF-1", 14),
      Fault("src=\"a.svg\"", "src=\"https://x/a.svg\"", "SAF-2", 15),
      Fault("<p>Text", "<script>alert(1)</script><p>Text", "SAF-2", 14),
      Fault("default-src 'none'", "default-src *", "SAF-2", 1), Fault("Text with", "Text /home/me with", "PRV-1", 0),
      Fault("\"swift\":\"\",", "", "PRV-1", 17), Fault("\"cells\":[]", "\"cells\":[", "PRV-1", 17),
      Fault("id=\"provenance-data\"", "id=\"other\"", "PRV-1", 0),
    ]
  )
  func finds(_ fault: Fault) {
    let page = Self.page.replacingOccurrences(of: fault.old, with: fault.new)
    let found = findings(page)
    let isFound = found.contains { $0.rule == fault.rule && $0.line == fault.line && $0.page == "r/index.html" }
    #expect(isFound, "\(FindingText.human(found))")
  }

  @Test("files beside the page are looked into")
  func files() {
    #expect(findings(Self.page, [OutputFile(path: "r/a.csv", text: "x,y\n1\n")]).map(\.rule) == ["FIG-3"])
    let script = OutputFile(path: "r/a.svg", text: "<svg><script>x</script></svg>")
    #expect(findings(Self.page, [script]).map(\.rule) == ["SAF-3"])
  }

  @Test("findings are written for people and for programs")
  func writes() {
    let finding = Finding("STR-1", page: "a.html", line: 3, "what", remedy: "Do it.")
    #expect(FindingText.human([finding]) == "a.html:3: error: what [STR-1]\n  Do it.\n")
    #expect(
      FindingText.json([finding]).text
        == #"[{"rule":"STR-1","severity":"error","page":"a.html","line":3,"message":"what","remedy":"Do it."}]"#
    )
  }
}
