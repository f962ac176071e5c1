/// One array as NumPy's `.npy` format holds it, versions 1 to 3.
///
/// Source: the format description in numpy.lib.format, NumPy 1.26.
public struct NumpyArray: Sendable, Equatable {
  /// Type of the values as NumPy writes it, such as `<f4`.
  public var type: String
  /// Length of each axis.
  public var shape: [Int]
  /// Whether the first axis is the fastest.
  public var isFortranOrder: Bool
  /// The values' bytes.
  public var bytes: [UInt8]

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  private static let sizes = [
    "|b1": 1, "|u1": 1, "|i1": 1, "<i2": 2, "<u2": 2, "<i4": 4, "<u4": 4, "<i8": 8, "<u8": 8, "<f2": 2, "<f4": 4,
    "<f8": 8,
  ]

  /// Makes an array from a tensor.
  public init(_ tensor: Tensor<Float>) { self.init("<f4", tensor) }
  /// Makes an array from a tensor.
  public init(_ tensor: Tensor<Double>) { self.init("<f8", tensor) }
  /// Makes an array from a tensor.
  public init(_ tensor: Tensor<Int>) { self.init("<i8", tensor) }

  private init<Scalar>(_ type: String, _ tensor: Tensor<Scalar>) {
    (self.type, shape, isFortranOrder) = (type, tensor.shape, false)
    bytes = tensor.withUnsafeValues { [UInt8](UnsafeRawBufferPointer($0)) }
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: `NumpyError` where they are not an array of numbers, whole and of the length that the header says.
  public init(_ file: [UInt8]) throws(NumpyError) {
    guard file.count >= 10, Array(file[..<6]) == Self.magic else { throw .notNumpy }
    let isLong = file[6] > 1
    guard (1...3).contains(file[6]), !isLong || file.count >= 12 else { throw .header("version \(file[6]) is unknown") }
    let digits = isLong ? 4 : 2
    let length = (0..<digits).reduce(0) { $0 | Int(file[8 + $1]) << (8 * $1) }
    let start = 8 + digits + length
    guard start <= file.count else { throw .truncated(needed: start, available: file.count) }
    var header = NumpyHeader(text: Array(file[(8 + digits)..<start]))
    try header.parse()
    guard let size = Self.sizes[header.type] else {
      throw .header("type '\(header.type)' is not one of \(Self.sizes.keys.sorted().joined(separator: ", "))")
    }
    var total = size
    for axis in header.shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: axis)
      guard !overflow else { throw .header("shape \(header.shape) has more values than memory has bytes") }
      total = product
    }
    guard file.count - start == total else { throw .truncated(needed: start + total, available: file.count) }
    (type, shape, isFortranOrder) = (header.type, header.shape, header.isFortranOrder)
    bytes = Array(file[start...])
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError` or `NumpyError`.
  public init(path: String) throws { try self.init(FileAccess.read(path)) }

  /// Writes a file, replacing an old one at once.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws { try FileAccess.write(encoded(), to: path) }

  /// The file's bytes, format version 1.
  public func encoded() -> [UInt8] {
    let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': \(isFortranOrder ? "True" : "False"), 'shape': (\(axes)), }"
    // The data begin at a multiple of 64, after a line end.
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let length = header.utf8.count
    return Self.magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8) + bytes
  }

  /// The values as floats, last axis fastest.
  public func floats() -> Tensor<Float> { doubles().converted() }

  /// The values as doubles, last axis fastest; whole numbers beyond 2⁵³ are rounded.
  public func doubles() -> Tensor<Double> {
    let values: [Double] =
      switch type {
      case "<f8": words(UInt64.self).map { Double(bitPattern: $0) }
      case "<f4": words(UInt32.self).map { Double(Float(bitPattern: $0)) }
      case "<f2": words(UInt16.self).map { Double(Float(half: $0)) }
      case "<u8": words(UInt64.self).map { Double($0) }
      default: wholeNumbers().map { Double($0) }
      }
    return ordered(values)
  }

  /// The values as whole numbers, last axis fastest.
  ///
  /// - Throws: `NumpyError.type` where they are not whole numbers or truth values.
  public func integers() throws(NumpyError) -> Tensor<Int> {
    guard !type.contains("f"), type != "<u8" else { throw .type(expected: "whole numbers up to 64 bits", got: type) }
    return ordered(wholeNumbers())
  }

  private func wholeNumbers() -> [Int] {
    switch type {
    case "<i8": words(UInt64.self).map { Int(Int64(bitPattern: $0)) }
    case "<i4": words(UInt32.self).map { Int(Int32(bitPattern: $0)) }
    case "<u4": words(UInt32.self).map { Int($0) }
    case "<i2": words(UInt16.self).map { Int(Int16(bitPattern: $0)) }
    case "<u2": words(UInt16.self).map { Int($0) }
    case "|i1": bytes.map { Int(Int8(bitPattern: $0)) }
    default: bytes.map { Int($0) }
    }
  }

  private func words<Word: FixedWidthInteger & UnsignedInteger>(_ word: Word.Type) -> [Word] {
    SafetensorsFile.Entry(name: "", type: .uint8, shape: [], bytes: bytes).words(word)
  }

  private func ordered<Scalar>(_ values: [Scalar]) -> Tensor<Scalar> {
    guard isFortranOrder else { return Tensor(values, shape: shape) }
    return Tensor(values, shape: shape.reversed()).permutedRaw(Array((0..<shape.count).reversed()))
  }
}

/// Reads the dictionary of a header: three keys, each once, and nothing else.
private struct NumpyHeader {
  let text: [UInt8]
  var place = 0
  var type = ""
  var isFortranOrder = false
  var shape: [Int] = []

  init(text: [UInt8]) { self.text = text }

  mutating func parse() throws(NumpyError) {
    try expect("{")
    var found: Set<String> = []
    while !take("}") {
      let key = try string()
      guard found.insert(key).inserted else { throw .header("key '\(key)' stands twice") }
      try expect(":")
      switch key {
      case "descr": type = try string()
      case "fortran_order": isFortranOrder = try truth()
      case "shape": shape = try tuple()
      default: throw .header("unknown key '\(key)'")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    guard found.count == 3 else { throw .header("keys descr, fortran_order and shape must be there") }
    skipSpaces()
    guard place == text.count else { throw .header("text follows the dictionary") }
  }

  private mutating func skipSpaces() {
    while place < text.count, text[place] == 0x20 || text[place] == 0x0A { place += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpaces()
    guard text[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  private mutating func expect(_ word: String) throws(NumpyError) {
    guard take(word) else { throw .header("expected '\(word)' at byte \(place)") }
  }

  private mutating func string() throws(NumpyError) -> String {
    try expect("'")
    let start = place
    while place < text.count, text[place] != 0x27 { place += 1 }
    let result = String(decoding: text[start..<place], as: UTF8.self)
    try expect("'")
    return result
  }

  private mutating func truth() throws(NumpyError) -> Bool {
    if take("True") { return true }
    try expect("False")
    return false
  }

  private mutating func tuple() throws(NumpyError) -> [Int] {
    try expect("(")
    var result: [Int] = []
    while !take(")") {
      skipSpaces()
      let start = place
      while place < text.count, (0x30...0x39).contains(text[place]) { place += 1 }
      guard let number = Int(String(decoding: text[start..<place], as: UTF8.self)) else {
        throw .header("expected a length at byte \(start)")
      }
      result.append(number)
      if !take(",") {
        try expect(")")
        break
      }
    }
    return result
  }
}

/// Why bytes are not an array of NumPy, or not an archive of such.
public enum NumpyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The bytes do not begin as the format does.
  case notNumpy
  /// The header is not as it must be.
  case header(String)
  /// The bytes end early or go on too long.
  case truncated(needed: Int, available: Int)
  /// The values are of another type.
  case type(expected: String, got: String)
  /// The archive is damaged or uses what is not supported.
  case archive(String)
  /// The archive has no array of this name.
  case missing(String, known: [String])

  /// What is wrong, with expected and found values.
  public var description: String {
    switch self {
    case .notNumpy: "npy: the file does not begin with NumPy's mark"
    case .header(let reason): "npy: header: \(reason)"
    case .truncated(let needed, let available): "npy: the header asks for \(needed) bytes, \(available) are there"
    case .type(let expected, let got): "npy: values have type '\(got)'; expected \(expected)"
    case .archive(let reason): "npz: \(reason)"
    case .missing(let name, let known): "npz: no array '\(name)' (known: \(known.joined(separator: ", ")))"
    }
  }
}
