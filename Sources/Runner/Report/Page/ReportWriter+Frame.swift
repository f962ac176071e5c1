internal import Notebook
internal import Record

extension ReportWriter {
  /// Puts the article into the page's frame.
  func fill(
    _ renderer: PageRenderer,
    article: String,
    end: [PageRenderer.EndSection],
    previous: Neighbor?,
    next: Neighbor?
  ) -> String {
    let front = renderer.notebook.frontMatter
    let site = options.site
    let base = site.baseURL
    let description = (front.abstract ?? front.subtitle ?? front.title).squeezed(limit: 200)
    var values: [String: Any] = [
      "language": Self.languageTag(front.language), "title": front.title.squeezed(), "site": site.title,
      "description": description, "generator": "Offprint \(options.version)".squeezed(),
      "contents": renderer.contents(endSections: end.map { ($0.id, $0.title) }), "article": article,
      "meta": Self.citationTags(front), "jsonld": jsonLD(front, slug: renderer.slug).text, "root": renderer.root,
      "isSite": !options.isSelfContained, "links": links(root: renderer.root),
    ]
    if let base { values["canonical"] = "\(base)/\(renderer.slug)/" }
    if let base, let picture = renderer.files.first(where: { $0.path.hasSuffix(".png") }) {
      values["picture"] = "\(base)/\(renderer.slug)/\(picture.path)"
    }
    if let logo = site.logo { values["logo"] = "\(renderer.root)assets/\(AssetName.hashed(logo))" }
    if !options.isSelfContained {
      if let previous { values["previous"] = ["href": "../\(previous.slug)/index.html", "title": previous.title] }
      if let next { values["next"] = ["href": "../\(next.slug)/index.html", "title": next.title] }
      values["hasNeighbors"] = previous != nil || next != nil
    }
    return frame.render(values)
  }

  private func links(root: String) -> [[String: String]] {
    guard !options.isSelfContained else { return [] }
    return options.site.links.compactMap { link in
      guard let address = LinkTarget(link.address, slugs: []).address else { return nil }
      return ["href": address.contains(":") ? address : root + address, "title": link.title]
    }
  }

  /// The language where it is a well-formed tag, else English.
  static func languageTag(_ text: String) -> String {
    text.wholeMatch(of: #/[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*/#) == nil ? "en" : text
  }

  /// The tags that reference managers read.
  private static func citationTags(_ front: FrontMatter) -> [[String: String]] {
    var tags = [["name": "citation_title", "content": front.title.squeezed()]]
    for author in front.authors { tags.append(["name": "citation_author", "content": author.name]) }
    if let date = front.date {
      tags.append(["name": "citation_publication_date", "content": date.replacing("-", with: "/")])
    }
    for tag in front.tags { tags.append(["name": "citation_keywords", "content": tag]) }
    return tags
  }

  private func jsonLD(_ front: FrontMatter, slug: String) -> JSON {
    let authors = front.authors.map { author -> JSON in
      .object([
        "@type": .string("Person"), "name": .string(author.name),
        "@id": author.orcid.map { id in .string(id.hasPrefix("http") ? id : "https://orcid.org/\(id)") },
        "affiliation": JSON.optional(author.affiliation),
      ])
    }
    var source: JSON?
    if let paper = front.paper {
      let address =
        paper.doi.map { "https://doi.org/\($0)" } ?? paper.arxiv.map { "https://arxiv.org/abs/\(ArXiv.id($0))" }
      source = .object([
        "@type": .string("ScholarlyArticle"), "name": .string(paper.title), "@id": JSON.optional(address),
        "author": paper.authors.isEmpty ? nil : .array(paper.authors.map(JSON.string)),
      ])
    }
    return .object([
      "@context": .string("https://schema.org"), "@type": .string("ScholarlyArticle"),
      "headline": .string(front.title), "author": authors.isEmpty ? nil : .array(authors),
      "datePublished": JSON.optional(front.date), "inLanguage": .string(Self.languageTag(front.language)),
      "abstract": JSON.optional(front.abstract?.squeezed()), "isBasedOn": source,
      "keywords": front.tags.isEmpty ? nil : .array(front.tags.map(JSON.string)),
      "url": options.site.baseURL.map { .string("\($0)/\(slug)/") },
    ])
  }
}

/// Names of files that all pages share: they hold the content's digest, so a changed file is never taken for the old one.
package enum AssetName {
  package static func hashed(_ file: OutputFile) -> String {
    let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let stem = parts.dropLast().joined(separator: ".")
    let hash = ContentHash(file.bytes).description.prefix(12)
    return parts.count > 1 ? "\(stem)-\(hash).\(parts[parts.count - 1])" : "\(name)-\(hash)"
  }
}
