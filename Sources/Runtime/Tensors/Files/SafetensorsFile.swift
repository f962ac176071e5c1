/// Arrays by name with their types and shapes, as a `.safetensors` file holds them.
///
/// Format: 8 bytes little-endian length, that many bytes of JSON (name → dtype, shape, data_offsets), raw little-endian
/// values. Everything a file says is checked before any of it is used.
///
/// Source: the format description of huggingface/safetensors, version 0.4.
public struct SafetensorsFile: Sendable, Equatable {
  /// Type of an entry's values.
  public enum DataType: String, Sendable, Equatable, CaseIterable {
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    case bool = "BOOL", int8 = "I8", uint8 = "U8", int16 = "I16", uint16 = "U16", float16 = "F16", bfloat16 = "BF16"
    // swift-format-ignore: AllPublicDeclarationsHaveDocumentation
    case int32 = "I32", uint32 = "U32", float32 = "F32", int64 = "I64", uint64 = "U64", float64 = "F64"

    /// Bytes of one value.
    public var size: Int {
      switch self {
      case .bool, .int8, .uint8: 1
      case .int16, .uint16, .float16, .bfloat16: 2
      case .int32, .uint32, .float32: 4
      case .int64, .uint64, .float64: 8
      }
    }
  }

  /// One array.
  public struct Entry: Sendable, Equatable {
    /// Name, unique in the file.
    public var name: String
    /// Type of the values.
    public var type: DataType
    /// Length of each axis; empty for a single value.
    public var shape: [Int]
    /// Values, little-endian, last axis fastest.
    public var bytes: [UInt8]
  }

  /// The arrays, in the order of the header.
  public var entries: [Entry]
  /// Free texts of the header.
  public var metadata: [String: String]

  /// Makes a file in memory.
  public init(entries: [Entry] = [], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// The array with a name.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// Values of an array of doubles or floats, last axis fastest.
  ///
  /// - Throws: `SafetensorsError.missing` or `.wrongType`.
  public func doubles(_ name: String) throws(SafetensorsError) -> [Double] {
    guard let entry = self[name] else { throw .missing(name, known: entries.map(\.name).sorted()) }
    switch entry.type {
    case .float64: return entry.words(UInt64.self).map(Double.init(bitPattern:))
    case .float32: return entry.words(UInt32.self).map { Double(Float(bitPattern: $0)) }
    default: throw .wrongType(name, expected: "F64 or F32", got: entry.type.rawValue)
    }
  }

  /// Adds an array of doubles.
  public mutating func append(_ name: String, _ values: [Double], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    precondition(
      shape.reduce(1, *) == values.count,
      "SafetensorsFile: '\(name)' has \(values.count) values, shape \(shape) needs \(shape.reduce(1, *))"
    )
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * values.count)
    for value in values { appendLittleEndian(value.bitPattern, to: &bytes) }
    entries.append(Entry(name: name, type: .float64, shape: shape, bytes: bytes))
  }
}

extension SafetensorsFile.Entry {
  /// The values as unsigned words of their own size.
  func words<Word: FixedWidthInteger & UnsignedInteger>(_ type: Word.Type) -> [Word] {
    let size = MemoryLayout<Word>.size
    return stride(from: 0, to: bytes.count, by: size).map { start in
      (0..<size).reduce(Word(0)) { $0 | Word(bytes[start + $1]) << Word(8 * $1) }
    }
  }
}

func appendLittleEndian(_ word: UInt64, to bytes: inout [UInt8]) {
  for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
}

/// Why bytes are not a safetensors file, or do not hold what is asked of them.
public enum SafetensorsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The bytes end early.
  case truncated(what: String, needed: Int, available: Int)
  /// The header claims to be larger than any honest one.
  case headerTooLarge(Int)
  /// The header is not JSON.
  case header(JSONError)
  /// An entry of the header is not as it must be.
  case entry(String, reason: String)
  /// Bytes that belong to no array, or to two.
  case layout(offset: Int, reason: String)
  /// No array has this name.
  case missing(String, known: [String])
  /// An array is of another type.
  case wrongType(String, expected: String, got: String)

  /// What is wrong, with expected and found values.
  public var description: String {
    switch self {
    case .truncated(let what, let needed, let available):
      "safetensors: \(what) needs \(needed) bytes, \(available) are there"
    case .headerTooLarge(let size): "safetensors: header of \(size) bytes; at most \(SafetensorsFile.largestHeader)"
    case .header(let error): "safetensors: header: \(error)"
    case .entry(let name, let reason): "safetensors: array '\(name)': \(reason)"
    case .layout(let offset, let reason): "safetensors: data byte \(offset): \(reason)"
    case .missing(let name, let known): "safetensors: no array '\(name)' (known: \(known.joined(separator: ", ")))"
    case .wrongType(let name, let expected, let got):
      "safetensors: array '\(name)' has type \(got); expected \(expected)"
    }
  }
}
