/// Arrays by name as NumPy's `.npz` format holds them: a zip archive of `.npy` files.
public struct NumpyArchive: Sendable, Equatable {
  /// Names without `.npy`, and arrays, in the order of the archive.
  public var entries: [(name: String, array: NumpyArray)]

  /// Most bytes that all arrays may take when unpacked.
  private static let limit = 16 << 30

  /// Makes an archive.
  public init(_ entries: [(name: String, array: NumpyArray)] = []) { self.entries = entries }

  /// Whether names and arrays agree.
  public static func == (a: NumpyArchive, b: NumpyArchive) -> Bool {
    a.entries.elementsEqual(b.entries) { $0.name == $1.name && $0.array == $1.array }
  }

  /// An array by name.
  ///
  /// - Throws: `NumpyError.missing`.
  public func array(_ name: String) throws(NumpyError) -> NumpyArray {
    for entry in entries where entry.name == name { return entry.array }
    throw .missing(name, known: entries.map(\.name).sorted())
  }

  /// Reads a file.
  ///
  /// - Throws: `FileError` or `NumpyError`.
  public init(path: String) throws { try self.init(FileAccess.read(path)) }

  /// Writes a file, replacing an old one at once.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws { try FileAccess.write(encoded(), to: path) }

  /// Reads an archive's bytes; all sizes and checksums are verified.
  ///
  /// - Throws: `NumpyError`.
  public init(_ file: [UInt8]) throws(NumpyError) {
    let reader = LittleEndianReader(bytes: file)
    // The end record is 22 bytes long and may be followed by a comment of up to 65535.
    var end = file.count - 22
    while end >= 0, end >= file.count - 22 - 65_535, reader.number(end, 4) != 0x0605_4B50 { end -= 1 }
    guard end >= 0, reader.number(end, 4) == 0x0605_4B50 else {
      throw .archive("no directory of a zip archive is there")
    }
    let count = reader.number(end + 10, 2)
    var place = reader.number(end + 16, 4)
    guard count != 0xFFFF, place != 0xFFFF_FFFF else { throw .archive("archives beyond 4 GiB are not supported") }
    self.init()
    var total = 0
    for _ in 0..<count {
      guard place + 46 <= end, reader.number(place, 4) == 0x0201_4B50 else {
        throw .archive("the directory is damaged at byte \(place)")
      }
      let nameLength = reader.number(place + 28, 2)
      guard place + 46 + nameLength <= end else { throw .archive("the directory is damaged at byte \(place)") }
      let name = String(decoding: file[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self)
      total += reader.number(place + 24, 4)
      guard total <= Self.limit else { throw .archive("the arrays unpack to more than \(Self.limit) bytes") }
      let data = try reader.unpack(name, directory: place)
      let short = name.hasSuffix(".npy") ? String(name.dropLast(4)) : name
      guard !entries.contains(where: { $0.name == short }) else { throw .archive("'\(name)' stands twice") }
      entries.append((short, try NumpyArray(data)))
      place += 46 + nameLength + reader.number(place + 30, 2) + reader.number(place + 32, 2)
    }
  }

  /// The archive's bytes, packed by deflate.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let data = entry.array.encoded()
      let packed = Deflate.pack(data)
      let name = Array((entry.name + ".npy").utf8)
      precondition(data.count < 0xFFFF_FFFF && bytes.count < 0xFFFF_FFFF, "npz: '\(entry.name)' is beyond 4 GiB")
      // Version 2.0, no flags, deflate, the time 1980-01-01 that stands for none, checksum, sizes, lengths.
      var fields: [UInt8] = []
      for (value, size) in [
        (20, 2), (0, 2), (8, 2), (0, 2), (0x21, 2), (Deflate.checksum(data), 4), (packed.count, 4), (data.count, 4),
        (name.count, 2), (0, 2),
      ] { fields += littleEndian(value, size) }
      directory += littleEndian(0x0201_4B50, 4) + littleEndian(20, 2) + fields + littleEndian(0, 10)
      directory += littleEndian(bytes.count, 4) + name
      bytes += littleEndian(0x0403_4B50, 4) + fields + name + packed
    }
    let start = bytes.count
    bytes += directory + littleEndian(0x0605_4B50, 4) + littleEndian(0, 4)
    bytes += littleEndian(entries.count, 2) + littleEndian(entries.count, 2) + littleEndian(directory.count, 4)
    return bytes + littleEndian(start, 4) + littleEndian(0, 2)
  }

  private func littleEndian(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }
}

private struct LittleEndianReader {
  let bytes: [UInt8]

  func number(_ place: Int, _ size: Int) -> Int {
    guard place >= 0, place + size <= bytes.count else { return -1 }
    return (0..<size).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  /// The bytes of one file, found from its entry in the directory.
  func unpack(_ name: String, directory: Int) throws(NumpyError) -> [UInt8] {
    let (method, checksum) = (number(directory + 10, 2), number(directory + 16, 4))
    let (packed, size) = (number(directory + 20, 4), number(directory + 24, 4))
    let local = number(directory + 42, 4)
    guard packed != 0xFFFF_FFFF, size != 0xFFFF_FFFF, local != 0xFFFF_FFFF else {
      throw .archive("'\(name)' is beyond 4 GiB, which is not supported")
    }
    guard number(directory + 8, 2) & 1 == 0 else { throw .archive("'\(name)' is encrypted") }
    guard number(local, 4) == 0x0403_4B50 else { throw .archive("'\(name)' has no header at byte \(local)") }
    let start = local + 30 + number(local + 26, 2) + number(local + 28, 2)
    guard start <= bytes.count, packed <= bytes.count - start else { throw .archive("'\(name)' ends early") }
    let part = Array(bytes[start..<start + packed])
    // Deflate shrinks to a thousandth at best: larger claims are a trap.
    guard size <= 1100 * packed + 1024 else { throw .archive("'\(name)' claims to unpack to \(size) bytes") }
    let data: [UInt8]?
    switch method {
    case 0: data = packed == size ? part : nil
    case 8: data = Deflate.unpack(part, size: size)
    default: throw .archive("'\(name)' is packed by method \(method); only 0 and 8 are supported")
    }
    guard let data else { throw .archive("'\(name)' does not unpack to \(size) bytes") }
    guard Deflate.checksum(data) == checksum else { throw .archive("'\(name)' has a wrong checksum") }
    return data
  }
}
