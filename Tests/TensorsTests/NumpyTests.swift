import Tensors
import Testing

@Suite("NumPy files")
struct NumpyTests {
  private static func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
  }

  @Test("what is written is read back")
  func roundTrip() throws {
    let x = Tensor<Float>([1.5, -2, .infinity, 0, 3, 4], shape: [2, 3])
    let array = NumpyArray(x)
    #expect(array.encoded().count % 64 == 24)
    #expect(try NumpyArray(array.encoded()).floats() == x)
    let archive = NumpyArchive([
      ("x", array), ("labels", NumpyArray(Tensor<Int>(Array(-300..<300)))), ("n", NumpyArray(Tensor<Double>(7))),
    ])
    let back = try NumpyArchive(archive.encoded())
    #expect(back == archive)
    #expect(try back.array("labels").integers().values == Array(-300..<300))
    #expect(try back.array("n").doubles().shape == [])
    #expect(throws: NumpyError.missing("y", known: ["labels", "n", "x"])) { try back.array("y") }
    #expect(throws: NumpyError.type(expected: "whole numbers up to 64 bits", got: "<f4")) { try array.integers() }
  }

  @Test("arrays whose first axis is fastest are turned")
  func fortran() throws {
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n"
    let array = try NumpyArray(Self.file(header, [1, 4, 2, 5, 3, 6]))
    #expect(array.doubles() == Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
  }

  static let hostile: [(bytes: [UInt8], message: String)] = [
    ([1, 2, 3], "npy: the file does not begin with NumPy's mark"),
    (
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", [0]),
      "npy: the header asks for 75 bytes, 68 are there"
    ),
    (
      file("{'descr': '|O', 'fortran_order': False, 'shape': (), }"),
      "npy: header: type '|O' is not one of <f2, <f4, <f8, <i2, <i4, <i8, <u2, <u4, <u8, |b1, |i1, |u1"
    ),
    (file("{'descr': '<f4', 'shape': (), }"), "npy: header: keys descr, fortran_order and shape must be there"),
    (file("{'descr': '<f4', 'descr': '<f4'}"), "npy: header: key 'descr' stands twice"),
    (file("{'descr': '<f4', 'shape': (-1,)}"), "npy: header: expected a length at byte 27"),
    (
      file("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4)}"),
      "npy: header: shape [4611686018427387904, 4] has more values than memory has bytes"
    ),
    (file("{'a': 1}"), "npy: header: unknown key 'a'"),
    (file("{'descr"), "npy: header: expected ''' at byte 7"),
  ]

  @Test("files that are not what they say are refused in words", arguments: hostile.indices)
  func refusals(index: Int) throws {
    let error = #expect(throws: NumpyError.self) { try NumpyArray(Self.hostile[index].bytes) }
    #expect(error?.description == Self.hostile[index].message)
  }

  @Test("no damage of one byte, and no cut, crashes or passes unnoticed")
  func damage() throws {
    let archive = NumpyArchive([("x", NumpyArray(Tensor<Double>([1, 2, 3])))])
    let bytes = archive.encoded()
    for cut in 0..<bytes.count { #expect(throws: NumpyError.self) { try NumpyArchive(Array(bytes[..<cut])) } }
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x41
      // Names, times and comments carry no checksum; the values do.
      if let found = try? NumpyArchive(damaged), let entry = found.entries.first {
        #expect(entry.array == archive.entries[0].array)
      }
    }
  }
}
