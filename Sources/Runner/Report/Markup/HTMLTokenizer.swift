/// Cuts HTML into tags and text, as far as a sieve and a checker need it; it never fails.
package struct HTMLTokenizer: Sequence, IteratorProtocol {
  package enum Token: Sendable, Hashable {
    /// Text with character references as they stand.
    case text(Substring)
    case open(name: String, attributes: [Attribute], isSelfClosing: Bool)
    case close(name: String)
    /// Comments, doctypes and processing instructions.
    case other(Substring)
  }

  package struct Attribute: Sendable, Hashable {
    package var name: String
    /// The value as it stands, with character references.
    package var value: String
  }

  private let source: String
  private let bytes: String.UTF8View
  private var position: String.Index
  /// The element whose content is raw text: its end tag is the next thing of interest.
  private var rawElement: String?

  package init(_ source: String) {
    var source = source
    source.makeContiguousUTF8()
    self.source = source
    bytes = source.utf8
    position = bytes.startIndex
  }

  /// Byte offset of the next token.
  package var offset: Int { bytes.distance(from: bytes.startIndex, to: position) }

  package mutating func next() -> Token? {
    guard position < bytes.endIndex else { return nil }
    if let name = rawElement {
      rawElement = nil
      let end = rawEnd(of: name)
      if end > position { return take(to: end) }
    }
    guard bytes[position] == Self.less else {
      let end = bytes[position...].firstIndex(of: Self.less) ?? bytes.endIndex
      return take(to: end)
    }
    return tag()
  }

  private static let less = UInt8(ascii: "<")

  private mutating func take(to end: String.Index) -> Token {
    defer { position = end }
    return .text(source[position..<end])
  }

  private func rawEnd(of name: String) -> String.Index {
    var at = position
    let close = Array("</\(name)".utf8)
    while let start = bytes[at...].firstIndex(of: Self.less) {
      if bytes[start...].prefix(close.count).map({ $0 | 0x20 }).elementsEqual(close.map { $0 | 0x20 }) { return start }
      at = bytes.index(after: start)
    }
    return bytes.endIndex
  }

  private mutating func tag() -> Token {
    let start = position
    var at = bytes.index(after: start)
    guard at < bytes.endIndex else { return take(to: bytes.endIndex) }
    if bytes[at] == UInt8(ascii: "!") || bytes[at] == UInt8(ascii: "?") { return declaration(from: start) }
    let isClosing = bytes[at] == UInt8(ascii: "/")
    if isClosing { at = bytes.index(after: at) }
    guard at < bytes.endIndex, Self.isLetter(bytes[at]) else { return take(to: bytes.index(after: start)) }
    let nameEnd = bytes[at...].firstIndex { Self.isSpace($0) || $0 == 0x2F || $0 == 0x3E } ?? bytes.endIndex
    let name = source[at..<nameEnd].lowercased()
    at = nameEnd
    var attributes: [Attribute] = []
    var isSelfClosing = false
    while at < bytes.endIndex, bytes[at] != 0x3E {
      isSelfClosing = bytes[at] == 0x2F
      if isSelfClosing || Self.isSpace(bytes[at]) {
        at = bytes.index(after: at)
      } else {
        attributes.append(attribute(at: &at))
      }
    }
    position = at < bytes.endIndex ? bytes.index(after: at) : at
    if isClosing { return .close(name: name) }
    if ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"].contains(name) {
      rawElement = name
    }
    return .open(name: name, attributes: attributes, isSelfClosing: isSelfClosing)
  }

  private func attribute(at position: inout String.Index) -> Attribute {
    let start = position
    // The first byte belongs to the name even where it is "=".
    position = bytes.index(after: position)
    position =
      bytes[position...].firstIndex { Self.isSpace($0) || $0 == 0x3D || $0 == 0x2F || $0 == 0x3E } ?? bytes.endIndex
    let name = source[start..<position].lowercased()
    var at = position
    while at < bytes.endIndex, Self.isSpace(bytes[at]) { at = bytes.index(after: at) }
    guard at < bytes.endIndex, bytes[at] == 0x3D else { return Attribute(name: name, value: "") }
    at = bytes.index(after: at)
    while at < bytes.endIndex, Self.isSpace(bytes[at]) { at = bytes.index(after: at) }
    guard at < bytes.endIndex else {
      position = at
      return Attribute(name: name, value: "")
    }
    let quote = bytes[at]
    if quote == 0x22 || quote == 0x27 {
      let from = bytes.index(after: at)
      let end = bytes[from...].firstIndex(of: quote) ?? bytes.endIndex
      position = end < bytes.endIndex ? bytes.index(after: end) : end
      return Attribute(name: name, value: String(source[from..<end]))
    }
    let end = bytes[at...].firstIndex { Self.isSpace($0) || $0 == 0x3E } ?? bytes.endIndex
    position = end
    return Attribute(name: name, value: String(source[at..<end]))
  }

  private mutating func declaration(from start: String.Index) -> Token {
    let isComment = bytes[start...].prefix(4).elementsEqual("<!--".utf8)
    var end = bytes.endIndex
    if isComment {
      var at = bytes.index(start, offsetBy: 4)
      while let dash = bytes[at...].firstIndex(of: 0x2D) {
        if bytes[dash...].prefix(3).elementsEqual("-->".utf8) {
          end = bytes.index(dash, offsetBy: 3)
          break
        }
        at = bytes.index(after: dash)
      }
    } else if let close = bytes[start...].firstIndex(of: 0x3E) {
      end = bytes.index(after: close)
    }
    position = end
    return .other(source[start..<end])
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// Character references of text, resolved as far as addresses and words need it.
package enum CharacterReferences {
  package static func resolve(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(0x26) else { return String(text) }
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      rest = rest[start...]
      guard let match = rest.prefixMatch(of: #/&(#[xX]?[0-9a-fA-F]+|[A-Za-z]+);?/#) else {
        result += "&"
        rest = rest.dropFirst()
        continue
      }
      result += scalar(match.1) ?? String(match.0)
      rest = rest[match.range.upperBound...]
    }
    return result + rest
  }

  private static func scalar(_ name: Substring) -> String? {
    if name.first == "#" {
      let isHexadecimal = name.dropFirst().first?.lowercased() == "x"
      let digits = isHexadecimal ? name.dropFirst(2) : name.dropFirst()
      guard let value = UInt32(digits, radix: isHexadecimal ? 16 : 10) else { return nil }
      return Unicode.Scalar(value).map { String($0) } ?? "\u{FFFD}"
    }
    return names[String(name)]
  }

  private static let names = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "colon": ":", "Tab": "\t",
    "NewLine": "\n", "lpar": "(", "rpar": ")", "sol": "/",
  ]
}
