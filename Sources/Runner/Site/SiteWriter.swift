internal import Display
package import Report
internal import Theme

/// Writes what stands around the reports: index, claims, tags, search, feed, map of the site and machine index.
///
/// It needs the reports' summaries only, so a thousand unchanged reports cost no more than reading those.
package struct SiteWriter: Sendable {
  package let options: ReportOptions
  let frame: PageFrame

  /// - Throws: `PageFrame.TemplateError` when the theme's template cannot be read.
  package init(options: ReportOptions) throws {
    self.options = options
    frame = try PageFrame(
      name: "site.mustache",
      template: options.theme.site,
      style: options.theme.style,
      script: options.theme.script
    )
  }

  /// All files of the site but the reports' own.
  ///
  /// - Parameter reports: summaries in the site's order.
  /// - Returns: files with paths from the site's root.
  package func write(_ reports: [ReportSummary]) -> [OutputFile] {
    var files: [OutputFile] = [index(reports), scorecard(reports), notFound()]
    files += tagPages(reports)
    files += SearchIndex(reports).files
    files.append(searchPage(reports))
    files.append(OutputFile(path: "reports.json", text: MachineIndex.json(reports).prettyText))
    files.append(OutputFile(path: "feed.xml", text: Feed.atom(reports, site: options.site)))
    if let base = options.site.baseURL {
      files.append(OutputFile(path: "sitemap.xml", text: SiteMap.xml(files, reports, base: base)))
    }
    files.append(OutputFile(path: "robots.txt", text: SiteMap.robots(base: options.site.baseURL)))
    if let logo = options.site.logo {
      files.append(OutputFile(path: "assets/\(AssetName.hashed(logo))", bytes: logo.bytes))
    }
    return files
  }

  /// The way from the first page to this one.
  private func crumbs(_ title: String, root: String) -> String {
    "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><ol><li><a href=\"\(root)index.html\">\(options.site.title.escaped)</a></li>"
      + "<li><span aria-current=\"page\">\(title.escaped)</span></li></ol></nav>\n"
  }

  /// Puts content into the frame of the site's own pages; `root` leads from the page to the site's root.
  func page(
    _ path: String,
    title: String,
    description: String,
    content: String,
    script: String? = nil
  ) -> OutputFile {
    let site = options.site
    let root = path.contains("/") ? "../" : ""
    var values: [String: Any] = [
      "language": site.language, "title": title == site.title ? title : "\(title) - \(site.title)", "site": site.title,
      "description": description.squeezed(limit: 200), "generator": "Offprint \(options.version)".squeezed(),
      "content": (path == "index.html" ? "" : crumbs(title, root: root)) + content, "root": root,
      "links": site.links.map {
        ["href": $0.address.contains(":") ? $0.address : root + $0.address, "title": $0.title]
      },
    ]
    if let base = site.baseURL { values["canonical"] = "\(base)/\(path == "index.html" ? "" : path)" }
    if let logo = site.logo { values["logo"] = "\(root)assets/\(AssetName.hashed(logo))" }
    if let script { values["pageScript"] = script }
    return OutputFile(path: path, text: frame.render(values, scripts: script.map { [$0] } ?? []))
  }
}
