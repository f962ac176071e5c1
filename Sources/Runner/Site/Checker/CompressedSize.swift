internal import CZlib

/// How many bytes of a page travel from a server that compresses, as all do.
enum CompressedSize {
  /// Bytes of the head and foot by which gzip's format is longer than zlib's.
  private static let overhead = 12

  /// Size of some bytes after gzip at its usual level.
  static func gzip(_ bytes: [UInt8]) -> Int {
    var count = compressBound(uLong(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(count))
    let status = compress2(&output, &count, bytes, uLong(bytes.count), 6)
    return status == Z_OK ? Int(count) + overhead : bytes.count
  }
}
