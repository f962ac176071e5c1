internal import Display
internal import Evaluation
internal import Foundation
package import Notebook
internal import Record
internal import Report
internal import Site

/// Renders notebooks into an output folder: parse, evaluate, write, and the site round them.
package struct SiteRender: Sendable {
  private var request: RenderRequest
  /// What makes two renders of one notebook differ, besides the notebook.
  private var settings = ""
  private let output: OutputFolder
  private let text: DiagnosticText
  private let report: @Sendable (RenderEvent) -> Void

  package init(_ request: RenderRequest, text: DiagnosticText, report: @escaping @Sendable (RenderEvent) -> Void) {
    self.request = request
    self.text = text
    self.report = report
    output = OutputFolder(request.output)
  }

  /// A notebook on its way through the render.
  private struct Job {
    var path: String
    var slug: String
    var notebook: Notebook?
    var stamp: Stamp?
    /// Hash of everything but the neighbours.
    var key: String

    var title: String { notebook?.frontMatter.title ?? stamp?.summary.title ?? slug }
  }

  /// Renders everything; whatever is wrong with one notebook, the others are still rendered.
  package func run() async -> RenderStatus {
    var status = RenderStatus.success
    var render = self
    do {
      let settings = try SiteSettings.find(for: request.paths)
      for diagnostic in settings.diagnostics {
        show(text.text(diagnostic), isError: diagnostic.severity == .error, &status)
      }
      render.request.report.site = settings.site
      render.request.report.theme = settings.theme
    } catch {
      show(error, &status)
      return status
    }
    let formats = request.formats.map(\.rawValue).sorted()
    render.settings = ContentHash(["\(request.evaluation) \(render.request.report) \(formats)"]).description
    return max(status, await render.renderAll())
  }

  private func renderAll() async -> RenderStatus {
    var status = RenderStatus.success
    do {
      let paths = try NotebookFinder.find(request.paths)
      try output.prepare()
      let installation = try Installation.find()
      var jobs: [Job] = []
      for path in paths {
        if let job = read(path, installation, taken: Set(jobs.map(\.slug)), &status) { jobs.append(job) }
      }
      // One for all notebooks: its script engine is started once at most.
      let math = MathRenderer(cacheFolder: installation.cache + "/formulas")
      let summaries = await render(jobs, installation, math, &status)
      if summaries.isEmpty { return status }
      try output.update(
        try SiteWriter(options: options(jobs, installation)).write(siteReports(summaries, installation))
      )
    } catch {
      show(error, &status)
    }
    return status
  }

  private func read(_ path: String, _ installation: Installation, taken: Set<String>, _ status: inout RenderStatus)
    -> Job?
  {
    do throws(NotebookError) {
      let slug = try slug(of: path, taken: taken)
      let bytes = FileManager.default.contents(atPath: path) ?? Data()
      let makers = [settings, installation.identity, installation.program, installation.data, path]
      let key = ContentHash(bytes).description + ContentHash(makers).description
      var job = Job(path: path, slug: slug, key: key)
      job.stamp = Stamp.load(Stamp.path(slug: slug, output: request.output, cache: installation.cache))
      let isUnchanged = job.stamp?.holds(key: key, folder: folder(of: path), output: request.output) ?? false
      if request.isForced || !isUnchanged {
        job.stamp = nil
        job.notebook = try NotebookReader.read(path: path)
      }
      return job
    } catch {
      show(error, &status)
      return nil
    }
  }

  private func render(
    _ jobs: [Job],
    _ installation: Installation,
    _ math: MathRenderer,
    _ status: inout RenderStatus
  ) async -> [ReportSummary] {
    var summaries: [ReportSummary] = []
    for (index, job) in jobs.enumerated() {
      let neighbors = (
        previous: index > 0 ? Neighbor(slug: jobs[index - 1].slug, title: jobs[index - 1].title) : nil,
        next: index + 1 < jobs.count ? Neighbor(slug: jobs[index + 1].slug, title: jobs[index + 1].title) : nil
      )
      do {
        summaries.append(try await render(job, neighbors, jobs, installation, math, &status))
      } catch {
        show(error, &status)
      }
    }
    return summaries
  }

  private func render(
    _ job: Job,
    _ neighbors: (previous: Neighbor?, next: Neighbor?),
    _ jobs: [Job],
    _ installation: Installation,
    _ math: MathRenderer,
    _ status: inout RenderStatus
  ) async throws -> ReportSummary {
    let start = ContinuousClock.now
    let around = "\(neighbors)"
    let page = "\(request.output)/\(job.slug)/index.html"
    if let stamp = job.stamp, stamp.around == around {
      for message in stamp.messages { show(message.text, isError: message.isError, &status) }
      report(.finished(notebook: job.path, stamp.summary, page: page, seconds: 0, isReused: true))
      return stamp.summary
    }
    let notebook = try job.notebook ?? NotebookReader.read(path: job.path)
    report(.started(notebook: job.path, cells: notebook.cells.count))
    let evaluator = Evaluator(installation: installation, options: request.evaluation) { [report] event in
      report(.evaluation(notebook: job.path, event))
    }
    let record = try await evaluator.evaluate(notebook)
    let inputs = InputLog(folder: folder(of: job.path))
    let writer = try ReportWriter(
      options: options(jobs, installation),
      math: math,
      parseMarkdown: { NotebookReader.parseFragment($0, path: job.path) }
    )
    let rendered = writer.write(
      notebook,
      record,
      slug: job.slug,
      previous: neighbors.previous,
      next: neighbors.next,
      readFile: inputs.read
    )
    var summary = rendered.summary
    summary.notebook = job.path.hasPrefix("/") ? nil : job.path
    var files = rendered.files
    for format in ReportFormat.allCases where request.formats.contains(format) {
      files += format.files(notebook, record, slug: job.slug)
    }
    try output.replaceReport(slug: job.slug, files: files)
    let messages = messages(notebook, record, rendered)
    for message in messages { show(message.text, isError: message.isError, &status) }
    let isComplete = print(job, &status) && !record.hasUnexpectedFailure(in: notebook)
    let stamp = Stamp(
      // A report that lacks a part, or whose run failed, is made again next time.
      key: isComplete ? job.key : "",
      around: around,
      inputs: inputs.hashes,
      summary: summary,
      files: files.map(\.path) + (request.formats.contains(.pdf) ? ["\(job.slug)/\(job.slug).pdf"] : []),
      messages: messages
    )
    stamp.save(Stamp.path(slug: job.slug, output: request.output, cache: installation.cache))
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    report(.finished(notebook: job.path, summary, page: page, seconds: seconds, isReused: false))
    return summary
  }

  /// Prints the page where that was asked for, and says whether there is a print if one is wanted.
  private func print(_ job: Job, _ status: inout RenderStatus) -> Bool {
    guard request.formats.contains(.pdf) else { return true }
    let folder = URL(fileURLWithPath: "\(request.output)/\(job.slug)")
    do {
      try PDFWriter().print(
        folder.appendingPathComponent("index.html"),
        to: folder.appendingPathComponent("\(job.slug).pdf")
      )
      return true
    } catch {
      show(NotebookError(Diagnostic(.error, file: job.path, "\(error)")), &status)
      return false
    }
  }

  private func messages(_ notebook: Notebook, _ record: RunRecord, _ rendered: RenderedReport) -> [Stamp.StampedMessage]
  {
    var diagnostics = notebook.diagnostics
    for cell in record.cells {
      diagnostics += cell.diagnostics
      if case .failed(let failure) = cell.status { diagnostics += failure.diagnostics }
    }
    for case .failed(let diagnostic) in record.expressions { diagnostics.append(diagnostic) }
    diagnostics += rendered.diagnostics.filter { !diagnostics.contains($0) }
    let allowed = Set(
      zip(notebook.cells, record.cells).flatMap { cell, result -> [Diagnostic] in
        guard cell.options.allowsError ?? notebook.frontMatter.execute.allowsError else { return [] }
        if case .failed(let failure) = result.status { return failure.diagnostics } else { return [] }
      }
    )
    return diagnostics.filter { !allowed.contains($0) }
      .sorted { ($0.range?.start.line ?? 0) < ($1.range?.start.line ?? 0) }
      .map {
        Stamp.StampedMessage(text: text.text($0, source: notebook.source), isError: $0.severity == .error)
      }
  }

  private func options(_ jobs: [Job], _ installation: Installation) -> ReportOptions {
    var options = request.report
    options.codeFolder = installation.cache + "/code"
    options.slugs = Set(jobs.map(\.slug))
    options.version = EnvironmentRecord.offprintVersion
    options.figurePalette = FigureColors(light: FigurePalette.light.css, dark: FigurePalette.dark.css)
    return options
  }

  /// The reports of the site: those rendered now, and those that an earlier render left in the folder.
  private func siteReports(_ summaries: [ReportSummary], _ installation: Installation) -> [ReportSummary] {
    let slugs = Set(summaries.map(\.slug))
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: request.output)) ?? []
    let others = folders.sorted().filter { !slugs.contains($0) && !$0.hasPrefix(".") }.compactMap { slug in
      FileManager.default.fileExists(atPath: "\(request.output)/\(slug)/index.html")
        ? Stamp.load(Stamp.path(slug: slug, output: request.output, cache: installation.cache))?.summary : nil
    }
    return others.isEmpty ? summaries : (summaries + others).sorted { $0.slug < $1.slug }
  }

  /// Name of a report's folder: that of the notebook, in letters that every server takes.
  private func slug(of path: String, taken: Set<String>) throws(NotebookError) -> String {
    let slug = Slug.make(URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent)
    guard !taken.contains(slug) else {
      throw NotebookError(
        Diagnostic(
          .error,
          file: path,
          "another notebook also makes the report '\(slug)'",
          remedy: "rename one of the files"
        )
      )
    }
    return slug
  }

  private func folder(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
}

// MARK: - Messages

extension SiteRender {
  private func show(_ error: any Error, _ status: inout RenderStatus) {
    status = .unusable
    guard let error = error as? NotebookError else {
      report(.message(.init(text: "error: \(error)", isError: true)))
      return
    }
    for diagnostic in error.diagnostics {
      let source = try? String(contentsOfFile: diagnostic.file, encoding: .utf8)
      report(.message(.init(text: text.text(diagnostic, source: source ?? ""), isError: diagnostic.severity == .error)))
    }
  }

  private func show(_ text: String, isError: Bool, _ status: inout RenderStatus) {
    if isError { status = max(status, .cellFailed) }
    report(.message(.init(text: text, isError: isError)))
  }
}

/// Reads the files that a notebook names, and remembers what it read.
private final class InputLog: @unchecked Sendable {
  // Used by one writer on one thread; the class is sendable only because closures that hold it must be.
  private(set) var hashes: [String: String] = [:]
  private let folder: String

  init(folder: String) { self.folder = folder }

  func read(_ name: String) -> [UInt8]? {
    let data = FileManager.default.contents(atPath: folder + "/" + name)
    hashes[name] = data.map { ContentHash($0).description } ?? ""
    return data.map(Array.init)
  }
}
