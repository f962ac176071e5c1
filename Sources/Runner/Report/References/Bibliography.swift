/// The works that a notebook can cite, by their keys.
package struct Bibliography: Sendable {
  private var entries: [String: BibEntry] = [:]

  package init(_ entries: [BibEntry] = []) {
    for entry in entries where self.entries[entry.key] == nil { self.entries[entry.key] = entry }
  }

  package subscript(key: String) -> BibEntry? { entries[key] }

  package var keys: [String] { entries.keys.sorted() }
}

extension BibEntry {
  /// Authors as "Ada Lovelace", whichever way the file writes them.
  package var authors: [String] {
    let names = (fields["author"] ?? fields["editor"] ?? "").split(separator: #/\s+and\s+/#).map { name -> String in
      let parts = name.split(separator: ",").map { $0.squeezed() }
      return parts.count > 1 ? (parts[1...] + [parts[0]]).joined(separator: " ") : name.squeezed()
    }
    return names.map { $0 == "others" ? "et al." : $0 }.filter { !$0.isEmpty }
  }

  /// "Lovelace", "Lovelace and Babbage", "Lovelace et al.".
  package var shortAuthors: String {
    let names = authors.map { $0.split(separator: " ").last.map(String.init) ?? $0 }
    switch names.count {
    case 0: return fields["title"]?.squeezed(limit: 40) ?? key
    case 1: return names[0]
    case 2 where names[1] != "al.": return "\(names[0]) and \(names[1])"
    default: return "\(names[0]) et al."
    }
  }

  package var doi: String? {
    guard var doi = fields["doi"]?.squeezed(), !doi.isEmpty else { return nil }
    for head in ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"]
    where doi.lowercased().hasPrefix(head) {
      doi.removeFirst(head.count)
    }
    return Identifier.isDOI(doi) ? doi : nil
  }

  package var arxiv: String? {
    let isArxiv = (fields["archiveprefix"] ?? fields["eprinttype"] ?? "").lowercased() == "arxiv"
    if isArxiv, let id = fields["eprint"].map(ArXiv.id), Identifier.isArXiv(id) { return id }
    for field in ["journal", "note", "url", "howpublished", "volume"] {
      if let match = fields[field]?.firstMatch(of: #/(?i:arxiv)[^0-9]{0,12}(\d{4}\.\d{4,5})/#) {
        return String(match.1)
      }
    }
    return nil
  }

  /// The reference as HTML: authors, title, where, year and links, of which each part may be missing.
  func html() -> String {
    var parts: [String] = []
    let names = authors
    if !names.isEmpty {
      let shown = names.count > 8 ? Array(names.prefix(6)) + ["et al."] : names
      parts.append(shown.joined(separator: ", ").escaped)
    }
    parts.append("<cite>\((fields["title"] ?? key).escaped)</cite>")
    if let place = fields["journal"] ?? fields["booktitle"] ?? fields["publisher"] ?? fields["school"] {
      var text = place.escaped
      if let volume = fields["volume"] { text += " \(volume.escaped)" }
      if let number = fields["number"] { text += "(\(number.escaped))" }
      if let pages = fields["pages"] { text += ", \(pages.escaped)" }
      parts.append(text)
    }
    if let year = fields["year"] ?? fields["date"].map({ String($0.prefix(4)) }) { parts.append(year.escaped) }
    // "et al." ends with its own full stop.
    var html = parts.map { $0.hasSuffix(".") ? $0 : $0 + "." }.joined(separator: " ")
    if let doi {
      html += " <a href=\"https://doi.org/\(doi.escaped)\">doi:\(doi.escaped)</a>"
    }
    if let arxiv { html += " <a href=\"https://arxiv.org/abs/\(arxiv.escaped)\">arXiv:\(arxiv.escaped)</a>" }
    if doi == nil, arxiv == nil, let address = fields["url"].flatMap({ LinkTarget($0, slugs: []).address }) {
      html += " <a href=\"\(address.escaped)\">\(address.escaped)</a>"
    }
    return html
  }
}

/// Whether identifiers are well formed: only then are links made of them.
enum Identifier {
  /// "10.", a registrant, a slash and anything but spaces and signs of markup.
  static func isDOI(_ text: String) -> Bool {
    text.hasPrefix("10.") && text.contains("/") && !text.contains { $0.isWhitespace || "<>\"{}".contains($0) }
  }

  /// "2410.01234", "2410.01234v2" or the older "math.GT/0309136".
  static func isArXiv(_ text: String) -> Bool {
    text.contains(where: \.isNumber)
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "./-".contains($0)) }
  }
}

/// arXiv identifiers as authors write them.
enum ArXiv {
  static func id(_ text: String) -> String {
    var id = text.squeezed()
    for head in ["https://arxiv.org/abs/", "http://arxiv.org/abs/", "arxiv:"] where id.lowercased().hasPrefix(head) {
      id.removeFirst(head.count)
    }
    return id
  }
}
