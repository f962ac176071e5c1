import Tensors
import Testing

@Suite("gzip files")
struct GzipTests {
  /// "offprint " five times, packed by Python's gzip with a file name in the header.
  static let file: [UInt8] = [
    31, 139, 8, 8, 0, 0, 0, 0, 2, 255, 110, 97, 109, 101, 46, 116, 120, 116, 0, 203, 79, 75, 43, 40, 202, 204, 43, 81,
    200, 39, 130, 1, 0, 208, 179, 39, 228, 45, 0, 0, 0,
  ]

  @Test("a file with a name in its header unpacks")
  func unpacks() throws {
    #expect(try Gzip.unpack(Self.file) == Array(String(repeating: "offprint ", count: 5).utf8))
  }

  static let hostile: [(change: @Sendable (inout [UInt8]) -> Void, message: String)] = [
    ({ $0 = [1, 2] }, "gzip: the file does not begin with gzip's mark; it may be unpacked already"),
    ({ $0[2] = 7 }, "gzip: the file is packed by method 7; only 8 (deflate) is known"),
    ({ $0[$0.count - 8] ^= 1 }, "gzip: the file is damaged: its checksum is wrong; copy it again"),
    ({ $0[$0.count - 4] += 1 }, "gzip: the file is damaged: it does not unpack to 46 bytes; copy it again"),
    ({ $0[$0.count - 1] = 255 }, "gzip: the file is damaged: it claims to unpack to 4278190125 bytes; copy it again"),
    ({ $0[3] = 4 }, "gzip: the file is damaged: it ends inside its header; copy it again"),
    (
      { for index in 10..<$0.count where $0[index] == 0 { $0[index] = 1 } },
      "gzip: the file is damaged: it ends inside its header; copy it again"
    ),
  ]

  @Test("files that are not whole are refused in words", arguments: hostile.indices)
  func refusals(index: Int) {
    var file = Self.file
    Self.hostile[index].change(&file)
    let error = #expect(throws: GzipError.self) { try Gzip.unpack(file) }
    #expect(error?.description == Self.hostile[index].message)
  }
}
