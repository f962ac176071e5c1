/// One element of an XML document, with its text and children.
///
/// A reader for data files: elements, attributes, character and the five named entities, comments, CDATA and processing
/// instructions. A document type is refused (it could expand without end), as is nesting beyond 64 levels.
struct XMLElement: Sendable, Equatable {
  var name: String
  var attributes: [String: String] = [:]
  /// Text directly in the element, joined.
  var text = ""
  var children: [XMLElement] = []
  /// Line where the element begins.
  var line: Int

  func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  init(name: String, line: Int) {
    self.name = name
    self.line = line
  }

  /// Reads a document and returns its root.
  init(parsing bytes: [UInt8]) throws(DatasetError) {
    var parser = XMLParser(bytes)
    self = try parser.document()
  }
}

private struct XMLParser {
  static let deepest = 64
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes }

  private func error(_ reason: String) -> DatasetError { .malformed(format: "XML", line: line, reason: reason) }

  mutating func document() throws(DatasetError) -> XMLElement {
    try skipMisc()
    guard current == UInt8(ascii: "<") else { throw error("expected an element") }
    let root = try element(depth: 0)
    try skipMisc()
    guard position == bytes.count else { throw error("text after the root element") }
    return root
  }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func starts(_ text: StaticString) -> Bool {
    position + text.utf8CodeUnitCount <= bytes.count
      && (0..<text.utf8CodeUnitCount).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
  }

  private mutating func advance(_ count: Int = 1) {
    for index in position..<position + count where bytes[index] == 0x0A { line += 1 }
    position += count
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { advance() }
  }

  /// Comments, processing instructions and space around the root.
  private mutating func skipMisc() throws(DatasetError) {
    while true {
      skipSpace()
      if starts("<!--") {
        try skip(past: "-->", what: "comment")
      } else if starts("<?") {
        try skip(past: "?>", what: "processing instruction")
      } else if starts("<!DOCTYPE") {
        throw error("a document type is not read")
      } else {
        return
      }
    }
  }

  @discardableResult
  private mutating func skip(past end: StaticString, what: String) throws(DatasetError) -> ArraySlice<UInt8> {
    let start = position
    while position < bytes.count {
      if starts(end) {
        defer { advance(end.utf8CodeUnitCount) }
        return bytes[start..<position]
      }
      advance()
    }
    throw error("\(what) is not closed")
  }

  private mutating func name() throws(DatasetError) -> String {
    let start = position
    while let byte = current, byte > 0x20, !"<>/=\"'&?!".utf8.contains(byte) { position += 1 }
    guard position > start else { throw error("expected a name") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func element(depth: Int) throws(DatasetError) -> XMLElement {
    guard depth < Self.deepest else { throw error("more than \(Self.deepest) levels") }
    advance()
    var element = XMLElement(name: try name(), line: line)
    while true {
      skipSpace()
      if starts("/>") {
        advance(2)
        return element
      }
      if current == UInt8(ascii: ">") {
        advance()
        try content(of: &element, depth: depth)
        return element
      }
      let key = try name()
      guard element.attributes[key] == nil else { throw error("attribute '\(key)' stands twice") }
      element.attributes[key] = try attributeValue()
    }
  }

  private mutating func attributeValue() throws(DatasetError) -> String {
    skipSpace()
    guard current == UInt8(ascii: "=") else { throw error("expected '='") }
    advance()
    skipSpace()
    guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw error("expected a quoted value")
    }
    advance()
    let start = position
    while let byte = current, byte != quote {
      guard byte != UInt8(ascii: "<") else { throw error("'<' in an attribute") }
      advance()
    }
    guard current == quote else { throw error("a quoted value is not closed") }
    let value = try decoded(bytes[start..<position])
    advance()
    return value
  }

  private mutating func content(of element: inout XMLElement, depth: Int) throws(DatasetError) {
    while let byte = current {
      if byte != UInt8(ascii: "<") {
        let start = position
        while let byte = current, byte != UInt8(ascii: "<") { advance() }
        element.text += try decoded(bytes[start..<position])
      } else if starts("</") {
        advance(2)
        let closing = try name()
        guard closing == element.name else {
          throw error("</\(closing)> closes <\(element.name)> of line \(element.line)")
        }
        skipSpace()
        guard current == UInt8(ascii: ">") else { throw error("expected '>'") }
        advance()
        return
      } else if starts("<!--") {
        try skip(past: "-->", what: "comment")
      } else if starts("<![CDATA[") {
        advance(9)
        element.text += String(decoding: try skip(past: "]]>", what: "CDATA section"), as: UTF8.self)
      } else if starts("<?") {
        try skip(past: "?>", what: "processing instruction")
      } else {
        element.children.append(try self.element(depth: depth + 1))
      }
    }
    throw error("<\(element.name)> of line \(element.line) is not closed")
  }

  private func decoded(_ slice: ArraySlice<UInt8>) throws(DatasetError) -> String {
    guard slice.contains(UInt8(ascii: "&")) else { return String(decoding: slice, as: UTF8.self) }
    var text = ""
    var rest = slice
    while let mark = rest.firstIndex(of: UInt8(ascii: "&")) {
      text += String(decoding: rest[..<mark], as: UTF8.self)
      guard let end = rest[mark...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
        throw error("'&' without an entity")
      }
      text.unicodeScalars.append(try entity(String(decoding: rest[(mark + 1)..<end], as: UTF8.self)))
      rest = rest[(end + 1)...]
    }
    return text + String(decoding: rest, as: UTF8.self)
  }

  private func entity(_ name: String) throws(DatasetError) -> Unicode.Scalar {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      let code = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst(1))
      guard name.hasPrefix("#"), let code, let scalar = Unicode.Scalar(code) else {
        throw error("unknown entity '&\(name);'")
      }
      return scalar
    }
  }
}
