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
    let bytes = ByteSearch(source)
    return bytes.contains { byte, at in
      switch byte {
      case UInt8(ascii: "<"): tags.contains { bytes.has($0, at: at + 1) }
      case UInt8(ascii: "j"), UInt8(ascii: "J"): bytes.has("javascript:", at: at)
      case UInt8(ascii: "@"): bytes.has("@import", at: at)
      case UInt8(ascii: "h"), UInt8(ascii: "H"): bytes.has("href", at: at) && !bytes.has("href=\"#", at: at)
      case UInt8(ascii: "u"), UInt8(ascii: "U"): bytes.has("url(", at: at) && !bytes.has("url(#", at: at)
      // Any attribute whose name begins with "on", whatever parts it from the one before.
      case UInt8(ascii: "o"), UInt8(ascii: "O"): at > 0 && bytes.has("on", at: at) && bytes.isAttribute(at: at)
      default: false
      }
    }
  }

  private static let tags: [StaticString] = [
    "script", "foreignobject", "!doctype", "!entity", "iframe", "set", "animate", "handler", "object", "embed", "audio",
    "video",
  ]

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
