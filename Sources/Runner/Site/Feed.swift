internal import Report

/// The site's feed (Atom, RFC 4287).
///
/// Entries keep their ids for ever, and their dates are those of the reports, so an
/// unchanged site gives an unchanged feed.
enum Feed {
  static func atom(_ reports: [ReportSummary], site: SiteIdentity) -> String {
    let base = site.baseURL.map { $0 + "/" } ?? ""
    let authority = host(site.baseURL) ?? "offprint.invalid"
    let latest = reports.compactMap(\.date).map(timestamp).max() ?? "1970-01-01T00:00:00Z"
    var xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
    xml += "<title>\(site.title.escaped)</title>\n<id>tag:\(authority),2026:\(Slug.make(site.title))</id>\n"
    xml += "<updated>\(latest)</updated>\n<author><name>\(site.title.escaped)</name></author>\n"
    if site.baseURL != nil { xml += "<link rel=\"self\" href=\"\((base + "feed.xml").escaped)\"/>\n" }
    xml += "<link href=\"\((base + "index.html").escaped)\"/>\n"
    let newest = reports.sorted { ($0.date ?? "", $1.slug) > ($1.date ?? "", $0.slug) }.prefix(100)
    for report in newest {
      // The id holds the content's digest as its fragment's home would change; readers see an update by the title's date.
      xml += "<entry>\n<title>\(report.title.escaped)</title>\n"
      xml += "<id>tag:\(authority),2026:report/\(report.slug)</id>\n"
      xml += "<updated>\(report.date.map(timestamp) ?? "1970-01-01T00:00:00Z")</updated>\n"
      xml += "<link href=\"\((base + report.slug + "/index.html").escaped)\"/>\n"
      for author in report.authors { xml += "<author><name>\(author.escaped)</name></author>\n" }
      for tag in report.tags { xml += "<category term=\"\(tag.escaped)\"/>\n" }
      let summary = [VerdictText.summary(report.verdicts) + ".", report.abstract].compactMap { $0 }.joined(
        separator: " "
      )
      xml += "<summary>\(summary.escaped)</summary>\n</entry>\n"
    }
    return xml + "</feed>\n"
  }

  /// A date as the feed wants it: midnight where no time is given.
  static func timestamp(_ date: String) -> String {
    if date.wholeMatch(of: #/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+\-]\d{2}:\d{2})/#) != nil { return date }
    let day = date.prefix(10)
    return day.wholeMatch(of: #/\d{4}-\d{2}-\d{2}/#) == nil ? "1970-01-01T00:00:00Z" : "\(day)T00:00:00Z"
  }

  private static func host(_ address: String?) -> String? {
    address?.split(separator: "/").first { $0.contains(".") }.map(String.init)
  }
}

/// The lists for search engines.
enum SiteMap {
  static func xml(_ files: [OutputFile], _ reports: [ReportSummary], base: String) -> String {
    var addresses = files.map(\.path).filter { $0.hasSuffix(".html") && $0 != "404.html" }
    addresses += reports.map { "\($0.slug)/index.html" }
    var xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    xml += "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
    for address in addresses.sorted() { xml += "<url><loc>\("\(base)/\(address)".escaped)</loc></url>\n" }
    return xml + "</urlset>\n"
  }

  static func robots(base: String?) -> String {
    "User-agent: *\nAllow: /\n" + (base.map { "Sitemap: \($0)/sitemap.xml\n" } ?? "")
  }
}
