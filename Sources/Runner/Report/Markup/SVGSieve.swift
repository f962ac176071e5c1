/// Drops from an SVG file what could run, load or show something from elsewhere.
package enum SVGSieve {
  package static func clean(_ source: String) -> String {
    // Our own plots hold none of these; nothing is copied in the common case.
    guard isSuspicious(source) else { return source }
    var result = ""
    result.reserveCapacity(source.utf8.count)
    var skipped: [String] = []
    for token in HTMLTokenizer(source) {
      switch token {
      case .text(let text):
        if skipped.isEmpty { result += text.replacing("<", with: "&lt;") }
      case .other(let text):
        // Declarations can define entities that expand without end.
        if skipped.isEmpty, text.hasPrefix("<?xml") { result += text }
      case .open(let name, let attributes, let isSelfClosing):
        if !skipped.isEmpty || forbidden.contains(name) {
          if !isSelfClosing, skipped.isEmpty || name == skipped[0] { skipped.append(name) }
          continue
        }
        result += "<" + original(name)
        for attribute in attributes where isAllowed(attribute) {
          result += " \(original(attribute.name))=\"\(attribute.value.replacing("\"", with: "&quot;"))\""
        }
        result += isSelfClosing ? "/>" : ">"
      case .close(let name):
        if skipped.isEmpty {
          if !forbidden.contains(name) { result += "</\(original(name))>" }
        } else if name == skipped[0] {
          skipped.removeLast()
        }
      }
    }
    return result
  }

  private static func isSuspicious(_ source: String) -> Bool {
    let text = source.lowercased()
    if ["<script", "<foreignobject", "<!doctype", "<!entity", "<iframe", "javascript:", "@import", "<set", "<animate"]
      .contains(where: text.contains)
    {
      return true
    }
    return follows(text, " href=", "\"#") || follows(text, ":href=", "\"#") || follows(text, "url(", "#")
      || text.contains(" on") && holdsHandler(text)
  }

  /// Whether `mark` is somewhere followed by anything but `expected`.
  private static func follows(_ text: String, _ mark: String, _ expected: String) -> Bool {
    var rest = text[...]
    while let range = rest.firstRange(of: mark) {
      rest = rest[range.upperBound...]
      if !rest.hasPrefix(expected) { return true }
    }
    return false
  }

  /// Whether some attribute's name begins with "on".
  private static func holdsHandler(_ text: String) -> Bool {
    var rest = text[...]
    while let range = rest.firstRange(of: " on") {
      rest = rest[range.upperBound...]
      if rest.drop(while: { $0.isLetter }).drop(while: { $0 == " " }).first == "=" { return true }
    }
    return false
  }

  private static func isAllowed(_ attribute: HTMLTokenizer.Attribute) -> Bool {
    let value = CharacterReferences.resolve(attribute.value).lowercased().filter { !$0.isWhitespace }
    if attribute.name.hasPrefix("on") || value.contains("javascript:") { return false }
    if attribute.name == "href" || attribute.name.hasSuffix(":href") {
      return value.hasPrefix("#") || value.hasPrefix("data:image/png") || value.hasPrefix("data:image/jpeg")
    }
    return !value.contains(#/url\((?!["']?#)/#)
  }

  private static let forbidden: Set<String> = [
    "script", "foreignobject", "iframe", "object", "embed", "set", "animate", "animatetransform", "animatemotion",
    "handler", "audio", "video",
  ]

  /// SVG's names have capitals, which the tokenizer lowers.
  private static func original(_ name: String) -> String { capitalized[name] ?? name }

  private static let capitalized: [String: String] = {
    let names = [
      "viewBox", "preserveAspectRatio", "linearGradient", "radialGradient", "clipPath", "textPath", "gradientUnits",
      "gradientTransform", "patternUnits", "patternTransform", "patternContentUnits", "clipPathUnits", "maskUnits",
      "maskContentUnits", "markerWidth", "markerHeight", "markerUnits", "refX", "refY", "spreadMethod", "textLength",
      "lengthAdjust", "startOffset", "stdDeviation", "feGaussianBlur", "feOffset", "feMerge", "feMergeNode", "feBlend",
      "feColorMatrix", "baseProfile", "pathLength",
    ]
    return Dictionary(uniqueKeysWithValues: names.map { ($0.lowercased(), $0) })
  }()
}
