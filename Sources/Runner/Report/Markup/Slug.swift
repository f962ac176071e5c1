internal import Record

/// Names of places in a page, made from titles.
package enum Slug {
  /// ASCII letters, digits and hyphens; titles without any of these get a name from their bytes.
  package static func make(_ title: String) -> String {
    var slug = ""
    for scalar in title.lowercased().unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": slug.unicodeScalars.append(scalar)
      default:
        if let letters = transliterations[scalar] {
          slug += letters
        } else if !slug.isEmpty, slug.last != "-", !isMark(scalar) {
          slug += "-"
        }
      }
      if slug.utf8.count >= 64 { break }
    }
    while slug.last == "-" { slug.removeLast() }
    guard !slug.isEmpty else { return "section-" + ContentHash(title).description.prefix(8) }
    return isGlobalName(slug) ? "the-" + slug : slug
  }

  /// An author's own name for a place, kept as it is where it is a safe one.
  package static func sanitize(_ id: String) -> String {
    let isSafe =
      !id.isEmpty && id.utf8.count <= 128
      && id.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", ":": true
        default: scalar.value > 0x9F && !HTMLText.isDirectionOverride(scalar) && !scalar.properties.isWhitespace
        }
      }
    guard isSafe else { return make(id) }
    return isGlobalName(id) ? "the-" + id : id
  }

  /// Accents and other marks that join the letter before them.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x27 || scalar.value == 0x2019 || scalar.properties.generalCategory == .nonspacingMark
  }

  /// Names that a script could mistake for a property of the window or the document.
  private static func isGlobalName(_ name: String) -> Bool { globalNames.contains(name) }

  private static let globalNames: Set<String> = [
    "alert", "all", "anchors", "body", "children", "close", "closed", "console", "content", "cookie", "dir", "document",
    "domain", "event", "focus", "forms", "frames", "head", "history", "images", "length", "links", "location", "name",
    "navigator", "open", "opener", "origin", "parent", "performance", "plugins", "print", "provenance", "screen",
    "scripts", "scroll", "self", "status", "stop", "title", "toc", "top", "url", "window", "__proto__", "constructor",
    "hasOwnProperty", "prototype", "toString", "valueOf",
  ]

  private static let transliterations: [Unicode.Scalar: String] = {
    let groups: [(String, String)] = [
      ("a", "àáâãåāăą"), ("ae", "äæ"), ("c", "çćĉċč"), ("d", "ďđð"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
      ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľŀł"), ("n", "ñńņňŉ"), ("o", "òóôõøōŏő"), ("oe", "öœ"),
      ("r", "ŕŗř"), ("s", "śŝşš"), ("ss", "ß"), ("t", "ţťŧ"), ("u", "ùúûũūŭůűų"), ("ue", "ü"), ("w", "ŵ"),
      ("y", "ýÿŷ"), ("z", "źżž"), ("th", "þ"), ("alpha", "α"), ("beta", "β"), ("gamma", "γ"), ("delta", "δ"),
      ("epsilon", "ε"), ("zeta", "ζ"), ("eta", "η"), ("theta", "θ"), ("kappa", "κ"), ("lambda", "λ"), ("mu", "μ"),
      ("nu", "ν"), ("xi", "ξ"), ("pi", "π"), ("rho", "ρ"), ("sigma", "σς"), ("tau", "τ"), ("phi", "φ"), ("chi", "χ"),
      ("psi", "ψ"), ("omega", "ω"),
    ]
    var table: [Unicode.Scalar: String] = [:]
    for (letters, scalars) in groups {
      for scalar in scalars.unicodeScalars { table[scalar] = letters }
    }
    return table
  }()
}

/// Hands out each name once: the second time it becomes `name-2`.
package struct UniqueNames: Sendable {
  private var used: [String: Int] = [:]

  package init(reserved: [String] = []) {
    for name in reserved { used[name] = 1 }
  }

  package mutating func take(_ name: String) -> String {
    guard let count = used[name] else {
      used[name] = 1
      return name
    }
    var next = count + 1
    while used["\(name)-\(next)"] != nil { next += 1 }
    used[name] = next
    used["\(name)-\(next)"] = 1
    return "\(name)-\(next)"
  }
}
