internal import Notebook
internal import Record

extension PageRenderer {
  mutating func inlines(_ content: [Inline], depth: Int = 0) -> String {
    guard depth < PageLimits.nesting else { return content.plainText.escaped }
    var result = ""
    var index = 0
    while index < content.count {
      if let phrase = markedPhrase(content, at: index, depth: depth) {
        result += phrase.html
        index = phrase.end
      } else {
        result += inline(content[index], depth: depth)
        index += 1
      }
    }
    return result
  }

  /// A phrase between the two tags of one element, such as `<span lang="de">…</span>`; nil where none begins.
  ///
  /// A lone tag cannot be balanced and is shown as text; a pair with its phrase can hold no more than the sieve lets by.
  private mutating func markedPhrase(_ content: [Inline], at start: Int, depth: Int) -> (html: String, end: Int)? {
    guard !options.isTrusted, case .html(let source) = content[start].kind, source.hasPrefix("<"),
      let name = Self.phraseElements.first(where: { source.hasPrefix("<\($0)>") || source.hasPrefix("<\($0) ") })
    else { return nil }
    var nesting = 0
    for end in start..<content.count {
      guard case .html(let tag) = content[end].kind else { continue }
      if tag.hasPrefix("<\(name)>") || tag.hasPrefix("<\(name) ") { nesting += 1 }
      guard tag == "</\(name)>" else { continue }
      nesting -= 1
      guard nesting == 0 else { continue }
      let sieved = HTMLSieve.clean(source)
      guard sieved.html.hasSuffix("</\(name)>") else { return nil }
      let opening = sieved.html.dropLast(name.count + 3)
      let text = inlines(Array(content[(start + 1)..<end]), depth: depth + 1)
      return ("\(opening)\(text)</\(name)>", end + 1)
    }
    return nil
  }

  /// Elements that mark a phrase: its language, or what kind of text it is.
  private static let phraseElements = [
    "span", "i", "q", "cite", "abbr", "sub", "sup", "kbd", "mark", "small", "dfn", "var", "samp", "bdi", "u", "s",
  ]

  private mutating func inline(_ inline: Inline, depth: Int) -> String {
    switch inline.kind {
    case .text(let text): return text.escaped
    case .emphasis(let content): return "<em>\(inlines(content, depth: depth + 1))</em>"
    case .strong(let content): return "<strong>\(inlines(content, depth: depth + 1))</strong>"
    case .strikethrough(let content): return "<del>\(inlines(content, depth: depth + 1))</del>"
    case .code(let code): return "<code>\(CodeText.visible(code))</code>"
    case .math(let tex): return mathML(tex, isDisplay: false, range: inline.range)
    case .link(let content, let destination, let title):
      return link(content, destination, title: title, range: inline.range, depth: depth)
    case .image(let alt, let source, _):
      return image(alt: alt.plainText, source: source, range: inline.range, isInline: true)
    case .html(let source): return inlineHTML(source, range: inline.range)
    case .softBreak: return "\n"
    case .lineBreak: return "<br>\n"
    case .footnote(let label): return footnoteMark(label)
    case .value(let index): return inlineValue(index)
    case .crossReference(let label): return crossReference(label, range: inline.range)
    case .citation(let items, let isBracketed): return citation(items, isBracketed: isBracketed, range: inline.range)
    }
  }

  // MARK: - Links

  private mutating func link(
    _ content: [Inline],
    _ destination: String,
    title: String?,
    range: SourceRange,
    depth: Int
  ) -> String {
    let text = inlines(content, depth: depth + 1)
    let target = LinkTarget(destination, slugs: options.slugs)
    guard let address = target.address else {
      warn(range, "link to '\(destination.squeezed(limit: 80))' left out: \(target.reason)", remedy: target.remedy)
      return text
    }
    if address.hasPrefix("#"), !isKnown(fragment: String(address.dropFirst())) {
      warn(range, "link to '\(destination)', but no place of this page has that name")
      return text
    }
    // A link inside a link is not HTML: the outer one wins.
    if text.contains("<a ") { return text }
    let help = title.map { " title=\"\($0.escaped)\"" } ?? ""
    return "<a href=\"\(address.escaped)\"\(help)>\(text.isEmpty ? address.escaped : text)</a>"
  }

  private func isKnown(fragment: String) -> Bool {
    fragment == "content" || plan.headings.contains { $0.id == fragment } || plan.cells.contains { $0.id == fragment }
      || plan.anchors.values.contains { $0.id == fragment } || plan.calloutIDs.contains(fragment)
  }

  // MARK: - References

  private mutating func crossReference(_ label: String, range: SourceRange) -> String {
    guard let anchor = plan.anchors[label] else {
      let nearest = Nearest.name(to: label, among: plan.anchors.keys)
      warn(
        .error,
        range,
        "reference to '@\(label)', but nothing has that label",
        remedy: nearest.map { "Did you mean '@\($0)'?" } ?? "Give a cell, table, equation or heading that label."
      )
      return "<span class=\"missing\">@\(label.escaped)<span class=\"vh\"> (no such label)</span></span>"
    }
    return "<a class=\"ref\" href=\"#\(anchor.id)\">\(anchor.title.escaped)</a>"
  }

  private mutating func footnoteMark(_ label: String) -> String {
    guard let number = plan.footnoteNumbers[label] else { return "[^\(label.escaped)]" }
    let count = footnoteMarks[label, default: []].count
    let id = count == 0 ? "fnref-\(number)" : "fnref-\(number)-\(count + 1)"
    footnoteMarks[label, default: []].append(id)
    let anchor = count == 0 ? " style=\"anchor-name: --fnref-\(number)\"" : ""
    return "<sup class=\"fn\"\(anchor)><a role=\"doc-noteref\" id=\"\(id)\" href=\"#fn-\(number)\">"
      + "<span class=\"vh\">Note </span>\(number)</a></sup>"
  }

