/// Why bytes cannot be read as a message or a record.
public enum WireError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The bytes end inside a value.
  case truncated(needed: Int, available: Int)
  /// A tag that this version does not know.
  case unknownTag(UInt8, of: String)
  /// A word that is none of the expected ones.
  case unknownWord(String, of: String)
  /// Bytes are left over after the last value.
  case trailingBytes(Int)

  /// What is wrong, with expected and found numbers.
  public var description: String {
    switch self {
    case .truncated(let needed, let available): "message ends early: \(needed) bytes needed, \(available) left"
    case .unknownTag(let tag, let type): "unknown tag \(tag) of \(type)"
    case .unknownWord(let word, let type): "unknown \(type) '\(word)'"
    case .trailingBytes(let count): "\(count) bytes left over at the end of a message"
    }
  }
}

/// Writes values as little-endian bytes: fixed-width numbers, counted strings and lists.
///
/// The runtime does without Foundation (each cell would pay for loading it), so this stands in for a coder.
public struct WireWriter: Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []

  /// Makes an empty writer.
  public init() {}

  /// Writes one byte.
  public mutating func write(_ value: UInt8) { bytes.append(value) }

  /// Writes eight bytes.
  public mutating func write(_ value: Int) { write(bits: UInt64(bitPattern: Int64(value))) }

  /// Writes the eight bytes of a double.
  public mutating func write(_ value: Double) { write(bits: value.bitPattern) }

  /// Writes one byte, 0 or 1.
  public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

  /// Writes a counted UTF-8 string.
  public mutating func write(_ value: String) {
    let utf8 = Array(value.utf8)
    write(utf8)
  }

  /// Writes a counted block of bytes.
  public mutating func write(_ value: [UInt8]) {
    write(value.count)
    bytes.append(contentsOf: value)
  }

  /// Writes a value that may be missing.
  public mutating func write<Value>(_ value: Value?, _ body: (inout WireWriter, Value) -> Void) {
    write(value != nil)
    if let value { body(&self, value) }
  }

  /// Writes a counted list.
  public mutating func write<Values: Collection>(
    list: Values,
    _ body: (inout WireWriter, Values.Element) -> Void
  ) {
    write(list.count)
    for element in list { body(&self, element) }
  }

  private mutating func write(bits: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
  }
}

/// Reads what `WireWriter` wrote; every length is checked, since a cell may write anything.
public struct WireReader: Sendable {
  private let bytes: [UInt8]
  private var position = 0

  /// Makes a reader over some bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Number of bytes not yet read.
  public var remaining: Int { bytes.count - position }

  /// Reads one byte.
  public mutating func readByte() throws(WireError) -> UInt8 {
    try need(1)
    defer { position += 1 }
    return bytes[position]
  }

  /// Reads a whole number.
  public mutating func readInt() throws(WireError) -> Int { Int(Int64(bitPattern: try readBits())) }

  /// Reads a double.
  public mutating func readDouble() throws(WireError) -> Double { Double(bitPattern: try readBits()) }

  /// Reads a truth value.
  public mutating func readBool() throws(WireError) -> Bool { try readByte() != 0 }

  /// Reads a string; invalid UTF-8 becomes U+FFFD.
  public mutating func readString() throws(WireError) -> String { String(decoding: try readBytes(), as: UTF8.self) }

  /// Reads a block of bytes.
  public mutating func readBytes() throws(WireError) -> [UInt8] {
    let count = try readInt()
    try need(count)
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// Reads a value that may be missing.
  public mutating func readOptional<Value>(
    _ body: (inout WireReader) throws(WireError) -> Value
  ) throws(WireError) -> Value? {
    try readBool() ? try body(&self) : nil
  }

  /// Reads a counted list.
  public mutating func readList<Value>(
    _ body: (inout WireReader) throws(WireError) -> Value
  ) throws(WireError) -> [Value] {
    let count = try readInt()
    // Every element takes at least one byte: a count above what is left is a lie, not a reason to allocate.
    try need(count)
    var list: [Value] = []
    list.reserveCapacity(count)
    for _ in 0..<count { list.append(try body(&self)) }
    return list
  }

  /// Checks that nothing is left over.
  public func expectEnd() throws(WireError) {
    if remaining != 0 { throw .trailingBytes(remaining) }
  }

  private func need(_ count: Int) throws(WireError) {
    guard count >= 0, count <= remaining else { throw .truncated(needed: count, available: remaining) }
  }

  private mutating func readBits() throws(WireError) -> UInt64 {
    try need(8)
    var bits: UInt64 = 0
    for index in 0..<8 { bits |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += 8
    return bits
  }
}
