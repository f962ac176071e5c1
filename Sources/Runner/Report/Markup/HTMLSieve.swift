/// Lets through the HTML that a report may hold, and nothing else.
///
/// It works on a list of what is allowed: elements, attributes and schemes that are not on it are left out. Elements
/// that hold other languages lose their content too; open elements are closed at the end, so a fragment cannot change
/// what comes after it.
package enum HTMLSieve {
  package struct Result: Sendable, Hashable {
    package var html: String
    /// What was left out, for the warning: "<script>", "onclick".
    package var removed: Set<String>
  }

  package static func clean(_ source: String) -> Result {
    var result = Result(html: "", removed: [])
    var open: [String] = []
    var skipped: [String] = []
    for token in HTMLTokenizer(source) {
      switch token {
      case .text(let text):
        if skipped.isEmpty { result.html += CharacterReferences.resolve(text).escaped }
      case .other: continue
      case .open(let name, let attributes, let isSelfClosing):
        if !skipped.isEmpty {
          if name == skipped[0], !isSelfClosing { skipped.append(name) }
        } else if name == "img", !attributes.contains(where: { $0.name == "src" && $0.value.hasPrefix("data:image/") })
        {
          result.removed.insert("<img>")
        } else if elements.contains(name), open.count < PageLimits.nesting {
          closeImplied(by: name, &open, &result)
          result.html += tag(name, attributes, &result.removed)
          if !void.contains(name) { open.append(name) }
        } else {
          result.removed.insert("<\(name)>")
          if hidden.contains(name), !isSelfClosing { skipped.append(name) }
        }
      case .close(let name):
        if !skipped.isEmpty {
          if name == skipped[0] { skipped.removeLast() }
        } else if let index = open.lastIndex(of: name) {
          for inner in open[index...].reversed() { result.html += "</\(inner)>" }
          open.removeSubrange(index...)
        }
      }
    }
    for name in open.reversed() { result.html += "</\(name)>" }
    return result
  }

  /// A block ends an open paragraph, and an item ends the one before, whether or not the end tag is written.
  private static func closeImplied(by name: String, _ open: inout [String], _ result: inout Result) {
    let closing: [String]
    switch name {
    case "li", "dt", "dd", "tr", "td", "th": closing = name == "td" || name == "th" ? ["td", "th", "p"] : [name, "p"]
    case _ where blocks.contains(name): closing = ["p"]
    case "a": closing = ["a"]
    default: return
    }
    while let last = open.last, closing.contains(last) {
      result.html += "</\(last)>"
      open.removeLast()
    }
  }

  private static func tag(_ name: String, _ attributes: [HTMLTokenizer.Attribute], _ removed: inout Set<String>)
    -> String
  {
    var html = "<" + name
    var seen: Set<String> = []
    for attribute in attributes where seen.insert(attribute.name).inserted {
      let value = CharacterReferences.resolve(attribute.value)
      guard let kept = keptValue(attribute.name, value, of: name) else {
        removed.insert(attribute.name.filter { $0.isLetter || $0 == "-" })
        continue
      }
      html += " \(attribute.name)=\"\(kept.escaped)\""
    }
    if name == "img", !seen.contains("alt") { html += " alt=\"\"" }
    if name == "th", !seen.contains("scope") { html += " scope=\"col\"" }
    return html + ">"
  }

  /// The value to keep; nil for an attribute that must go.
  private static func keptValue(_ attribute: String, _ value: String, of element: String) -> String? {
    switch attribute {
    case "href" where element == "a":
      return LinkTarget(value, slugs: []).address
    case "src" where element == "img":
      // Only pictures that the fragment itself holds are sure to be there; as pictures, SVG files run nothing.
      return value.hasPrefix("data:image/") ? value : nil
    case "alt", "title", "lang", "dir", "colspan", "rowspan", "scope", "start", "datetime", "open", "width", "height",
      "cite":
      return value
    case "class": return value.split(separator: " ").map { "u-" + $0 }.joined(separator: " ")
    default: return nil
    }
  }

  private static let blocks: Set<String> = [
    "address", "article", "aside", "blockquote", "details", "div", "dl", "figure", "figcaption", "h3", "h4", "h5", "h6",
    "hr", "ol", "p", "pre", "section", "table", "ul",
  ]

  private static let elements: Set<String> = blocks.union([
    "a", "abbr", "b", "bdi", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "dfn", "dt", "em", "i",
    "img", "ins", "kbd", "li", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub",
    "summary",
    "sup", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "var", "wbr",
  ])

  private static let void: Set<String> = ["br", "col", "hr", "img", "wbr"]

  /// Elements whose content is no text for readers.
  private static let hidden: Set<String> = [
    "script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript", "textarea", "select",
    "title",
    "head", "xmp", "noembed", "noframes", "plaintext", "applet", "frameset",
  ]
}
