internal import Display
internal import Notebook
internal import Record

extension PageRenderer {
  /// A section after the text, with its name for the table of contents.
  struct EndSection {
    var id: String
    var title: String
    var html: String
  }

  mutating func endMatter(provenance: JSON) -> [EndSection] {
    var sections: [EndSection] = []
    // Footnotes may cite: they are written before the references, and the references before their links back.
    let notes = footnotes()
    if !plan.limitations.isEmpty {
      sections.append(EndSection(id: plan.own("limitations"), title: "Limitations", html: list(plan.limitations)))
    }
    if !plan.deviations.isEmpty {
      let title = "Deviations from the paper"
      sections.append(EndSection(id: plan.own("deviations"), title: title, html: list(plan.deviations)))
    }
    if let references = references() { sections.append(references) }
    if let notes { sections.append(notes) }
    sections.append(howToCite())
    sections.append(EndSection(id: plan.own("provenance"), title: "Provenance", html: provenanceTable(provenance)))
    if !options.isSelfContained { sections.append(downloadList()) }
    return sections
  }

  private func list(_ callouts: [Plan.ListedCallout]) -> String {
    var html = "<ul>\n"
    for callout in callouts {
      let title = callout.title.isEmpty ? Self.firstWords(callout.content) : callout.title.plainText
      html += "<li><a href=\"#\(callout.id)\">\(title.squeezed(limit: 160).escaped)</a></li>\n"
    }
    return html + "</ul>\n"
  }

  private static func firstWords(_ blocks: [Block]) -> String {
    for block in blocks {
      if case .paragraph(let content) = block.kind { return content.plainText }
    }
    return "Call-out"
  }

  private func references() -> EndSection? {
    let cited = plan.citedKeys.filter { bibliography[$0] != nil }
    guard !cited.isEmpty else { return nil }
    var html =
      "<div role=\"doc-bibliography\" aria-labelledby=\"\(plan.own("references"))-h\"><ol class=\"references\">\n"
    for key in cited {
      guard let entry = bibliography[key], let number = plan.citationNumbers[key] else { continue }
      html += "<li id=\"ref-\(number)\" value=\"\(number)\">\(entry.html()) "
      html += backLinks(citationMarks[key] ?? [], what: "citation") + "</li>\n"
    }
    return EndSection(id: plan.own("references"), title: "References", html: html + "</ol></div>\n")
  }

  private func backLinks(_ marks: [String], what: String) -> String {
    marks.enumerated().map { index, id in
      let number = marks.count > 1 ? " \(index + 1)" : ""
      return "<a class=\"back\" role=\"doc-backlink\" href=\"#\(id)\" aria-label=\"Back to \(what)\(number)\">↩</a>"
    }.joined(separator: " ")
  }

  private mutating func footnotes() -> EndSection? {
    guard !notebook.footnotes.isEmpty else { return nil }
    let body = html
    html = "<ol class=\"footnotes\">\n"
    for footnote in notebook.footnotes {
      let number = plan.footnoteNumbers[footnote.label] ?? 0
      // Names for the style sheet, which puts the note beside its first mark and below the note before.
      html += "<li id=\"fn-\(number)\" style=\"--mark: --fnref-\(number); --note: --fn-\(number); "
      html += "--before: --fn-\(number - 1)\">"
      for block in footnote.blocks { write(block, depth: 1) }
      html += backLinks(footnoteMarks[footnote.label] ?? [], what: "reference \(number), mark") + "</li>\n"
    }
    let list = html + "</ol>\n"
    html = body
    return EndSection(
      id: plan.own("notes"),
      title: "Notes",
      html: "<div role=\"doc-endnotes\" aria-labelledby=\"\(plan.own("notes"))-h\">\(list)</div>\n"
    )
  }

  private func howToCite() -> EndSection {
    let code =
      "<div class=\"code\"><pre tabindex=\"0\"><code class=\"language-bibtex\">\(CodeText.visible(ownBibTeX))</code></pre></div>\n"
    return EndSection(id: plan.own("how-to-cite"), title: "How to cite", html: code)
  }

  private var ownBibTeX: String {
    let front = notebook.frontMatter
    func braced(_ text: String) -> String { "{" + text.squeezed().filter { $0 != "{" && $0 != "}" } + "}" }
    var fields: [(String, String)] = [("title", braced(front.title))]
    if !front.authors.isEmpty {
      fields.append(("author", braced(front.authors.map(\.name).joined(separator: " and "))))
    }
    if let date = front.date, date.count >= 4 { fields.append(("year", braced(String(date.prefix(4))))) }
    fields.append(("howpublished", braced(options.site.title)))
    if let base = options.site.baseURL { fields.append(("url", braced("\(base)/\(slug)/"))) }
    if let paper = front.paper {
      let source = paper.doi.map { "doi:\($0)" } ?? paper.arxiv.map { "arXiv:\(ArXiv.id($0))" }
      fields.append(("note", braced("Replication of: \(paper.title)" + (source.map { ", \($0)" } ?? ""))))
    }
    let lines = fields.map { "  \($0.0) = \($0.1)" }.joined(separator: ",\n")
    return "@misc{\(slug),\n\(lines)\n}"
  }

