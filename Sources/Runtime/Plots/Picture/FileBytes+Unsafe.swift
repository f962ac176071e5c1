internal import Glibc

/// Reads whole files without Foundation.
enum FileBytes {
  static func read(_ path: String) throws(PlotError) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw .unreadablePicture(name: path, reason: .notFound) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return bytes
  }
}
