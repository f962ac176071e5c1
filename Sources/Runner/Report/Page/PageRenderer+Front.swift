internal import Display
internal import Notebook
internal import Record

extension PageRenderer {
  /// Title, authors, date, the paper and the one-line verdict.
  func titleBlock(verdicts: [ClaimOutput.Verdict]) -> String {
    let front = notebook.frontMatter
    var html = "<header class=\"title\">\n<h1>\(front.title.escaped)</h1>\n"
    if let subtitle = front.subtitle { html += "<p class=\"subtitle\">\(subtitle.escaped)</p>\n" }
    if let paper = front.paper { html += "<p class=\"paper\">Replicates \(Self.reference(to: paper))</p>\n" }
    var facts: [String] = front.authors.map(Self.author)
    if let date = front.date {
      let readable = DateText.readable(date).escaped
      facts.append(DateText.isDate(date) ? "<time datetime=\"\(date.escaped)\">\(readable)</time>" : readable)
    }
    if !facts.isEmpty {
      html += "<p class=\"byline\">\(facts.joined(separator: "<span class=\"dot\"> · </span>"))</p>\n"
    }
    if !verdicts.isEmpty {
      html += "<p class=\"verdict-line\"><b>Verdict:</b> \(VerdictText.summary(verdicts)).</p>\n"
    }
    if !front.tags.isEmpty {
      let tags = front.tags.map { "<li><a href=\"\(root)tags/\(Slug.make($0)).html\">\($0.escaped)</a></li>" }
      html += options.isSelfContained ? "" : "<ul class=\"tags\" aria-label=\"Tags\">\(tags.joined())</ul>\n"
    }
    return html + "</header>\n"
  }

  /// The way from the page to the site's root.
  var root: String { "../" }

  static func author(_ author: Author) -> String {
    var html = author.name.escaped
    let id = author.orcid?.split(separator: "/").last ?? ""
    if id.wholeMatch(of: #/\d{4}-\d{4}-\d{4}-\d{3}[\dX]/#) != nil {
      html +=
        " <a href=\"https://orcid.org/\(id.escaped)\">ORCID<span class=\"vh\"> of \(author.name.escaped)</span></a>"
    }
    if let affiliation = author.affiliation { html += " <span class=\"muted\">(\(affiliation.escaped))</span>" }
    return html
  }

  /// The replicated paper with links to where it can be read.
  static func reference(to paper: Paper) -> String {
    var html = "<cite>\(paper.title.escaped)</cite>"
    if !paper.authors.isEmpty {
      let names = paper.authors.count > 4 ? [paper.authors[0], "et al."] : paper.authors
      html += ", \(names.joined(separator: ", ").escaped)"
    }
    if let venue = paper.venue { html += ", \(venue.escaped)" }
    if let year = paper.year { html += ", \(year)" }
    if !html.hasSuffix(".") { html += "." }
    if let doi = paper.doi, Identifier.isDOI(doi) {
      html += " <a href=\"https://doi.org/\(doi.escaped)\">doi:\(doi.escaped)</a>"
    }
    if let arxiv = paper.arxiv.map(ArXiv.id), Identifier.isArXiv(arxiv) {
      html += " <a href=\"https://arxiv.org/abs/\(arxiv.escaped)\">arXiv:\(arxiv.escaped)</a>"
    }
    if let code = paper.code.flatMap({ LinkTarget($0, slugs: []).address }), code.hasPrefix("http") {
      html += " <a href=\"\(code.escaped)\">Authors’ code</a>"
    }
    return html
  }

  mutating func abstract() -> String {
    guard let text = notebook.frontMatter.abstract?.squeezed(limit: 10_000), !text.isEmpty else { return "" }
    searchSections.append(SearchSection(id: "", title: notebook.frontMatter.title, text: text))
    let id = plan.own("abstract")
    return "<section class=\"abstract\" id=\"\(id)\" aria-labelledby=\"\(id)-h\">\n"
      + "<h2 id=\"\(id)-h\">Abstract</h2>\n<p>\(text.escaped)</p>\n</section>\n"
  }

  /// A plain line that says what went wrong, with a link to the first place.
  func banner() -> String {
    let failed = record.failedCells(in: notebook).map { plan.cells[$0].id }
    let skipped = record.cells.filter { if case .skipped = $0.status { true } else { false } }.count
    let values = record.expressions.filter { if case .failed = $0 { true } else { false } }.count
    var parts: [String] = []
    if let first = failed.first {
      let cells = "\(failed.count) of \(record.cells.count) cell\(record.cells.count == 1 ? "" : "s") failed"
      parts.append("<a href=\"#\(first)\">\(cells)</a>")
    }
    if skipped > 0 { parts.append("\(skipped) not run") }
    if values > 0 { parts.append("\(values) value\(values == 1 ? "" : "s") in the text could not be computed") }
    return parts.isEmpty ? "" : "<p class=\"banner\"><b>Incomplete:</b> \(parts.joined(separator: "; ")).</p>\n"
  }

  /// Sections of the page up to three levels deep, then those of the end matter.
  func contents(endSections: [(id: String, title: String)]) -> String {
    var entries = plan.headings.filter { $0.opensSection && $0.level <= 4 }.map { ($0.level, $0.id, $0.text) }
    if !glance().isEmpty { entries.insert((2, plan.own("at-a-glance"), "At a glance"), at: 0) }
    entries += endSections.map { (2, $0.id, $0.title) }
    guard entries.count > 1 else { return "" }
    var html = ""
    var open: [Int] = []
    for (level, id, title) in entries {
      while let last = open.last, last > level {
        html += "</li></ol>"
        open.removeLast()
      }
      if open.last == level { html += "</li>" } else { html += "<ol>" }
      if open.last != level { open.append(level) }
      html += "<li><a href=\"#\(id)\">\(title.isEmpty ? id : title.escaped)</a>"
    }
    return html + String(repeating: "</li></ol>", count: open.count)
  }
}

/// Dates for readers.
package enum DateText {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  static func isDate(_ text: String) -> Bool {
    text.wholeMatch(of: #/\d{4}(-\d{2}(-\d{2}(T[\d:]{5,8}(Z|[+\-]\d{2}:\d{2})?)?)?)?/#) != nil
  }

  /// "2026-01-31" becomes "31 January 2026"; anything else stays.
  package static func readable(_ date: String) -> String {
    let parts = date.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]), (1...31).contains(parts[2]) else { return date.squeezed() }
    return "\(parts[2])\u{A0}\(months[parts[1] - 1]) \(parts[0])"
  }
}
