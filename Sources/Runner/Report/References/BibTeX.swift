/// A work in a bibliography file.
package struct BibEntry: Sendable, Hashable {
  package var key: String
  /// "article", "inproceedings", in lower case.
  package var type: String
  /// Fields in lower case, with TeX marks turned into text.
  package var fields: [String: String]
  /// Line of the entry in its file.
  package var line: Int
}

/// Reads BibTeX as it is found in the wild: what cannot be read is skipped and reported, never fatal.
package struct BibTeXParser {
  private let text: [Character]
  private var position = 0
  private var counted = (position: 0, line: 1)
  private var strings: [String: String] = [
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May", "jun": "June", "jul": "July",
    "aug": "August", "sep": "September", "oct": "October", "nov": "November", "dec": "December",
  ]
  package private(set) var entries: [BibEntry] = []
  /// Line and words of what could not be read.
  package private(set) var problems: [(line: Int, message: String)] = []

  package init(_ source: String) {
    text = Array(source)
    parse()
  }

  private mutating func parse() {
    while let at = text[position...].firstIndex(of: "@") {
      position = at + 1
      let line = currentLine()
      let type = word().lowercased()
      skipSpace()
      guard position < text.count, text[position] == "{" || text[position] == "(" else { continue }
      let close: Character = text[position] == "{" ? "}" : ")"
      position += 1
      switch type {
      case "comment", "preamble": skipBalanced(close)
      case "string":
        if let (name, value) = field() { strings[name] = value }
        skipBalanced(close)
      default: entry(type, close: close, line: line)
      }
    }
  }

  /// The line of the current place, counted on from the last one asked for.
  private mutating func currentLine() -> Int {
    counted.line += text[counted.position..<position].reduce(0) { $0 + ($1.isNewline ? 1 : 0) }
    counted.position = position
    return counted.line
  }

  private mutating func entry(_ type: String, close: Character, line: Int) {
    skipSpace()
    let start = position
    while position < text.count, text[position] != ",", text[position] != close, !text[position].isNewline {
      position += 1
    }
    let key = String(text[start..<position]).squeezed()
    guard !key.isEmpty else {
      problems.append((line, "entry of type '\(type)' without a key"))
      return
    }
    var fields: [String: String] = [:]
    while position < text.count, text[position] != close {
      if text[position] == "," || text[position].isWhitespace {
        position += 1
        continue
      }
      // An entry that was never closed must not swallow the next one.
      if text[position] == "@" {
        problems.append((line, "entry '\(key)' is not closed"))
        break
      }
      guard let (name, value) = field() else {
        problems.append((line, "entry '\(key)' has a field that cannot be read"))
        skipBalanced(close)
        entries.append(BibEntry(key: key, type: type, fields: fields, line: line))
        return
      }
      if fields[name] == nil { fields[name] = BibText.plain(value) }
    }
    if position < text.count, text[position] == close { position += 1 }
    entries.append(BibEntry(key: key, type: type, fields: fields, line: line))
  }

  private mutating func field() -> (String, String)? {
    skipSpace()
    let name = word().lowercased()
    skipSpace()
    guard !name.isEmpty, position < text.count, text[position] == "=" else { return nil }
    position += 1
    var value = ""
    repeat {
      if position < text.count, text[position] == "#" { position += 1 }
      skipSpace()
      guard let part = fieldPart() else { return nil }
      value += part
      skipSpace()
    } while position < text.count && text[position] == "#"
    return (name, value)
  }

  private mutating func fieldPart() -> String? {
    guard position < text.count else { return nil }
    switch text[position] {
    case "{":
      position += 1
      let start = position
      skipBalanced("}")
      return String(text[start..<max(start, position - 1)])
    case "\"":
      position += 1
      let start = position
      var depth = 0
      while position < text.count {
        let character = text[position]
        if character == "\\" {
          position += 2
          continue
        }
        if character == "{" { depth += 1 }
        if character == "}" { depth -= 1 }
        if character == "\"", depth <= 0 { break }
        position += 1
      }
      position = min(position, text.count)
      defer { position = min(position + 1, text.count) }
      return String(text[start..<position])
    default:
      let name = word()
      return name.isEmpty ? nil : strings[name.lowercased()] ?? name
    }
  }

  /// Moves behind the bracket that closes the one already passed.
  private mutating func skipBalanced(_ close: Character) {
    var depth = 0
    while position < text.count {
      let character = text[position]
      position += 1
      if character == "\\" {
        position = min(position + 1, text.count)
      } else if character == close, depth == 0 {
        return
      } else if character == "{" {
        depth += 1
      } else if character == "}" {
        depth -= 1
      }
    }
  }

  private mutating func word() -> String {
    let start = position
    while position < text.count, text[position].isLetter || text[position].isNumber || "_-:.+/".contains(text[position])
    {
      position += 1
    }
    return String(text[start..<position])
  }

  private mutating func skipSpace() {
    while position < text.count, text[position].isWhitespace { position += 1 }
  }
}

