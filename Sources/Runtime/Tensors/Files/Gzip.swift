/// Files packed by gzip, such as tables and pictures that data sets come in.
///
/// Source: RFC 1952; one member a file.
public enum Gzip {
  /// The bytes that a file stands for.
  ///
  /// - Parameter file: header, deflated bytes, checksum and length.
  /// - Returns: the unpacked bytes.
  /// - Throws: `GzipError` where the file is cut off, damaged, or no gzip file.
  public static func unpack(_ file: [UInt8]) throws(GzipError) -> [UInt8] {
    guard file.count >= 18, file[0] == 0x1F, file[1] == 0x8B else { throw .noMark }
    guard file[2] == 8 else { throw .method(Int(file[2])) }
    let start = try headerLength(file)
    let tail = file.count - 8
    guard start <= tail else { throw .damaged("it ends inside its header") }
    let size = number(file, tail + 4)
    // Deflate shrinks to a thousandth at best: larger claims are a trap.
    guard size <= 1100 * (tail - start) + 1024 else { throw .damaged("it claims to unpack to \(size) bytes") }
    guard let data = Deflate.unpack(Array(file[start..<tail]), size: size) else {
      throw .damaged("it does not unpack to \(size) bytes")
    }
    guard Deflate.checksum(data) == number(file, tail) else { throw .damaged("its checksum is wrong") }
    return data
  }

  /// Ten bytes, and the optional parts that the flags name.
  private static func headerLength(_ file: [UInt8]) throws(GzipError) -> Int {
    let flags = file[3]
    var place = 10
    if flags & 4 != 0 { place += 2 + Int(file[10]) + Int(file[11]) << 8 }
    // A name and a comment, each up to a zero.
    for flag in [8, 16] as [UInt8] where flags & flag != 0 {
      guard place < file.count, let end = file[place...].firstIndex(of: 0) else {
        throw .damaged("it ends inside its header")
      }
      place = end + 1
    }
    return flags & 2 != 0 ? place + 2 : place
  }

  private static func number(_ file: [UInt8], _ place: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) }
  }
}

/// Why a packed file cannot be read.
public enum GzipError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file does not begin as gzip files do.
  case noMark
  /// The file is packed in a way that nobody uses.
  case method(Int)
  /// The file is not whole.
  case damaged(String)

  /// What is wrong, and what to do.
  public var description: String {
    switch self {
    case .noMark: "gzip: the file does not begin with gzip's mark; it may be unpacked already"
    case .method(let number): "gzip: the file is packed by method \(number); only 8 (deflate) is known"
    case .damaged(let reason): "gzip: the file is damaged: \(reason); copy it again"
    }
  }
}
