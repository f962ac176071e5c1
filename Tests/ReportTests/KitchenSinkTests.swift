import Foundation
import Notebook
import Record
import Report
import ReportSamples
import Testing

@Suite("The kitchen-sink page")
struct KitchenSinkTests {
  static func render(_ change: (inout ReportOptions) -> Void = { _ in }) throws -> RenderedReport {
    var options = ReportOptions()
    options.figurePalette = SampleOutput.colors
    options.site.title = "Test reports"
    change(&options)
    let writer = try ReportWriter(options: options, math: MathRenderer(), parseMarkdown: parseSampleMarkdown)
    return writer.write(
      KitchenSink.notebook,
      KitchenSink.record,
      slug: KitchenSink.slug,
      next: Neighbor(slug: "other", title: "The other report"),
      readFile: KitchenSink.file
    )
  }

  @Test("two renders are byte-identical")
  func isDeterministic() throws {
    let first = try Self.render()
    let second = try Self.render()
    #expect(first.files == second.files)
  }

  /// A debug build says nothing about speed; the bar is several times what an idle machine needs.
  @Test("a page is rendered in milliseconds")
  func isFast() throws {
    _ = try Self.render()
    let start = ContinuousClock.now
    var options = ReportOptions()
    options.figurePalette = SampleOutput.colors
    let writer = try ReportWriter(options: options, math: MathRenderer(), parseMarkdown: parseSampleMarkdown)
    func render() -> RenderedReport {
      writer.write(KitchenSink.notebook, KitchenSink.record, slug: KitchenSink.slug, readFile: KitchenSink.file)
    }
    let page = render()
    let cold = ContinuousClock.now - start
    let again = ContinuousClock.now
    for _ in 0..<10 { _ = render() }
    let warm = (ContinuousClock.now - again) / 10
    print("page of \(page.html.utf8.count) bytes: \(cold) with its formulas, \(warm) without")
    #if !DEBUG
      #expect(warm < .milliseconds(50))
    #endif
  }

  /// For looking at: the page is written to the folder that the variable names.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["OFFPRINT_SAMPLE_OUTPUT"] != nil))
  func writesSample() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["OFFPRINT_SAMPLE_OUTPUT"])
    let report = try Self.render()
    let hostile = try HostileTests.attacked().render()
    for file in report.files + hostile.files {
      let url = URL(fileURLWithPath: folder).appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: url)
    }
    for diagnostic in report.diagnostics {
      print(diagnostic.range?.start.line ?? 0, diagnostic.severity, diagnostic.message)
    }
  }
}
