/// Files packed by gzip (RFC 1952).
public enum Gzip {
  /// Why a file cannot be unpacked.
  public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    public let reason: String
    /// What is wrong, and what to do.
    public var description: String { "gzip: \(reason); get the file again" }
  }

  /// The bytes that a gzip file of one member stands for, checked against its length and checksum.
  ///
  /// - Parameter file: the whole file.
  /// - Returns: the bytes.
  /// - Throws: `Gzip.Failure`.
  public static func unpack(_ file: [UInt8]) throws(Failure) -> [UInt8] {
    guard file.count >= 18, file[0] == 0x1F, file[1] == 0x8B, file[2] == 8 else {
      throw Failure(reason: "the file is no gzip file")
    }
    let start = try contentStart(file)
    func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(file[place + $1]) << (8 * $1) } }
    let (sum, size) = (number(file.count - 8), number(file.count - 4))
    guard start <= file.count - 8, let bytes = Deflate.unpack(Array(file[start..<file.count - 8]), size: size) else {
      throw Failure(reason: "the packed bytes are damaged")
    }
    guard Deflate.checksum(bytes) == sum else { throw Failure(reason: "the checksum is wrong") }
    return bytes
  }

  /// Where the packed bytes begin, after the optional parts of the header that the flags name.
  private static func contentStart(_ file: [UInt8]) throws(Failure) -> Int {
    let flags = file[3]
    var place = 10
    if flags & 4 != 0 { place += 2 + Int(file[10]) + Int(file[11]) << 8 }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard place < file.count, let end = file[place...].firstIndex(of: 0) else {
        throw Failure(reason: "the header has no end")
      }
      place = end + 1
    }
    return flags & 2 != 0 ? place + 2 : place
  }
}
