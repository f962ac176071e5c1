internal import Display
internal import Report
internal import Theme

extension SiteWriter {
  // MARK: - Index

  func index(_ reports: [ReportSummary]) -> OutputFile {
    var html = "<h1>\(options.site.title.escaped)</h1>\n"
    if !options.site.description.isEmpty { html += "<p class=\"subtitle\">\(options.site.description.escaped)</p>\n" }
    let verdicts = reports.flatMap(\.verdicts)
    if !verdicts.isEmpty {
      html += "<p>\(reports.count) report\(reports.count == 1 ? "" : "s"); \(VerdictText.summary(verdicts)). "
      html += "<a href=\"scorecard.html\">All claims</a></p>\n"
    }
    if reports.isEmpty {
      html += "<p>There are no reports yet.</p>\n"
    } else {
      // Few reports are read one by one; many are compared and sorted.
      html += reports.count < 8 ? Self.cards(reports, root: "", level: 2) : Self.table(reports)
    }
    let tags = Self.tags(reports)
    if !tags.isEmpty {
      let items = tags.map { "<li><a href=\"tags/\($0.slug).html\">\($0.name.escaped) (\($0.reports.count))</a></li>" }
      html += "<h2 id=\"tags\">Tags</h2>\n<ul class=\"tags\">\(items.joined())</ul>\n"
    }
    let description =
      options.site.description.isEmpty ? "All reports of \(options.site.title)" : options.site.description
    return page("index.html", title: options.site.title, description: description, content: html)
  }

  static func table(_ reports: [ReportSummary]) -> String {
    var html = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"reports-c\">\n"
    html += "<table class=\"reports\" data-sortable><caption id=\"reports-c\">All reports.</caption>\n<thead><tr>"
    for name in ["Report", "Claims", "Date", "Profile", "Tags"] { html += "<th scope=\"col\">\(name)</th>" }
    html += "<th scope=\"col\" class=\"num\">Cells</th></tr></thead>\n<tbody>\n"
    for report in reports {
      html += "<tr><th scope=\"row\"><a href=\"\(report.slug)/index.html\">\(report.title.escaped)</a>"
      if let paper = report.paper { html += "<br><span class=\"muted\">\(paper.squeezed(limit: 120).escaped)</span>" }
      html += "</th><td>\(counts(report))</td>"
      html +=
        "<td class=\"nw\">\(report.date.map { "<time datetime=\"\($0.escaped)\">\($0.escaped)</time>" } ?? dash)</td>"
      html += "<td>\(report.profile?.escaped ?? "default")</td>"
      html += "<td>\(report.tags.isEmpty ? dash : report.tags.joined(separator: ", ").escaped)</td>"
      html += "<td class=\"num\">\(report.cellCount)</td></tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  static let dash = "–<span class=\"vh\"> not available</span>"

  static func cards(_ reports: [ReportSummary], root: String, level: Int) -> String {
    var html = "<ul class=\"cards\">\n"
    for report in reports {
      html += "<li><h\(level)><a href=\"\(root)\(report.slug)/index.html\">\(report.title.escaped)</a></h\(level)>\n"
      if let paper = report.paper { html += "<p>Replicates <cite>\(paper.escaped)</cite></p>\n" }
      if let subtitle = report.subtitle ?? report.abstract {
        html += "<p>\(subtitle.squeezed(limit: 220).escaped)</p>\n"
      }
      var facts: [String] = []
      if let date = report.date {
        facts.append("<time datetime=\"\(date.escaped)\">\(DateText.readable(date).escaped)</time>")
      }
      if !report.authors.isEmpty { facts.append(report.authors.joined(separator: ", ").escaped) }
      if let profile = report.profile { facts.append("profile \(profile.escaped)") }
      facts += report.tags.map(\.escaped)
      if !facts.isEmpty { html += "<p class=\"muted\">\(facts.joined(separator: " · "))</p>\n" }
      html += "<p>\(counts(report))</p></li>\n"
    }
    return html + "</ul>\n"
  }

  /// The verdicts of a report, each with its shape, word and number.
  private static func counts(_ report: ReportSummary) -> String {
    var parts: [String] = []
    for verdict in ClaimOutput.Verdict.allCases {
      let count = report.verdicts.filter { $0 == verdict }.count
      if count > 0 { parts.append("<span class=\"nw\">\(count) \(VerdictText.html(verdict))</span>") }
    }
    if report.failedCells > 0 {
      parts.append("<span class=\"red\">\(report.failedCells) of \(report.cellCount) cells failed</span>")
    }
    return parts.isEmpty ? "<span class=\"muted\">no claims</span>" : parts.joined(separator: ", ")
  }

