import Foundation
import Testing

@Suite("The check of a site")
struct CheckTests {
  static let notebook = """
    # Claims

    ```swift
    //| label: claims
    show(Claim("one is two", id: "a", paper: 2, measured: 1, holds: 1 + 0 == 2))
    show(Claim("one is one", id: "b", measured: 1, holds: 1 + 0 == 1))
    Claim("one is many, 100% & <more>", id: "c", holds: nil)
    ```
    """

  private func place() throws -> CommandRun.Place {
    let place = try CommandRun.Place(["Notebooks/n.md": Self.notebook])
    #expect(try place.run("render").status == 0)
    return place
  }

  @Test("a broken claim is named with its line in the notebook")
  func human() throws {
    let run = try place().run("check")
    #expect(run.status == 1)
    #expect(
      run.output.contains(
        "Notebooks/n.md:5: error: claim 'a' is not reproduced: one is two (published 2, measured 1)\n"
      )
    )
    #expect(run.output.hasSuffix("1 report, 3 claims, 1 failure\n"), "\(run.output)")
  }

  @Test("JSON for programs")
  func json() throws {
    let run = try place().run("check", "--json")
    #expect(run.status == 1)
    let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(root["failures"] as? Int == 1)
    let reports = try #require(root["reports"] as? [[String: Any]])
    let claims = try #require(reports.first?["claims"] as? [[String: Any]])
    #expect(claims.map { $0["holds"] as? Bool } == [false, true, nil])
    #expect(claims.first?["line"] as? Int == 5)
  }

  @Test("a JUnit file for build servers")
  func junit() throws {
    let place = try place()
    #expect(try place.run("check", "--junit", "check.xml").status == 1)
    let text = place.text("check.xml")
    #expect(text.contains("<testsuite name=\"n\" tests=\"5\" failures=\"1\" skipped=\"1\">"), "\(text)")
    #expect(text.contains("<testcase classname=\"n\" name=\"claim a: one is two\"><failure message="))
    #expect(
      text.contains("name=\"claim c: one is many, 100% &amp; &lt;more&gt;\"><skipped message=\"not attempted\"/>")
    )
    let run = try place.run("check", "--junit", "nowhere/check.xml")
    #expect(run.status == 2)
    #expect(run.errors.contains("nowhere/check.xml: error: the file cannot be written"))
  }

  @Test("annotations for GitHub name file and line")
  func github() throws {
    let run = try place().run("check", "--github")
    #expect(run.status == 1)
    #expect(run.output.contains("::error file=Notebooks/n.md,line=5,title=Claim::claim 'a' is not reproduced"))
  }

  @Test("a page that was tampered with fails the check, with the rule that it breaks")
  func pages() throws {
    let place = try CommandRun.Place(["Notebooks/n.md": "# T\n\nText.\n"])
    #expect(try place.run("render").status == 0)
    let page = place.text("Output/n/index.html").replacing(
      "<p>Text.</p>",
      with: "<p>Text <img src=\"https://example.org/x.png\"> <a href=\"gone.html\">gone</a></p>"
    )
    try place.write("Output/n/index.html", Data(page.utf8))
    let run = try place.run("check")
    #expect(run.status == 1)
    for rule in ["[SAF-2]", "[FIG-2]", "[STR-3]"] { #expect(run.output.contains(rule), "\(run.output)") }
  }

  @Test("a failure that the author expects does not fail the check; another one does")
  func failures() throws {
    let cell = "```swift\n//| error: true\nfatalError(\"as meant\")\n```\n"
    let place = try CommandRun.Place(["Notebooks/n.md": cell])
    #expect(try place.run("render").status == 0)
    #expect(try place.run("check").status == 0)
    try place.write("Notebooks/n.md", Data(cell.replacing("//| error: true\n", with: "").utf8))
    #expect(try place.run("render").status == 1)
    let run = try place.run("check")
    #expect(run.status == 1)
    #expect(run.output.contains("Notebooks/n.md: error: 1 of 1 cell failed"))
  }

  @Test("two outcomes on one stream, and a list that is not JSON, are refused")
  func refused() throws {
    let place = try place()
    #expect(try place.run("check", "--json", "--github").status == 2)
    try place.write("Output/reports.json", Data("{".utf8))
    let run = try place.run("check")
    #expect(run.status == 2)
    #expect(run.errors.contains("Output/reports.json: error: the list of reports cannot be read"))
  }
}
