/// Looks for ASCII words in long texts without regard to case, byte by byte.
struct ByteSearch {
  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// Whether the test holds at some byte.
  func contains(_ test: (UInt8, Int) -> Bool) -> Bool {
    for index in bytes.indices where test(bytes[index], index) { return true }
    return false
  }

  /// Whether a word in lower case stands at a place.
  func has(_ word: StaticString, at start: Int) -> Bool {
    let count = word.utf8CodeUnitCount
    guard start + count <= bytes.count else { return false }
    return word.withUTF8Buffer { buffer in
      for index in 0..<count {
        let byte = bytes[start + index]
        let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        if lower != buffer[index] { return false }
      }
      return true
    }
  }

  /// Whether a name begins here (after a space, a quote or a slash) that "=" follows.
  func isAttribute(at start: Int) -> Bool {
    let before = bytes[start - 1]
    guard before <= 0x20 || before == 0x22 || before == 0x27 || before == 0x2F else { return false }
    var index = start
    while index < bytes.count, (0x61...0x7A).contains(bytes[index] | 0x20) { index += 1 }
    while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
    return index < bytes.count && bytes[index] == 0x3D
  }

  /// The text with each occurrence of a part replaced; nil where there is none.
  static func replacing(_ part: String, in text: String, with replacement: String) -> String? {
    let part = Array(part.utf8)
    let bytes = Array(text.utf8)
    guard let first = part.first else { return nil }
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while index + part.count <= bytes.count {
      if bytes[index] == first, bytes[index..<index + part.count].elementsEqual(part) {
        result.append(contentsOf: bytes[copied..<index])
        result.append(contentsOf: replacement.utf8)
        index += part.count
        copied = index
      } else {
        index += 1
      }
    }
    guard copied > 0 else { return nil }
    result.append(contentsOf: bytes[copied...])
    return String(decoding: result, as: UTF8.self)
  }
}
