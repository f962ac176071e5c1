internal import Display
package import Notebook
package import Record
internal import Theme

/// A finished report: its files, what the site shows of it, and what was found while writing.
package struct RenderedReport: Sendable {
  package var summary: ReportSummary
  /// Paths begin with the report's folder.
  package var files: [OutputFile]
  package var diagnostics: [Diagnostic]

  /// The page itself.
  package var html: String {
    files.first { $0.path.hasSuffix("index.html") || $0.path.hasSuffix(".html") }
      .map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
  }
}

/// Turns a notebook and the record of its run into a page and the files beside it.
///
/// It computes nothing and starts nothing but, where a formula was never seen before, the formula writer; equal input
/// gives equal bytes.
package struct ReportWriter: Sendable {
  package let options: ReportOptions
  private let math: MathRenderer
  private let parseMarkdown: @Sendable (String) -> [Block]
  let frame: PageFrame

  /// - Parameters:
  ///   - options: how pages are made.
  ///   - math: the formula writer, shared by all pages.
  ///   - parseMarkdown: reads Markdown that cells and captions hold.
  /// - Throws: `PageFrame.TemplateError` when the theme's template cannot be read.
  package init(
    options: ReportOptions,
    math: MathRenderer,
    parseMarkdown: @escaping @Sendable (String) -> [Block]
  ) throws {
    self.options = options
    self.math = math
    self.parseMarkdown = parseMarkdown
    frame = try PageFrame(
      name: "page.mustache",
      template: options.theme.page,
      style: options.theme.style,
      script: options.theme.script
    )
  }

  /// Writes one report.
  ///
  /// - Parameters:
  ///   - notebook: the document.
  ///   - record: what its run left.
  ///   - slug: name of the report's folder.
  ///   - previous: the report before this one in the site's order.
  ///   - next: the report after it.
  ///   - readFile: gives the bytes of a file that the notebook names, relative to its folder.
  /// - Returns: the page with its files, and what the author should know.
  package func write(
    _ notebook: Notebook,
    _ record: RunRecord,
    slug: String,
    previous: Neighbor? = nil,
    next: Neighbor? = nil,
    readFile: @escaping (String) -> [UInt8]? = { _ in nil }
  ) -> RenderedReport {
    var planner = Planner(notebook: notebook, record: record, parseMarkdown: parseMarkdown)
    planner.run()
    var diagnostics = planner.diagnostics
    let bibliography = Self.readBibliography(notebook, readFile, &diagnostics)
    var renderer = PageRenderer(
      notebook: notebook,
      record: record,
      options: options,
      plan: planner.plan,
      math: math,
      bibliography: bibliography,
      slug: slug,
      readFile: readFile
    )
    let provenance = Provenance.json(notebook, record)
    let abstract = renderer.abstract()
    renderer.writeBody()
    let end = renderer.endMatter(provenance: provenance)
    diagnostics += renderer.diagnostics + Contradictions.find(notebook, record)
    let article = article(&renderer, abstract: abstract, end: end)
    let html = fill(renderer, article: article, end: end, previous: previous, next: next)
    var files = renderer.files.filter { _ in !options.isSelfContained }
    let report = Provenance.report(notebook, record, slug: slug, provenance: provenance)
    files.append(OutputFile(path: "report.json", text: report.prettyText))
    files.append(OutputFile(path: "\(slug).md", text: notebook.source))
    let page = OutputFile(path: "index.html", text: html)
    files.insert(page, at: 0)
    let summary = summary(renderer, slug: slug, page: page, files: files)
    return RenderedReport(
      summary: summary,
      files: files.map { OutputFile(path: "\(slug)/\($0.path)", bytes: $0.bytes) },
      diagnostics: diagnostics.sorted { ($0.range?.start.line ?? 0) < ($1.range?.start.line ?? 0) }
    )
  }

  private static func readBibliography(
    _ notebook: Notebook,
    _ readFile: (String) -> [UInt8]?,
    _ diagnostics: inout [Diagnostic]
  ) -> Bibliography {
    var entries: [BibEntry] = []
    for path in notebook.frontMatter.bibliography {
      guard let bytes = readFile(path) else {
        let message = "bibliography '\(path)' cannot be read"
        diagnostics.append(
          Diagnostic(.error, file: notebook.path, message, remedy: "Name the file relative to the notebook.")
        )
        continue
      }
      let parser = BibTeXParser(String(decoding: bytes, as: UTF8.self))
      entries += parser.entries
      for problem in parser.problems {
        diagnostics.append(
          Diagnostic(.warning, file: path, range: SourceRange(line: problem.line, column: 1), problem.message)
        )
      }
    }
    return Bibliography(entries)
  }

  private func article(
    _ renderer: inout PageRenderer,
    abstract: String,
    end: [PageRenderer.EndSection]
  ) -> String {
    let verdicts = renderer.record.claims.map(\.verdict)
    var html = renderer.titleBlock(verdicts: verdicts) + renderer.banner() + abstract + renderer.glance()
    html += renderer.scale() + renderer.html + "<footer class=\"end\">\n"
    for section in end {
      let kind = section.id == renderer.plan.own("notes") ? " class=\"notes\"" : ""
      html += "<section\(kind) id=\"\(section.id)\" aria-labelledby=\"\(section.id)-h\">\n"
      html += "<h2 id=\"\(section.id)-h\">\(section.title)</h2>\n\(section.html)</section>\n"
    }
    return html + "</footer>\n"
  }

  private func summary(
    _ renderer: PageRenderer,
    slug: String,
    page: OutputFile,
    files: [OutputFile]
  ) -> ReportSummary {
    let front = renderer.notebook.frontMatter
    var summary = ReportSummary(slug: slug, title: front.title)
    summary.subtitle = front.subtitle
    summary.authors = front.authors.map(\.name)
    summary.date = front.date
    summary.abstract = front.abstract?.squeezed()
    summary.tags = front.tags
    summary.paper = front.paper.map { paper in paper.year.map { "\(paper.title) (\($0))" } ?? paper.title }
    summary.profile = renderer.record.profile
    summary.claims = renderer.plan.cells.flatMap { PageRenderer.claims(in: $0.parts) }.map { claim, id in
      var entry = ReportSummary.Claim(id: claim.id, anchor: id, statement: claim.statement, verdict: claim.verdict)
      entry.source = claim.source
      entry.paper = claim.paperText
      entry.measured = claim.measuredText
      entry.value = claim.value
      entry.line = claim.line
      return entry
    }
    summary.cellCount = renderer.record.cells.count
    summary.failedCells = renderer.record.failedCells(in: renderer.notebook).count
    summary.contentHash = ContentHash(page.bytes).description
    summary.sections = renderer.searchSections
    summary.pageBytes = page.bytes.count
    summary.totalBytes = files.reduce(0) { $0 + $1.bytes.count }
    return summary
  }
}
