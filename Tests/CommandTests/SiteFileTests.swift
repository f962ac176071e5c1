import Foundation
import Testing

@Suite("The site file")
struct SiteFileTests {
  static let logo =
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script><rect width=\"9\" height=\"9\"/></svg>"

  @Test("title, address, links, logo, language and theme reach every page")
  func settings() throws {
    let site = """
      title: Replications of tests
      description: All that was tried.
      url: https://example.org/reports/
      logo: art/logo.svg
      links: { Source: "https://example.org/source" }
      language: en-GB
      theme: theme
      """
    let place = try CommandRun.Place([
      "Notebooks/site.yml": site, "Notebooks/n.md": "# T\n", "Notebooks/art/logo.svg": Self.logo,
      "Notebooks/theme/custom.css": "h1 { color: rebeccapurple }", "Notebooks/theme/page.mustahce": "",
    ])
    let run = try place.run("render")
    #expect(run.status == 0)
    #expect(run.errors.contains("'theme/page.mustahce' is no part of a theme; did you mean 'page.mustache'?"))
    for page in [place.text("Output/n/index.html"), place.text("Output/index.html")] {
      #expect(page.contains("Replications of tests"))
      #expect(page.contains("<a href=\"https://example.org/source\">Source</a>"))
      #expect(page.contains("rel=\"canonical\" href=\"https://example.org/reports/"))
      #expect(page.contains("h1 { color: rebeccapurple }"))
      #expect(page.contains("assets/logo-"))
    }
    #expect(place.text("Output/index.html").contains("<html lang=\"en-GB\">"))
    #expect(place.text("Output/sitemap.xml").contains("https://example.org/reports/n/index.html"))
    let logo = try FileManager.default.contentsOfDirectory(atPath: place.folder.appending(path: "Output/assets").path)
      .first { $0.hasPrefix("logo-") }
    #expect(!place.text("Output/assets/\(try #require(logo))").contains("script"))
    #expect(try place.run("check").status == 0)
  }

  @Test("a font of the site reaches every page; one that is too large, or none at all, is refused")
  func font() throws {
    let place = try CommandRun.Place(["Notebooks/site.yml": "font: text.woff2\n", "Notebooks/n.md": "# T\n"])
    #expect(try place.run("render").errors.contains("site.yml:1:7: error: the font 'text.woff2' cannot be read"))
    try place.write("Notebooks/text.woff2", Data("OTTO".utf8))
    #expect(try place.run("render").errors.contains("the font 'text.woff2' is no WOFF2 file"))
    try place.write("Notebooks/text.woff2", Data("wOF2".utf8) + Data(count: 40_000))
    #expect(try place.run("render").errors.contains("has 40004 bytes, and every page carries it; 40000 are allowed"))
    try place.write("Notebooks/text.woff2", Data("wOF2".utf8))
    #expect(try place.run("render").status == 0)
    for page in ["Output/n/index.html", "Output/index.html"] {
      #expect(place.text(page).contains("src: url(data:font/woff2;base64,d09GMg==) format(\"woff2\")"))
      #expect(place.text(page).contains("font-src data:"))
    }
  }

  @Test("a template of the site replaces the one that comes with the program; the page follows its changes")
  func template() throws {
    let place = try CommandRun.Place([
      "Notebooks/site.yml": "theme: theme\n", "Notebooks/n.md": "# T\n",
      "Notebooks/theme/page.mustache": "<!doctype html>{{title}} by hand",
    ])
    #expect(try place.run("render").status == 0)
    #expect(place.text("Output/n/index.html") == "<!doctype html>T by hand")
    try place.write("Notebooks/theme/page.mustache", Data("<!doctype html>{{title}} anew".utf8))
    #expect(try place.run("render").status == 0)
    #expect(place.text("Output/n/index.html") == "<!doctype html>T anew")
  }

  @Test("one notebook of a folder belongs to the folder's site")
  func single() throws {
    let place = try CommandRun.Place(["Notebooks/site.yml": "title: The site\n", "Notebooks/deep/n.md": "# T\n"])
    #expect(try place.run("render", "Notebooks/deep/n.md").status == 0)
    #expect(place.text("Output/n/index.html").contains("<title>T - The site</title>"))
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var site: String
    var message: String
    var files: [String: String] = [:]
    var testDescription: String { message }
  }

  @Test(
    "a mistake is one clear error and nothing is rendered",
    arguments: [
      Fault(
        site: "titel: x\n",
        message: "site.yml:1:1: error: unknown key 'titel' in site file; did you mean 'title'?"
      ),
      Fault(site: "title: [\n", message: "error: broken YAML"),
      Fault(site: "title: T\nurl: example.org\n", message: "site.yml:2:6: error: expected an address such as https://"),
      Fault(site: "logo: logo.png\n", message: "site.yml:1:7: error: the logo 'logo.png' cannot be read"),
      Fault(
        site: "logo: logo.png\n",
        message: "site.yml:1:7: error: the logo 'logo.png' is no picture",
        files: ["logo.png": "no picture"]
      ),
      Fault(site: "logo: ../logo.png\n", message: "'logo' must be a path below the site file's folder"),
      Fault(site: "theme: none\n", message: "site.yml:1:8: error: the theme folder 'none' cannot be read"),
      Fault(site: "language: 7 of 9\n", message: "expected a language tag such as en or pt-BR"),
      Fault(site: "links: { A: 'javascript:x' }\n", message: "the link 'A' leads to 'javascript:x'"),
      Fault(
        site: "theme: t\n",
        message: "t/page.mustache: error: the template cannot be read",
        files: ["t/page.mustache": "{{#open}}"]
      ),
    ]
  )
  func fault(_ fault: Fault) throws {
    var files = ["Notebooks/site.yml": fault.site, "Notebooks/n.md": "# T\n"]
    for (name, text) in fault.files { files["Notebooks/\(name)"] = text }
    let place = try CommandRun.Place(files)
    let run = try place.run("render")
    #expect(run.status == 2)
    #expect(run.errors.contains(fault.message), "\(run.errors)")
    #expect(!place.has("Output/n"))
  }

  @Test("notebooks of two sites are not mixed")
  func two() throws {
    let place = try CommandRun.Place([
      "a/site.yml": "title: A\n", "a/n.md": "# N\n", "b/site.yml": "title: B\n", "b/m.md": "# M\n",
    ])
    let run = try place.run("render", "a", "b")
    #expect(run.status == 2)
    #expect(run.errors.contains("b/site.yml: error: these notebooks belong to another site than those of 'a/site.yml'"))
  }
}

@Suite("A large site")
struct LargeSiteTests {
  @Test("a hundred unchanged reports cost next to nothing", .timeLimit(.minutes(3)))
  func unchanged() throws {
    let words = (0..<200).map { "word\($0 * 37 % 5_000)" }.joined(separator: " ")
    var files: [String: String] = [:]
    for number in 0..<100 { files["Notebooks/n\(number).md"] = "# Report \(number)\n\n\(words)\n" }
    let place = try CommandRun.Place(files)
    #expect(try place.run("render").status == 0)
    let again = try place.run("render")
    #expect(again.status == 0)
    #expect(again.output.components(separatedBy: "unchanged").count == 101)
    #expect(place.text("Output/index.html").contains("<table class=\"reports\" data-sortable>"))
    #expect(try place.run("check").status == 0)
  }
}
