extension SafetensorsFile {
  /// Largest header that is read.
  static let largestHeader = 100 << 20

  /// Reads a file's bytes.
  ///
  /// - Throws: `SafetensorsError` when the bytes are truncated, the header is not what the format says, or arrays overlap,
  ///   leave gaps or disagree with their shapes.
  public init(_ bytes: [UInt8]) throws(SafetensorsError) {
    guard bytes.count >= 8 else { throw .truncated(what: "header length", needed: 8, available: bytes.count) }
    let claimed = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    guard claimed <= UInt64(Self.largestHeader) else { throw .headerTooLarge(Int(clamping: claimed)) }
    let headerSize = Int(claimed)
    guard headerSize <= bytes.count - 8 else {
      throw .truncated(what: "header", needed: headerSize, available: bytes.count - 8)
    }
    let data = bytes[(8 + headerSize)...]
    let header: JSONValue
    do { header = try JSONValue(parsing: Array(bytes[8..<8 + headerSize])) } catch { throw .header(error) }
    guard case .object(let members) = header else {
      throw .header(JSONError(cause: .expected("an object"), offset: 0))
    }
    self.init()
    var spans: [(range: Range<Int>, name: String)] = []
    for member in members {
      if member.key == "__metadata__" {
        metadata = try Self.metadata(member.value)
        continue
      }
      let (entry, range) = try Self.entry(member, data: data)
      spans.append((range, member.key))
      entries.append(entry)
    }
    try Self.checkLayout(spans, count: data.count)
  }

  private static func metadata(_ value: JSONValue) throws(SafetensorsError) -> [String: String] {
    guard case .object(let members) = value else { throw .entry("__metadata__", reason: "must be an object of texts") }
    var result: [String: String] = [:]
    for member in members {
      guard case .string(let text) = member.value else {
        throw .entry("__metadata__", reason: "'\(member.key)' must be a text")
      }
      result[member.key] = text
    }
    return result
  }

  private static func entry(
    _ member: JSONValue.Member,
    data: ArraySlice<UInt8>
  ) throws(SafetensorsError) -> (Entry, Range<Int>) {
    let name = member.key
    guard case .object(let fields) = member.value else { throw .entry(name, reason: "must be an object") }
    for field in fields where !["dtype", "shape", "data_offsets"].contains(field.key) {
      throw .entry(name, reason: "unknown key '\(field.key)'")
    }
    guard case .string(let word) = member.value["dtype"], let type = DataType(rawValue: word) else {
      let known = DataType.allCases.map(\.rawValue).joined(separator: ", ")
      throw .entry(name, reason: "dtype must be one of \(known)")
    }
    let shape = try naturals(member.value["shape"], name: name, key: "shape")
    let offsets = try naturals(member.value["data_offsets"], name: name, key: "data_offsets")
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= data.count else {
      throw .entry(name, reason: "data_offsets \(offsets) must be two ascending numbers up to \(data.count)")
    }
    var size = type.size
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard !overflow else { throw .entry(name, reason: "shape \(shape) has more values than memory has bytes") }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw .entry(name, reason: "\(word) values of shape \(shape) take \(size) bytes, got \(offsets[1] - offsets[0])")
    }
    let start = data.startIndex
    let bytes = Array(data[start + offsets[0]..<start + offsets[1]])
    return (Entry(name: name, type: type, shape: shape, bytes: bytes), offsets[0]..<offsets[1])
  }

  private static func naturals(_ value: JSONValue?, name: String, key: String) throws(SafetensorsError) -> [Int] {
    guard case .array(let elements) = value else { throw .entry(name, reason: "\(key) must be a list") }
    var result: [Int] = []
    for element in elements {
      guard case .integer(let number) = element, number >= 0 else {
        throw .entry(name, reason: "\(key) must hold whole numbers from 0 up")
      }
      result.append(number)
    }
    return result
  }

  private static func checkLayout(_ spans: [(range: Range<Int>, name: String)], count: Int) throws(SafetensorsError) {
    var end = 0
    for span in spans.sorted(by: {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }) {
      guard span.range.lowerBound >= end else {
        throw .layout(offset: span.range.lowerBound, reason: "'\(span.name)' overlaps another array")
      }
      guard span.range.lowerBound == end else { throw .layout(offset: end, reason: "belongs to no array") }
      end = span.range.upperBound
    }
    guard end == count else { throw .layout(offset: end, reason: "belongs to no array") }
  }

  /// The file's bytes; the header is padded with spaces so that the data begin at a multiple of 8.
  public func encoded() -> [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for entry in entries {
      let end = offset + entry.bytes.count
      let shape = entry.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(Self.quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    appendLittleEndian(UInt64(header.count), to: &bytes)
    bytes += header
    for entry in entries { bytes += entry.bytes }
    return bytes
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
