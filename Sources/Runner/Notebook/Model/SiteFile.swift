/// What stands in the site's own file, `site.yml`, beside the notebooks.
package struct SiteFile: Sendable, Hashable {
  /// The name of the file.
  package static let name = "site.yml"

  /// A link in the bar at the top of each page.
  package struct Link: Sendable, Hashable {
    package var title: String
    package var address: String

    package init(title: String, address: String) {
      self.title = title
      self.address = address
    }
  }

  /// Path of the file as it was found.
  package var path: String
  package var title: String?
  package var description: String?
  /// Address under which the site is published, without a slash at its end.
  package var baseURL: String?
  /// Path of a picture, relative to the file.
  package var logo: String?
  /// Path of a WOFF2 file that text is set in, relative to the file.
  package var font: String?
  package var links: [Link] = []
  package var language: String?
  /// Folder of style sheets and templates, relative to the file.
  package var theme: String?
  /// Place of each value, by its key.
  package var ranges: [String: SourceRange] = [:]

  package init(path: String) { self.path = path }
}