  private func downloadList() -> EndSection {
    var items = ["<li>Notebook: <a href=\"\(slug).md\">\(slug).md</a></li>"]
    items.append("<li>Results and provenance: <a href=\"report.json\">report.json</a></li>")
    for download in downloads {
      let links = download.paths.map { "<a href=\"\($0.escaped)\">\($0.escaped)</a>" }
      items.append("<li>\(download.title.escaped): \(links.joined(separator: ", "))</li>")
    }
    return EndSection(
      id: plan.own("downloads"),
      title: "Downloads",
      html: "<ul>\n\(items.joined(separator: "\n"))\n</ul>\n"
    )
  }

  // MARK: - Provenance

  private func provenanceTable(_ provenance: JSON) -> String {
    let environment = record.environment
    var rows: [(String, String)] = [
      ("Notebook", environment.notebookHash.isEmpty ? "" : "SHA-256 \(environment.notebookHash)"),
      ("Offprint", environment.offprintVersion), ("Swift", environment.swiftVersion),
      ("System", environment.operatingSystem), ("Processor", environment.processor),
      ("Cores", environment.cores > 0 ? "\(environment.cores)" : ""),
      ("Threads", environment.threads > 0 ? "\(environment.threads)" : ""),
      ("Linear algebra", environment.linearAlgebra), ("Profile", record.profile ?? "defaults of the notebook"),
    ]
    for data in environment.data {
      rows.append(("Data: \(data.name)", "\(data.note.isEmpty ? "" : data.note + ", ")SHA-256 \(data.hash)"))
    }
    var html = "<details class=\"provenance\"><summary>Environment, parameters and keys of all cells</summary>\n"
    html += openScroll(label: "aria-labelledby=\"\(plan.own("provenance"))-c\"")
    html += "<table><caption id=\"\(plan.own("provenance"))-c\">Environment</caption>\n<tbody>\n"
    for (name, value) in rows where !value.isEmpty {
      html += "<tr><th scope=\"row\">\(name.escaped)</th><td class=\"hash\">\(value.escaped)</td></tr>\n"
    }
    html += "</tbody></table></div>\n"
    html += parameterTable() + cellTable()
    return html + "</details>\n<script type=\"application/json\" id=\"provenance-data\">\(provenance.text)</script>\n"
  }

  private func parameterTable() -> String {
    guard !record.parameters.isEmpty else { return "" }
    var html = openScroll(label: "aria-labelledby=\"\(plan.own("parameters"))-c\"")
    html +=
      "<table><caption id=\"\(plan.own("parameters"))-c\">Parameters</caption>\n<thead><tr><th scope=\"col\">Name</th>"
    html += "<th scope=\"col\">Value</th><th scope=\"col\">Default</th></tr></thead>\n<tbody>\n"
    for parameter in record.parameters {
      html += "<tr><th scope=\"row\"><code>\(parameter.name.escaped)</code></th>"
      html += "<td>\(parameter.value.squeezed(limit: 200).escaped)</td>"
      html += "<td>\((parameter.defaultValue ?? parameter.value).squeezed(limit: 200).escaped)</td></tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  private func cellTable() -> String {
    guard !record.cells.isEmpty else { return "" }
    var html = openScroll(label: "aria-labelledby=\"\(plan.own("cells"))-c\"")
    html += "<table><caption id=\"\(plan.own("cells"))-c\">Cells</caption>\n<thead><tr><th scope=\"col\">Cell</th>"
    html += "<th scope=\"col\">State</th><th scope=\"col\">Key</th>"
    if options.showsTimes { html += "<th scope=\"col\" class=\"num\">Time</th>" }
    html += "</tr></thead>\n<tbody>\n"
    for (index, cell) in record.cells.enumerated() where notebook.cells.indices.contains(index) {
      let word = Self.word(of: cell.status)
      let name = notebook.cells[index].name.escaped
      let isIncluded = notebook.cells[index].options.isIncluded
      html += "<tr><th scope=\"row\">\(isIncluded ? "<a href=\"#\(plan.cells[index].id)\">\(name)</a>" : name)</th>"
      html +=
        "<td>\(word.isEmpty ? "ran" : word)</td><td class=\"hash\">\(cell.key.isEmpty ? "–" : cell.key.escaped)</td>"
      if options.showsTimes { html += "<td class=\"num\">\(Self.time(cell.times.runWall))</td>" }
      html += "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }
}
