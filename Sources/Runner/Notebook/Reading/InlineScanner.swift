/// Finds in plain text what Markdown does not know: formulas, cross references and citations.
struct InlineScanner {
  let shield: MathShield

  /// Kinds of things that can be referred to, as they stand before the hyphen of a label.
  static let referencePrefixes = ["fig", "tbl", "eq", "sec", "claim", "cell"]

  func scan(_ text: String, _ range: SourceRange) -> [Inline] {
    var result: [Inline] = []
    var plain = ""
    var plainStart = range.start
    var position = text.startIndex
    func place(_ index: String.Index) -> SourceLocation {
      SourceLocation(line: range.start.line, column: range.start.column + shield.sourceWidth(of: text[..<index]))
    }
    func flush(upTo index: String.Index) {
      if !plain.isEmpty { result.append(Inline(.text(plain), range: SourceRange(plainStart, place(index)))) }
      plain = ""
    }
    while position < text.endIndex {
      guard let (kind, end) = special(text, at: position) else {
        if plain.isEmpty { plainStart = place(position) }
        plain.append(text[position])
        position = text.index(after: position)
        continue
      }
      flush(upTo: position)
      let place = SourceRange(place(position), place(end))
      result.append(Inline(kind, range: formulaRange(text[position]) ?? place))
      position = end
    }
    flush(upTo: text.endIndex)
    return result
  }

  private func formulaRange(_ character: Character) -> SourceRange? { shield.formulas[character]?.range }

  private func special(_ text: String, at position: String.Index) -> (Inline.Kind, String.Index)? {
    let character = text[position]
    if let formula = shield.formulas[character] {
      let end = text[text.index(after: position)...].firstIndex { $0 != MathShield.filler } ?? text.endIndex
      return (.math(tex: formula.tex), end)
    }
    if character == "[" { return bracketed(text, at: position) }
    guard character == "@" else { return nil }
    // An at sign inside a word is part of an address.
    if position > text.startIndex {
      let before = text[text.index(before: position)]
      if before.isLetter || before.isNumber || before == "\\" || before == "/" { return nil }
    }
    guard let (key, end) = key(text, at: position) else { return nil }
    return (reference(key) ?? .citation([CitationItem(key: key)], isBracketed: false), end)
  }

  private func reference(_ key: String) -> Inline.Kind? {
    let isReference = Self.referencePrefixes.contains { key.hasPrefix($0 + "-") }
    return isReference ? .crossReference(label: key) : nil
  }

  /// A key behind `@`: letters, digits, and single marks between them.
  private func key(_ text: String, at position: String.Index) -> (String, String.Index)? {
    let rest = text[text.index(after: position)...]
    guard let first = rest.first, first.isLetter || first.isNumber else { return nil }
    var end = rest.startIndex
    while end < rest.endIndex {
      if rest[end].isLetter || rest[end].isNumber || rest[end] == "_" {
        end = rest.index(after: end)
      } else if "-:.+/".contains(rest[end]), let next = rest[end...].dropFirst().first,
        next.isLetter || next.isNumber
      {
        end = rest.index(after: end)
      } else {
        break
      }
    }
    return (String(rest[..<end]), end)
  }

  /// `[@key; @other, p. 3]`, or `[@fig-x]`.
  private func bracketed(_ text: String, at position: String.Index) -> (Inline.Kind, String.Index)? {
    let rest = text[text.index(after: position)...]
    guard rest.first == "@", let close = rest.firstIndex(of: "]") else { return nil }
    var items: [CitationItem] = []
    for part in rest[..<close].split(separator: ";") {
      let item = String(part.drop(while: \.isWhitespace))
      guard item.first == "@", let (key, end) = key(item, at: item.startIndex) else { return nil }
      let suffix = item[end...].drop { $0 == "," || $0.isWhitespace }
      items.append(CitationItem(key: key, suffix: suffix.isEmpty ? nil : String(suffix)))
    }
    guard let first = items.first else { return nil }
    let end = text.index(after: close)
    if items.count == 1, first.suffix == nil, let reference = reference(first.key) { return (reference, end) }
    return (.citation(items, isBracketed: true), end)
  }
}

extension MathShield {
  /// Number of characters that a shielded text takes in the source.
  func sourceWidth(of text: Substring) -> Int {
    guard text.contains(where: { $0 == Self.filler || formulas[$0] != nil }) else { return text.count }
    return text.reduce(0) { width, character in
      if character == Self.filler { return width }
      return width + (formulas[character]?.source.count ?? 1)
    }
  }
}
