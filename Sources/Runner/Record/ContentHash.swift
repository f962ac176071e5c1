internal import CCrypto
package import Foundation

/// SHA-256 of some bytes: the name under which cells, records and files are stored.
package struct ContentHash: Sendable, Hashable, CustomStringConvertible {
  /// The 32 bytes of the digest.
  package let bytes: [UInt8]

  package init(_ bytes: some Sequence<UInt8>) {
    let input = Array(bytes)
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    _ = SHA256(input, input.count, &digest)
    self.bytes = digest
  }

  /// Hash of several texts; their lengths take part, so that no two lists give the same bytes.
  package init(_ parts: [String]) {
    self.init(parts.flatMap { "\($0.utf8.count):".utf8 + Array($0.utf8) })
  }

  package init(_ text: String) { self.init(text.utf8) }

  package init(_ data: Data) { self.init(Array(data)) }

  /// The digest as 64 hexadecimal digits.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension [UInt8] {
  /// The bytes in base 64, as data addresses and script hashes hold them.
  package var base64: String { Data(self).base64EncodedString() }
}
