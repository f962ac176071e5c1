/// A JSON document in memory, as far as file headers need it; no Foundation, since every cell would pay for loading it.
///
/// The reader is strict (RFC 8259): no comments, no trailing commas, no duplicate keys, no trailing text, valid UTF-8, and
/// at most 64 levels, so that a hostile file can neither recurse without end nor mean two things.
public enum JSONValue: Sendable, Equatable {
  /// The word null.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number that fits 64 bits and is written without point or exponent.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Named values, in the order of the text.
  case object([Member])

  /// One entry of an object.
  public struct Member: Sendable, Equatable {
    /// Name of the entry.
    public var key: String
    /// Its value.
    public var value: JSONValue

    /// Makes an entry.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// Reads one document.
  ///
  /// - Throws: `JSONError` with the byte offset of the first mistake.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser(bytes)
    self = try parser.document()
  }

  /// The entry of an object with a name, if this is one and has it.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}

/// Why a text is not JSON.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What stands where something else must stand.
  public enum Cause: Sendable, Equatable {
    /// Something was expected.
    case expected(String)
    /// An object names an entry twice.
    case duplicateKey(String)
    /// The text is not UTF-8.
    case invalidUTF8
    /// More than 64 levels of lists and objects.
    case tooDeep
    /// Text after the end of the document.
    case trailingText
  }

  /// What is wrong.
  public var cause: Cause
  /// Byte offset in the text.
  public var offset: Int

  /// Makes an error at a place.
  public init(cause: Cause, offset: Int) {
    self.cause = cause
    self.offset = offset
  }

  /// The cause with its place.
  public var description: String {
    let words =
      switch cause {
      case .expected(let what): "expected \(what)"
      case .duplicateKey(let key): "key '\(key)' stands twice in one object"
      case .invalidUTF8: "text is not UTF-8"
      case .tooDeep: "more than \(JSONParser.deepest) levels of lists and objects"
      case .trailingText: "text after the end of the document"
      }
    return "JSON, byte \(offset): \(words)"
  }
}

private struct JSONParser {
  static let deepest = 64

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw error(.trailingText) }
    return value
  }

  private func error(_ cause: JSONError.Cause) -> JSONError { JSONError(cause: cause, offset: position) }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(JSONError) {
    skipSpace()
    guard take(character) else { throw error(.expected("'\(character)'")) }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.deepest else { throw error(.tooDeep) }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw error(.expected("a value")) }
    position += word.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    try expect("{")
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      let key = try string()
      guard keys.insert(key).inserted else { throw error(.duplicateKey(key)) }
      try expect(":")
      members.append(.init(key: key, value: try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      try expect(",")
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    try expect("[")
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      try expect(",")
    }
  }

  private mutating func string() throws(JSONError) -> String {
    guard take("\"") else { throw error(.expected("a string")) }
    var text: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw error(.invalidUTF8) }
        return string
      case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
      case 0..<0x20: throw error(.expected("an escape in place of a control character"))
      default: text.append(byte)
      }
    }
    throw error(.expected("the closing quote of a string"))
  }

  private mutating func escape() throws(JSONError) -> Character {
    guard let byte = current else { throw error(.expected("an escape")) }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try unicodeEscape()
    default: throw error(.expected("an escape"))
    }
  }

  private mutating func unicodeEscape() throws(JSONError) -> Character {
    let first = try hexadecimal()
    var code = UInt32(first)
    if 0xD800..<0xDC00 ~= first {
      guard take("\\"), take("u") else { throw error(.expected("the second half of a surrogate pair")) }
      let second = try hexadecimal()
      guard 0xDC00..<0xE000 ~= second else { throw error(.expected("the second half of a surrogate pair")) }
      code = 0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second) - 0xDC00
    }
    guard let scalar = Unicode.Scalar(code) else { throw error(.expected("a Unicode scalar")) }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt16 {
    guard position + 4 <= bytes.count,
      let code = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
      bytes[position] != UInt8(ascii: "+")
    else { throw error(.expected("four hexadecimal digits")) }
    position += 4
    return code
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = current, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
    guard position > start else { throw error(.expected("a value")) }
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    _ = take("-")
    let leading = current
    let first = position
    try digits()
    guard leading != UInt8(ascii: "0") || position == first + 1 else {
      throw error(.expected("a number without leading zeros"))
    }
    var isWhole = true
    if take(".") {
      isWhole = false
      try digits()
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw error(.expected("a number in the range of a double"))
    }
    return .number(number)
  }
}