/// TeX marks of bibliography fields as plain text.
enum BibText {
  static func plain(_ source: String) -> String {
    var result = ""
    var characters = Substring(source)
    while let character = characters.popFirst() {
      switch character {
      case "{", "}", "$": continue
      case "~": result += "\u{A0}"
      case "\\": command(&characters, to: &result)
      case "-" where characters.hasPrefix("--"):
        characters.removeFirst(2)
        result += "—"
      case "-" where characters.hasPrefix("-"):
        characters.removeFirst()
        result += "–"
      default: result.append(character)
      }
    }
    return result.squeezed(limit: 2_000)
  }

  private static func command(_ rest: inout Substring, to result: inout String) {
    guard let first = rest.popFirst() else { return }
    if let mark = accents[first] {
      // Accents stand before their letter: {\"o}, {\"{o}}, \c{c}.
      let isLetter = first.isLetter
      if isLetter, let next = rest.first, next.isLetter {
        named(first, &rest, to: &result)
        return
      }
      while let next = rest.first, next == "{" || next == " " || next == "\\" { _ = next; rest.removeFirst() }
      guard let letter = rest.popFirst() else { return }
      result += composed(letter, mark)
      return
    }
    if first.isLetter { named(first, &rest, to: &result) } else if first != "/" { result.append(first) }
  }

  private static func named(_ first: Character, _ rest: inout Substring, to result: inout String) {
    var name = String(first)
    while let next = rest.first, next.isLetter, next.isASCII {
      name.append(next)
      rest.removeFirst()
    }
    if rest.first == " " { rest.removeFirst() }
    result += letters[name] ?? ""
  }

  /// The letter with a combining mark, as one character where Unicode has it (equality of strings is canonical).
  private static func composed(_ letter: Character, _ mark: Unicode.Scalar) -> String {
    let base: Character = letter == "ı" ? "i" : letter
    var text = String(base)
    text.unicodeScalars.append(mark)
    return text
  }

  private static let accents: [Character: Unicode.Scalar] = [
    "\"": "\u{308}", "'": "\u{301}", "`": "\u{300}", "^": "\u{302}", "~": "\u{303}", "=": "\u{304}", ".": "\u{307}",
    "u": "\u{306}", "v": "\u{30C}", "H": "\u{30B}", "c": "\u{327}", "k": "\u{328}", "r": "\u{30A}", "d": "\u{323}",
  ]

  private static let letters: [String: String] = [
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "i": "i", "j": "j", "dots": "…", "ldots": "…", "textendash": "–", "textemdash": "—", "alpha": "α", "beta": "β",
    "gamma": "γ", "ell": "ℓ", "infty": "∞", "times": "×", "TeX": "TeX", "LaTeX": "LaTeX", "copyright": "©",
  ]
}
