internal import Foundation
internal import Yams

/// Reads `site.yml` and checks it as strictly as the head of a notebook.
package enum SiteFileReader {
  private static let keys = ["title", "description", "url", "logo", "font", "links", "language", "theme"]

  /// Parses the text of a site file.
  ///
  /// - Throws: `NotebookError` with place, cause and remedy of everything that is wrong.
  package static func parse(_ text: String, path: String) throws(NotebookError) -> SiteFile {
    var file = SiteFile(path: path)
    var document = YAMLReader(source: SourceText(path: path, text), firstLine: 1)
    if let root = document.compose(text) {
      for (key, node) in document.entries(of: root, what: "site file", keys: keys) {
        file.ranges[key] = document.range(of: node)
        switch key {
        case "title": file.title = document.string(node, key)
        case "description": file.description = document.string(node, key)
        case "url": file.baseURL = address(node, &document)
        case "logo": file.logo = relativePath(node, key, &document)
        case "font": file.font = relativePath(node, key, &document)
        case "theme": file.theme = relativePath(node, key, &document)
        case "language": file.language = FrontMatterReader.language(node, &document)
        case "links": file.links = links(node, &document)
        default: break
        }
      }
    }
    guard document.diagnostics.isEmpty else { throw NotebookError(document.diagnostics) }
    return file
  }

  private static func address(_ node: Node, _ document: inout YAMLReader) -> String? {
    guard let text = document.string(node, "url") else { return nil }
    guard text.wholeMatch(of: #/https?://[A-Za-z0-9.\-]+(:\d+)?(/[A-Za-z0-9._~\-/%]*)?/#) != nil else {
      document.report(
        node,
        "expected an address such as https://example.org/reports, found '\(text)'",
        remedy: "give the address under which readers find the site's first page"
      )
      return nil
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  private static func relativePath(_ node: Node, _ key: String, _ document: inout YAMLReader) -> String? {
    guard let text = document.string(node, key) else { return nil }
    guard !text.isEmpty, !text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
      document.report(
        node,
        "'\(key)' must be a path below the site file's folder, found '\(text)'",
        remedy: "keep the files of the site beside its notebooks"
      )
      return nil
    }
    return text
  }

  /// Links as a mapping of titles to addresses, in the order of the text.
  private static func links(_ node: Node, _ document: inout YAMLReader) -> [SiteFile.Link] {
    document.entries(of: node, what: "'links'", keys: nil).compactMap { title, node in
      guard let address = document.string(node, title) else { return nil }
      let scheme = address.prefix { $0 != ":" }.lowercased()
      guard !address.hasPrefix("/"), !address.contains(":") || ["http", "https", "mailto"].contains(scheme) else {
        document.report(
          node,
          "the link '\(title)' leads to '\(address)', which is neither http, https or mailto nor relative to the site",
          remedy: "write a full address, or one that counts from the site's first page"
        )
        return nil
      }
      return SiteFile.Link(title: title, address: address)
    }
  }
}