  // MARK: - Claims of all reports

  func scorecard(_ reports: [ReportSummary]) -> OutputFile {
    let reports = reports.filter { !$0.claims.isEmpty }
    var html = "<h1>Claims</h1>\n"
    html += "<p>What became of each claim of the replicated papers: "
    html += "\(VerdictText.summary(reports.flatMap(\.verdicts))).</p>\n"
    if !reports.isEmpty {
      html += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"claims-c\">\n"
      html += "<table class=\"glance\" data-sortable><caption id=\"claims-c\">Claims of all reports.</caption>\n"
      html += "<thead><tr>"
      for name in ["Claim", "Verdict", "Published", "Measured"] { html += "<th scope=\"col\">\(name)</th>" }
      html += "</tr></thead>\n"
      for report in reports { html += Self.claims(of: report) }
      html += "</table></div>\n"
    }
    return page("scorecard.html", title: "Claims", description: "All claims and their verdicts", content: html)
  }

  /// The claims of one report as a group of rows.
  private static func claims(of report: ReportSummary) -> String {
    let address = "\(report.slug)/index.html"
    var html = "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"4\">"
    html += "<a href=\"\(address)\">\(report.title.escaped)</a> "
    html += "<span class=\"muted\">\(VerdictText.summary(report.verdicts))</span></th></tr>\n"
    for claim in report.claims {
      html += "<tr><th scope=\"row\"><a href=\"\(address)#\(claim.anchor)\">\(claim.statement.escaped)</a>"
      if let source = claim.source { html += " <span class=\"muted\">\(source.escaped)</span>" }
      html += "</th><td>\(VerdictText.html(claim.outcome))</td>"
      for text in [claim.paper, claim.measured] { html += "<td>\(text?.escaped ?? dash)</td>" }
      html += "</tr>\n"
    }
    return html + "</tbody>\n"
  }

  // MARK: - Tags

  struct Tag {
    var name: String
    var slug: String
    var reports: [ReportSummary]
  }

  static func tags(_ reports: [ReportSummary]) -> [Tag] {
    var tags: [String: Tag] = [:]
    for report in reports {
      for name in report.tags {
        tags[Slug.make(name), default: Tag(name: name, slug: Slug.make(name), reports: [])].reports.append(report)
      }
    }
    return tags.values.sorted { $0.slug < $1.slug }
  }

  func tagPages(_ reports: [ReportSummary]) -> [OutputFile] {
    Self.tags(reports).map { tag in
      let count = "\(tag.reports.count) report\(tag.reports.count == 1 ? "" : "s")"
      let html = "<h1>\(tag.name.escaped)</h1>\n<p>\(count) with this tag.</p>\n"
      return page(
        "tags/\(tag.slug).html",
        title: tag.name,
        description: "Reports about \(tag.name)",
        content: html + Self.cards(tag.reports, root: "../", level: 2)
      )
    }
  }

  // MARK: - Search and the page for wrong addresses

  func searchPage(_ reports: [ReportSummary]) -> OutputFile {
    // The box stands in the page from the start, so that nothing moves when its script arrives.
    var html = """
      <h1>Search</h1>
      <div id="search">
      <label for="query">Words to look for</label>
      <input type="search" id="query" autocomplete="off">
      <p role="status"></p>
      <ol class="cards"></ol>
      </div>
      <h2>All reports</h2>
      <ul>

      """
    for report in reports.sorted(by: { ($0.title.lowercased(), $0.slug) < ($1.title.lowercased(), $1.slug) }) {
      html += "<li><a href=\"\(report.slug)/index.html\">\(report.title.escaped)</a></li>\n"
    }
    html += "</ul>\n"
    return page(
      "search.html",
      title: "Search",
      description: "Search in all reports",
      content: html,
      script: options.theme.search
    )
  }

  func notFound() -> OutputFile {
    // A server shows this page under any address, where relative links lead nowhere: a known address helps.
    let home = options.site.baseURL.map { "\($0)/index.html" } ?? "index.html"
    let html =
      "<h1>No such page</h1>\n<p>Nothing is published at this address. "
      + "<a href=\"\(home.escaped)\">All reports</a> are listed on the first page.</p>\n"
    return page("404.html", title: "No such page", description: "Nothing is published at this address", content: html)
  }
}
