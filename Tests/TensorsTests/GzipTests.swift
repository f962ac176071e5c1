import Tensors
import Testing

@Suite("Gzip")
struct GzipTests {
  /// "offprint\n" as gzip writes it, with a file name in the header.
  static let file: [UInt8] = [
    0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 2, 0xff, 0x61, 0x2e, 0x74, 0x78, 0x74, 0, 0xcb, 0x4f, 0x4b, 0x2b, 0x28, 0xca, 0xcc,
    0x2b, 0xe1, 2, 0, 0x19, 0x3f, 0xe0, 0xbc, 9, 0, 0, 0,
  ]

  @Test("a file with a name in its header is unpacked")
  func unpacking() throws { #expect(try Gzip.unpack(Self.file) == Array("offprint\n".utf8)) }

  @Test(
    "damage is named",
    arguments: [(0, "the file is no gzip file"), (16, "the packed bytes are damaged"), (-8, "the checksum is wrong")]
  )
  func damage(_ place: Int, _ reason: String) {
    var file = Self.file
    file[place < 0 ? file.count + place : place] ^= 0x55
    let error = #expect(throws: Gzip.Failure.self) { try Gzip.unpack(file) }
    #expect(error?.description == "gzip: \(reason); get the file again")
  }

  @Test("a header without an end is refused")
  func endless() {
    let file: [UInt8] = [0x1F, 0x8B, 8, 8] + [UInt8](repeating: 1, count: 20)
    let error = #expect(throws: Gzip.Failure.self) { try Gzip.unpack(file) }
    #expect(error?.reason == "the header has no end")
  }
}
