#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Files of the formula cache: whole or not there at all, and a cache that cannot be written is no error.
enum CacheFile {
  static func write(_ bytes: [UInt8], to path: String, in folder: String) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

/// The compiled form of a script library in a file, behind a checksum: the engine trusts what it loads.
enum CompiledLibrary {
  static func read(_ path: String) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path), data.count > 8 else { return nil }
    let bytes = Array(data)
    let stored = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let body = Array(bytes[8...])
    return stored == checksum(body) ? body : nil
  }

  static func write(_ bytes: [UInt8], to path: String) {
    let sum = checksum(bytes)
    let head = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: sum >> UInt64($0)) }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    CacheFile.write(head + bytes, to: path, in: folder)
  }

  /// FNV-1a: it finds files that were cut or damaged.
  private static func checksum(_ bytes: [UInt8]) -> UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return sum
  }
}
