import Display
import Foundation
import Notebook
import Record
import Report
import ReportSamples
import Testing

@Suite("Hostile notebooks")
struct HostileTests {
  /// A page whose every text tries to break out of it.
  static func attacked() -> PageUnderTest {
    let attack = "\"><script>alert(1)</script><img src=x onerror=y>"
    var page = PageUnderTest()
    page.front = FrontMatter(title: attack)
    page.front.subtitle = attack
    page.front.abstract = attack
    page.front.authors = [Author(name: attack, orcid: attack, affiliation: attack)]
    page.front.date = attack
    page.front.language = attack
    page.front.tags = [attack]
    page.front.paper = {
      var paper = Paper(title: attack); paper.doi = attack; paper.arxiv = attack; paper.code = attack; return paper
    }()
    page.blocks = [
      heading(1, attack, id: attack), paragraph(text(attack), code(attack), math(attack), note(attack), ref(attack)),
      callout(.note, attack, paragraph(text(attack))), Block(.code(attack, language: attack), range: at(1)),
      Block(.html(attack), range: at(1)),
    ]
    page.add(
      .standardOutput(attack),
      .standardError(attack),
      .output(.text(attack)),
      .output(.markdown(attack)),
      .output(.html(attack)),
      .output(.figure(SampleOutput.plot(attack, alt: attack))),
      .output(.claim(SampleOutput.claim(attack, .reproduced, attack))),
      .output(
        .table(TableOutput(columns: [TableColumn(attack, unit: attack, values: .texts([attack]))], title: attack))
      ),
      .output(.audio(SampleOutput.audio(attack))),
      .output(.math(attack)),
      label: attack
    ) {
      $0.caption = attack; $0.altText = attack
    }
    return page
  }

  @Test(
    "addresses that run or leave the site become text",
    arguments: [
      "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:x", "vbscript:x", "data:text/html,x",
      "file:///etc/passwd",
      "//evil.example/x", "/etc/passwd", "\\\\evil\\x", " javascript:x", "\u{1}javascript:x", "",
    ]
  )
  func links(_ destination: String) throws {
    var page = PageUnderTest()
    page.blocks = [paragraph(link("words", destination, line: 5))]
    let report = try page.render()
    #expect(report.article.contains("<p>words</p>"))
    #expect(report.diagnostics.count == 1)
    #expect(report.diagnostics.first?.range?.start.line == 5)
  }

  @Test("tags in every text of the author and of a cell are shown, not obeyed")
  func tags() throws {
    let page = Self.attacked()
    var found: [String] = []
    for token in HTMLTokenizer(try page.render().html) {
      guard case .open(let name, let attributes, _) = token else { continue }
      found += attributes.filter { $0.name.hasPrefix("on") || $0.name == "src" && $0.value == "x" }.map {
        "\(name) \($0.name)"
      }
    }
    #expect(found == [])
    let holdsScript = try page.render().html.contains("<script>alert")
    #expect(!holdsScript)
  }

  @Test("lists inside lists inside lists end")
  func nesting() throws {
    var block = paragraph(text("deepest"))
    for _ in 0..<500 { block = bullets([block]) }
    var page = PageUnderTest()
    page.blocks = [block]
    let html = try page.render().article
    #expect(html.components(separatedBy: "<ul>").count <= 50)
  }

  @Test("code that reverses its text shows the mark that does it")
  func bidirectional() throws {
    var page = PageUnderTest()
    page.blocks = [Block(.code("let a = \"\u{202E}x\"", language: "swift"), range: at(1))]
    #expect(try page.render().article.contains("<span class=\"ctl\">U+202E</span>"))
  }

  @Test("a label in any script names a place")
  func unicode() throws {
    var page = PageUnderTest()
    page.blocks = [paragraph(ref("fig-größe"))]
    page.add(.output(.figure(SampleOutput.plot())), label: "fig-größe")
    let report = try page.render()
    #expect(report.messages.isEmpty)
    #expect(report.article.contains("id=\"fig-größe\""))
  }
}
