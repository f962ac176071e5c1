package import Theme

/// Who publishes: what stands in the bar at the top of each page, in the feed and in the metadata.
package struct SiteIdentity: Sendable, Hashable {
  /// A link in the bar; relative addresses count from the site's root.
  package struct Link: Sendable, Hashable {
    package var title: String
    package var address: String

    package init(title: String, address: String) {
      self.title = title
      self.address = address
    }
  }

  package var title: String
  package var description: String
  /// Address under which the site is published, without a slash at the end; nil where it is not known.
  package var baseURL: String?
  /// File name and bytes of an SVG or PNG logo.
  package var logo: OutputFile?
  package var links: [Link]
  package var language: String

  package init(
    title: String = "Reports",
    description: String = "",
    baseURL: String? = nil,
    logo: OutputFile? = nil,
    links: [Link] = [],
    language: String = "en"
  ) {
    self.title = title
    self.description = description
    self.baseURL = baseURL
    self.logo = logo
    self.links = links
    self.language = language
  }
}

/// How pages are made.
package struct ReportOptions: Sendable {
  package var site = SiteIdentity()
  /// Whether raw HTML of the notebook and its cells is passed through as it is.
  package var isTrusted = false
  /// One file with everything inside.
  package var isSelfContained = false
  /// Whether a missing text alternative and its like are errors.
  package var isStrict = false
  /// Whether run times appear in the page; they make it differ from run to run.
  package var showsTimes = false
  /// What to replace in a figure's SVG text to get its dark form; nil where there is none.
  package var figurePalette: FigureColors?
  package var theme = Theme.standard
  /// Slugs of all notebooks of the site: links to `name.md` become links to their pages.
  package var slugs: Set<String> = []
  /// Folder that keeps highlighted code between renders; nil to keep none.
  package var codeFolder: String?
  /// Offprint's version, for the generator line.
  package var version = ""

  package init() {}
}

/// The style sheets that a plot carries for light and for dark pages.
package struct FigureColors: Sendable, Hashable {
  package var light: String
  package var dark: String

  package init(light: String, dark: String) {
    self.light = light
    self.dark = dark
  }
}

/// A link to the page before or after in the site's order.
package struct Neighbor: Sendable, Hashable {
  package var slug: String
  package var title: String

  package init(slug: String, title: String) {
    self.slug = slug
    self.title = title
  }
}
