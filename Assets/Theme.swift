/// Style sheet, scripts and templates of pages; each part can be replaced by a site's own file of the same name.
public struct Theme: Sendable, Hashable {
  /// The style sheet that every page holds.
  public var style: String
  /// The script that adds comfort to a page that is complete without it.
  public var script: String
  /// The frame of every page.
  public var page: String
  /// The frame of the pages of a site that are no reports.
  public var site: String
  /// The search script, loaded on first use.
  public var search: String

  /// The theme that comes with Offprint.
  public static let standard = Theme(
    style: text(PackageResources.theme_css),
    script: text(PackageResources.page_js),
    page: text(PackageResources.page_mustache),
    site: text(PackageResources.site_mustache),
    search: text(PackageResources.search_js)
  )

  /// The names of files that a site may put into its theme folder.
  public static let fileNames = ["theme.css", "page.js", "page.mustache", "site.mustache", "search.js", "custom.css"]

  /// The theme with some parts replaced.
  ///
  /// - Parameter read: gives the text of a file of `fileNames`, or nil where the site has none. `custom.css` is added
  ///   to the style sheet; all others replace their part.
  /// - Returns: the theme of the site.
  public func overridden(by read: (String) throws -> String?) rethrows -> Theme {
    var theme = self
    if let text = try read("theme.css") { theme.style = text }
    if let text = try read("page.js") { theme.script = text }
    if let text = try read("page.mustache") { theme.page = text }
    if let text = try read("site.mustache") { theme.site = text }
    if let text = try read("search.js") { theme.search = text }
    if let text = try read("custom.css") { theme.style += "\n" + text }
    return theme
  }

  /// The theme with text set in a font that the style sheet carries.
  ///
  /// - Parameter font: a WOFF2 file in base 64.
  /// - Returns: the theme whose letters are those of the font, and the system's where it has none.
  public func settingText(inFont font: String) -> Theme {
    var theme = self
    theme.style += """

      @font-face { font-family: "Site"; src: url(data:font/woff2;base64,\(font)) format("woff2"); font-display: swap; font-weight: 100 900; }
      :root { --text-font: "Site", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
      """
    return theme
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