  private mutating func citation(_ items: [CitationItem], isBracketed: Bool, range: SourceRange) -> String {
    var parts: [String] = []
    for item in items {
      guard let number = plan.citationNumbers[item.key], let entry = bibliography[item.key] else {
        let nearest = Nearest.name(to: item.key, among: bibliography.keys)
        warn(
          .error,
          range,
          "citation of '\(item.key)', which no bibliography file holds",
          remedy: nearest.map { "Did you mean '\($0)'?" }
        )
        parts.append("<span class=\"missing\">\(item.key.escaped)<span class=\"vh\"> (not found)</span></span>")
        continue
      }
      let count = citationMarks[item.key, default: []].count
      let id = "cite-\(number)" + (count == 0 ? "" : "-\(count + 1)")
      citationMarks[item.key, default: []].append(id)
      let link = "<a role=\"doc-biblioref\" id=\"\(id)\" href=\"#ref-\(number)\">\(number)</a>"
      let suffix = item.suffix.map { ", " + $0.escaped } ?? ""
      parts.append(isBracketed ? link + suffix : "\(entry.shortAuthors.escaped) [\(link)\(suffix)]")
    }
    return isBracketed ? "[\(parts.joined(separator: "; "))]" : parts.joined(separator: ", ")
  }

  // MARK: - Values

  private mutating func inlineValue(_ index: Int) -> String {
    guard notebook.expressions.indices.contains(index), record.expressions.indices.contains(index) else {
      return "<span class=\"missing\">not computed</span>"
    }
    let expression = notebook.expressions[index]
    let source = expression.code.squeezed(limit: 120)
    let line = expression.range.start.line
    switch record.expressions[index] {
    case .value(let text, let machine):
      addSearchText(text)
      return "<data class=\"val\" value=\"\(machine.squeezed(limit: 200).escaped)\" "
        + "title=\"\(source.escaped) (line \(line))\">\(text.squeezed(limit: 2_000).escaped)</data>"
    case .failed(let diagnostic):
      return "<span class=\"missing\" title=\"line \(line): \(diagnostic.message.escaped)\"><code>"
        + "\(CodeText.visible(source))</code><span class=\"vh\"> (failed: \(diagnostic.message.escaped))</span></span>"
    case .skipped(let reason):
      return "<span class=\"missing\" title=\"not run: \(reason.escaped)\"><code>\(CodeText.visible(source))</code>"
        + "<span class=\"vh\"> (not run)</span></span>"
    }
  }

  private mutating func inlineHTML(_ source: String, range: SourceRange) -> String {
    if options.isTrusted { return source }
    // A lone tag cannot be balanced here: only tags that stand for themselves pass, everything else is shown as text.
    switch source.lowercased() {
    case "<br>", "<br/>", "<br />": return "<br>"
    case "<wbr>": return "<wbr>"
    default: return source.hasPrefix("<!--") ? "" : source.escaped
    }
  }
}

/// A link of the author, made safe.
struct LinkTarget {
  /// The address to write; nil where the link must not be made.
  var address: String?
  var reason = ""
  var remedy: String?

  init(_ destination: String, slugs: Set<String>) {
    let trimmed = String(destination.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F })
    guard !trimmed.isEmpty else {
      reason = "it is empty"
      return
    }
    if trimmed.hasPrefix("/") || trimmed.hasPrefix("\\") {
      reason = "it begins at the root of the server"
      remedy = "Write it relative to the notebook, so that the site works from any folder."
      return
    }
    if let scheme = Self.scheme(of: trimmed) {
      guard ["http", "https", "mailto", "doi"].contains(scheme) else {
        reason = "'\(scheme):' is not an address that a page may hold"
        remedy = "Use http, https, mailto or a relative address."
        return
      }
      address = scheme == "doi" ? "https://doi.org/" + trimmed.dropFirst(4) : trimmed
      return
    }
    address = Self.pageAddress(trimmed, slugs: slugs) ?? trimmed
  }

  /// "other.md#part" becomes the page made from it.
  private static func pageAddress(_ text: String, slugs: Set<String>) -> String? {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = parts.first, path.hasSuffix(".md"), let file = path.split(separator: "/").last else { return nil }
    let slug = Slug.make(String(file.dropLast(3)))
    guard slugs.contains(slug) else { return nil }
    return "../\(slug)/index.html" + (parts.count > 1 ? "#" + parts[1] : "")
  }

  private static func scheme(of text: String) -> String? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let head = text[..<colon]
    guard let first = head.first, first.isLetter,
      head.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "+" || $0 == "-" || $0 == "." })
    else { return head.contains(where: { "/?#".contains($0) }) ? nil : "" }
    return head.lowercased()
  }
}

/// The known name that is nearest to a mistyped one.
enum Nearest {
  static func name(to text: String, among names: some Sequence<String>) -> String? {
    let best = names.map { (name: $0, distance: distance(text, $0)) }.min {
      ($0.distance, $0.name) < ($1.distance, $1.name)
    }
    guard let best, best.distance <= max(2, text.count / 3) else { return nil }
    return best.name
  }

  private static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.prefix(64))
    let right = Array(right.prefix(64))
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in right.enumerated() {
        let substitution = diagonal + (character == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(substitution, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
