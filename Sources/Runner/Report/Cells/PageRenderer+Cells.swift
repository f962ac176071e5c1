internal import Display
internal import Notebook
internal import Record

extension PageRenderer {
  mutating func writeCell(_ index: Int, depth: Int) {
    guard notebook.cells.indices.contains(index), plan.cells.indices.contains(index) else { return }
    let cell = notebook.cells[index]
    let result = record.cells.indices.contains(index) ? record.cells[index] : CellResult(status: .disabled)
    guard cell.options.isIncluded else { return }
    let id = plan.cells[index].id
    let status = Self.word(of: result.status)
    html += "<div class=\"cell\(status.isEmpty ? "" : " " + status)\" id=\"\(id)\""
    if !result.key.isEmpty { html += " data-hash=\"\(result.key.prefix(16).escaped)\"" }
    html += ">\n"
    writeCellCode(cell, result)
    writeFailure(cell, result)
    writeWarnings(result.diagnostics)
    writeParts(plan.cells[index].parts, cell: cell, depth: depth)
    html += "</div>\n"
  }

  static func word(of status: CellResult.Status) -> String {
    switch status {
    case .succeeded: ""
    case .failed: "failed"
    case .skipped: "skipped"
    case .disabled: "disabled"
    }
  }

  // MARK: - Code

  private var codeCache: CodeCache {
    CodeCache(folder: options.codeFolder, parser: record.environment.swiftVersion)
  }

  private mutating func writeCellCode(_ cell: Cell, _ result: CellResult) {
    let echo = cell.options.echo ?? notebook.frontMatter.execute.echo
    // Code that failed is always to be seen: the message below points into it.
    var isShown = echo != .hidden
    if case .failed = result.status { isShown = true }
    guard isShown else { return }
    let lines = cell.code.utf8.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
    let first = cell.line
    let place = lines == 1 ? "line \(first)" : "lines \(first)–\(first + lines - 1)"
    let name = cell.name.escaped
    let code = "<pre tabindex=\"0\"><code class=\"language-swift\">\(codeCache.highlighted(cell.code))</code></pre>\n"
    var facts = place
    if options.showsTimes { facts += ", " + Self.time(result.times.runWall) }
    if echo == .folded {
      html += "<details class=\"code\"><summary>Code: \(name) "
      html += "<span class=\"muted\">(\(lines) line\(lines == 1 ? "" : "s"))</span></summary>\n\(code)</details>\n"
    } else {
      let id = plan.cells[cell.index].id
      let word = Self.word(of: result.status)
      let state = word.isEmpty ? "" : " <b class=\"state\">\(word == "skipped" ? "not run" : word)</b>"
      let isShort = lines <= PageLimits.unbrokenLines
      html += "<div class=\"code\(isShort ? " whole" : "")\"><div class=\"cell-head\"><a href=\"#\(id)\">"
      html += "\(cell.options.label == nil ? "" : "cell ")\(name)</a> "
      html += "<span class=\"muted\">\(facts)</span>\(state)</div>\n\(code)</div>\n"
    }
  }

  static func time(_ seconds: Double) -> String {
    seconds < 1 ? "\(Int((seconds * 1000).rounded())) ms" : "\((seconds * 10).rounded() / 10) s"
  }

  /// A fenced block that does not run.
  mutating func writeCode(_ code: String, language: String?) {
    let language = language?.lowercased().split(separator: " ").first.map(String.init) ?? ""
    let isSwift = language == "swift" || language == "{swift}"
    let text = code.hasSuffix("\n") ? String(code.dropLast()) : code
    let name = language.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "+") }
    let type = name.isEmpty ? "" : " class=\"language-\(name)\""
    let content = isSwift ? codeCache.highlighted(text) : CodeText.visible(OutputText.shortened(text).text)
    html += "<div class=\"code\"><pre tabindex=\"0\"><code\(type)>\(content)</code></pre></div>\n"
  }

  // MARK: - What went wrong

  private mutating func writeFailure(_ cell: Cell, _ result: CellResult) {
    switch result.status {
    case .succeeded, .disabled: return
    case .skipped(let reason):
      html += "<p class=\"notice\"><b>Not run.</b> \(reason.escaped)</p>\n"
    case .failed(let failure):
      let isExpected = cell.options.allowsError ?? notebook.frontMatter.execute.allowsError
      let title = (isExpected ? "Expected failure: " : "") + Self.phrase(for: failure.kind)
      html += "<div class=\"failure\">\n<p><b>\(title.escaped)</b></p>\n"
      for diagnostic in failure.diagnostics.prefix(20) { writeDiagnostic(diagnostic, cell: cell) }
      if failure.diagnostics.count > 20 {
        html += "<p>\(failure.diagnostics.count - 20) further messages are in report.json.</p>\n"
      }
      if !failure.backtrace.isEmpty {
        html += "<details><summary>Backtrace, innermost first</summary>\n"
        html += "<pre tabindex=\"0\">\(CodeText.visible(failure.backtrace.joined(separator: "\n")))</pre></details>\n"
      }
      html += "</div>\n"
    }
  }

  static func phrase(for kind: Failure.Kind) -> String {
    switch kind {
    case .compilation: "This cell does not compile"
    case .thrownError: "This cell threw an error"
    case .trap: "This cell stopped at a run-time check"
    case .exit: "This cell ended its process"
    case .timeout: "This cell ran out of time"
    case .memoryLimit: "This cell ran out of memory"
    case .kernelLost: "The process of this cell was lost"
    case .display: "A value of this cell could not be shown"
    }
  }

  private mutating func writeDiagnostic(_ diagnostic: Diagnostic, cell: Cell) {
    let place = diagnostic.range.map { ":\($0.start.line):\($0.start.column)" } ?? ""
    let file = diagnostic.file.split(separator: "/").last.map(String.init) ?? diagnostic.file
    html += "<p><a href=\"#\(plan.cells[cell.index].id)\"><code>\((file + place).escaped)</code></a> "
    html += "\(diagnostic.severity.rawValue): \(diagnostic.message.squeezed(limit: 2_000).escaped)</p>\n"
    if let caret = sourceLine(of: diagnostic) { html += "<pre tabindex=\"0\">\(CodeText.visible(caret))</pre>\n" }
    if let remedy = diagnostic.remedy { html += "<p>\(remedy.escaped)</p>\n" }
    for note in diagnostic.notes.prefix(10) { html += "<p class=\"muted\">\(note.escaped)</p>\n" }
  }

  /// The line that a message speaks of, with a caret under the column.
  private func sourceLine(of diagnostic: Diagnostic) -> String? {
    guard let start = diagnostic.range?.start, start.line > 0 else { return nil }
    let lines = notebook.source.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(start.line - 1) else { return nil }
    let line = lines[start.line - 1].filter { $0 != "\r" }
    guard line.count <= 200 else { return nil }
    // Tabs keep their width, so the caret stands under its character.
    let margin = line.prefix(max(start.column - 1, 0)).map { $0 == "\t" ? "\t" : " " }.joined()
    return "\(line)\n\(margin)^"
  }

  private mutating func writeWarnings(_ warnings: [Diagnostic]) {
    guard !warnings.isEmpty else { return }
    html += "<details class=\"warnings\"><summary>\(warnings.count) compiler "
    html += "warning\(warnings.count == 1 ? "" : "s")</summary>\n<ul>\n"
    for warning in warnings.prefix(50) {
      let place = warning.range.map { "line \($0.start.line): " } ?? ""
      html += "<li>\((place + warning.message.squeezed(limit: 1_000)).escaped)</li>\n"
    }
    html += "</ul></details>\n"
  }
}
