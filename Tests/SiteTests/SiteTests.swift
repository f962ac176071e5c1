import Foundation
import Display
import Report
import ReportSamples
import Site
import Testing

/// A site of the kitchen sink and some plain reports.
enum SampleSite {
  static func options(base: String? = "https://example.org/reports") -> ReportOptions {
    var options = ReportOptions()
    options.figurePalette = SampleOutput.colors
    options.site = SiteIdentity(
      title: "Test reports",
      description: "Reports that test reports.",
      baseURL: base,
      logo: OutputFile(
        path: "logo.svg",
        text:
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10\"/></svg>"
      ),
      links: [.init(title: "Source", address: "https://example.org/source")]
    )
    return options
  }

  static func files(base: String? = "https://example.org/reports") throws -> [OutputFile] {
    let options = options(base: base)
    let writer = try ReportWriter(options: options, math: MathRenderer(), parseMarkdown: parseSampleMarkdown)
    let report = writer.write(
      KitchenSink.notebook,
      KitchenSink.record,
      slug: KitchenSink.slug,
      readFile: KitchenSink.file
    )
    return report.files + (try SiteWriter(options: options).write([report.summary]))
  }

  static func summary(_ number: Int, sections: Int = 2) -> ReportSummary {
    let text = (0..<300).map { "word\(($0 * 37 + number * 11) % 5_000)" }.joined(separator: " ")
    var summary = ReportSummary(slug: "report-\(number)", title: "Report \(number)")
    summary.authors = ["A. Author"]
    summary.date = "2026-01-\(10 + number % 20)"
    summary.abstract = "An abstract."
    summary.tags = ["tag \(number % 7)"]
    summary.claims = (0..<5).map {
      .init(id: "c\($0)", anchor: "claim-c\($0)", statement: "Claim \($0)", verdict: .reproduced)
    }
    summary.cellCount = 10
    summary.sections = (0..<sections).map { SearchSection(id: "s\($0)", title: "Section \($0)", text: text) }
    return summary
  }
}

@Suite("The site")
struct SiteTests {
  private func text(_ path: String, in files: [OutputFile]) throws -> String {
    String(decoding: try #require(files.first { $0.path == path }, "\(path) is missing").bytes, as: UTF8.self)
  }

  @Test("all pages of the site are there")
  func pages() throws {
    let paths = try SampleSite.files().map(\.path)
    for path in [
      "index.html", "scorecard.html", "search.html", "404.html", "tags/tests.html", "tags/page-layout.html", "feed.xml",
      "sitemap.xml", "robots.txt", "reports.json", "assets/search/places.js", "assets/search/k.js",
    ] {
      #expect(paths.contains(path), "\(path)")
    }
    #expect(Set(paths).count == paths.count)
    #expect(paths.contains { $0.hasPrefix("assets/logo-") && $0.hasSuffix(".svg") })
  }

  @Test("two sites of the same reports are byte-identical")
  func deterministic() throws { #expect(try SampleSite.files() == SampleSite.files()) }

  @Test(
    "the checker finds nothing to say about the kitchen sink and its site",
    arguments: ["https://example.org/reports", nil]
  )
  func passesItsOwnChecks(_ base: String?) throws {
    let files = try SampleSite.files(base: base)
    let findings = PageChecker(files: files).check(files.map(\.path))
    #expect(findings == [], "\(FindingText.human(findings))")
  }

  @Test("the scorecard groups the claims by report, with a summary of each")
  func scorecard() throws {
    let page = try text("scorecard.html", in: SiteWriter(options: SampleSite.options()).write([SampleSite.summary(1)]))
    #expect(page.contains("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"4\"><a href=\"report-1/index.html\">"))
    #expect(page.contains("<span class=\"muted\">5 of 5 claims reproduced</span>"))
    #expect(page.contains("<a href=\"report-1/index.html#claim-c0\">Claim 0</a>"))
  }

  @Test("the feed keeps its ids and takes its dates from the reports")
  func feed() throws {
    let feed = try text("feed.xml", in: SampleSite.files())
    #expect(feed.contains("<id>tag:example.org,2026:report/kitchen-sink</id>\n<updated>2026-01-31T00:00:00Z</updated>"))
    #expect(feed.contains("<link href=\"https://example.org/reports/kitchen-sink/index.html\"/>"))
    for name in ["feed", "entry", "title", "id", "updated", "author", "summary"] {
      #expect(
        feed.components(separatedBy: "<\(name)").count == feed.components(separatedBy: "</\(name)>").count,
        "\(name)"
      )
    }
  }

  @Test("words lead to their places")
  func search() throws {
    let files = try SampleSite.files()
    let places = try text("assets/search/places.js", in: files)
    #expect(
      places.hasPrefix("offprintSearch(\"places\",[[\"kitchen-sink\",\"\",\"Kitchen sink: every feature of a report\"")
    )
    #expect(try text("assets/search/q.js", in: files).contains("\"quotation\":\"1\""))
  }

  /// Processor time of this thread: other work of the machine does not count.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  @Test("a thousand reports make their site in seconds")
  func thousand() throws {
    let reports = (0..<1_000).map { SampleSite.summary($0) }
    let start = Self.processorSeconds
    let files = try SiteWriter(options: SampleSite.options()).write(reports)
    let seconds = Self.processorSeconds - start
    #expect(files.contains { $0.path == "index.html" && $0.bytes.count > 100_000 })
    #if !DEBUG
      #expect(seconds < 5)
    #endif
    print("site of 1,000 reports: \(seconds) s, \(files.reduce(0) { $0 + $1.bytes.count } / 1_000) kB")
  }

  /// For looking at: the site is written to the folder that the variable names.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["OFFPRINT_SAMPLE_OUTPUT"] != nil))
  func writesSample() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["OFFPRINT_SAMPLE_OUTPUT"])
    for file in try SampleSite.files(base: nil) {
      let url = URL(fileURLWithPath: folder).appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: url)
    }
  }
}
