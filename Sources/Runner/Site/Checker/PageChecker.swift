package import Report

/// Checks pages without a browser: structure, links, figures, tables, sound, formulas, budgets, safety, provenance.
///
/// It reads files only through `read`, so that it works on a folder as well as on files that are not written yet.
package struct PageChecker: Sendable {
  private let read: @Sendable (String) -> [UInt8]?

  /// - Parameter read: the bytes of a file by its path in the site; nil where there is none.
  package init(read: @escaping @Sendable (String) -> [UInt8]?) {
    self.read = read
  }

  package init(files: [OutputFile]) {
    let table = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
    read = { table[$0] }
  }

  /// Checks pages and the links between them.
  ///
  /// - Parameter paths: all files of the site.
  /// - Returns: findings in the order of pages and lines.
  package func check(_ paths: [String]) -> [Finding] {
    var findings: [Finding] = []
    let known = Set(paths)
    var ids: [String: Set<String>] = [:]
    var links: [PageLink] = []
    for path in paths.sorted() where path.hasSuffix(".html") {
      guard let bytes = read(path) else { continue }
      var rules = PageRules(path: path, html: String(decoding: bytes, as: UTF8.self), known: known, read: read)
      rules.check()
      findings += rules.findings
      links += rules.links
      ids[path] = rules.ids
    }
    findings += checkLinks(links, ids: ids, known: known)
    for path in paths.sorted() where path.hasSuffix(".svg") { findings += checkDrawing(path) }
    return findings.sorted { ($0.page, $0.line, $0.rule) < ($1.page, $1.line, $1.rule) }
  }

  private func checkLinks(_ links: [PageLink], ids: [String: Set<String>], known: Set<String>) -> [Finding] {
    links.compactMap { link in
      guard known.contains(link.target) else {
        return Finding(
          "STR-3",
          page: link.page,
          line: link.line,
          "link to '\(link.target)', which is not in the site",
          remedy: "Correct the address, or add the file."
        )
      }
      guard !link.fragment.isEmpty, let places = ids[link.target], !places.contains(link.fragment) else { return nil }
      return Finding(
        "STR-3",
        page: link.page,
        line: link.line,
        "link to '\(link.target)#\(link.fragment)', where no place has that name",
        remedy: "Name an id that the page holds."
      )
    }
  }

  private func checkDrawing(_ path: String) -> [Finding] {
    guard let bytes = read(path) else { return [] }
    let text = String(decoding: bytes, as: UTF8.self)
    guard SVGSieve.clean(text) != text else { return [] }
    return [
      Finding(
        "SAF-3",
        page: path,
        line: 0,
        "the drawing holds a script, a handler or a reference to elsewhere",
        remedy: "Draw it again without these, or let the report writer clean it."
      )
    ]
  }
}

/// A link to a file of the site.
struct PageLink {
  var page: String
  var line: Int
  var target: String
  var fragment: String

  /// The path that a relative address means; nil where it leaves the site.
  static func resolve(_ address: String, from page: String) -> (path: String, fragment: String)? {
    let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts[0].split(separator: "?", omittingEmptySubsequences: false)[0]
    let fragment = parts.count > 1 ? PercentText.decoded(String(parts[1])) : ""
    if path.isEmpty { return (page, fragment) }
    var folders = page.split(separator: "/").dropLast().map(String.init)
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      switch part {
      case "..":
        guard !folders.isEmpty else { return nil }
        folders.removeLast()
      case ".", "": continue
      default: folders.append(PercentText.decoded(String(part)))
      }
    }
    if path.hasSuffix("/") || folders.isEmpty { folders.append("index.html") }
    return (folders.joined(separator: "/"), fragment)
  }
}

/// Percent signs of addresses.
enum PercentText {
  static func decoded(_ text: String) -> String {
    guard text.utf8.contains(0x25) else { return text }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
