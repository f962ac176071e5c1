/// Kinds of picture files that browsers show, told by their first bytes.
package enum ImageKind: Sendable, Hashable {
  case png, jpeg, gif, webp, svg

  package init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8]) {
      self = .jpeg
    } else if bytes.starts(with: Array("GIF8".utf8)) {
      self = .gif
    } else if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      self = .webp
    } else if String(decoding: bytes.prefix(1_000), as: UTF8.self).contains("<svg") {
      self = .svg
    } else {
      return nil
    }
  }

  /// The bytes of a picture as pages may hold it: drawings without scripts; nil where it is no picture.
  package static func safePicture(_ bytes: [UInt8]) -> [UInt8]? {
    guard let kind = ImageKind(bytes) else { return nil }
    return kind == .svg ? Array(SVGSieve.clean(String(decoding: bytes, as: UTF8.self)).utf8) : bytes
  }

  var fileExtension: String {
    switch self {
    case .png: "png"
    case .jpeg: "jpg"
    case .gif: "gif"
    case .webp: "webp"
    case .svg: "svg"
    }
  }

  var mediaType: String {
    switch self {
    case .png: "image/png"
    case .jpeg: "image/jpeg"
    case .gif: "image/gif"
    case .webp: "image/webp"
    case .svg: "image/svg+xml"
    }
  }
}

/// Width and height of a picture in CSS pixels, so that the page does not jump while it loads.
package struct ImageSize: Sendable, Hashable {
  package var width: Int
  package var height: Int

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Reads the size from the head of a file.
  init?(_ bytes: [UInt8], kind: ImageKind) {
    let size: (Int, Int)? =
      switch kind {
      case .png: bytes.count >= 24 ? (Self.big(bytes, 16, 4), Self.big(bytes, 20, 4)) : nil
      case .gif: bytes.count >= 10 ? (Self.little(bytes, 6), Self.little(bytes, 8)) : nil
      case .jpeg: Self.jpeg(bytes)
      case .webp: Self.webp(bytes)
      case .svg: Self.svg(bytes)
      }
    guard let size, size.0 > 0, size.1 > 0 else { return nil }
    self.init(width: size.0, height: size.1)
  }

  /// The size with at most 1600 pixels a side: a page is not wider.
  var fitted: ImageSize { Self.fitted(width: width, height: height) }

  static func fitted(width: Int, height: Int) -> ImageSize {
    let width = max(width, 1)
    let height = max(height, 1)
    let largest = max(width, height)
    guard largest > 1_600 else { return ImageSize(width: width, height: height) }
    let scale = 1_600 / Double(largest)
    return ImageSize(
      width: max(1, Int((Double(width) * scale).rounded())),
      height: max(1, Int((Double(height) * scale).rounded()))
    )
  }

  private static func big(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    bytes[at..<at + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func little(_ bytes: [UInt8], _ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }

  /// Walks the segments to the frame header.
  private static func jpeg(_ bytes: [UInt8]) -> (Int, Int)? {
    var at = 2
    while at + 9 < bytes.count, bytes[at] == 0xFF {
      let marker = bytes[at + 1]
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        return (big(bytes, at + 7, 2), big(bytes, at + 5, 2))
      }
      at += 2 + big(bytes, at + 2, 2)
    }
    return nil
  }

  private static func webp(_ bytes: [UInt8]) -> (Int, Int)? {
    guard bytes.count >= 30 else { return nil }
    switch String(decoding: bytes[12..<16], as: UTF8.self) {
    case "VP8X": return (1 + little(bytes, 24) + Int(bytes[26]) << 16, 1 + little(bytes, 27) + Int(bytes[29]) << 16)
    case "VP8 ": return (little(bytes, 26) & 0x3FFF, little(bytes, 28) & 0x3FFF)
    case "VP8L":
      let bits = little(bytes, 21) | little(bytes, 23) << 16
      return (1 + bits & 0x3FFF, 1 + bits >> 14 & 0x3FFF)
    default: return nil
    }
  }

  /// The numbers of the root element's viewBox.
  private static func svg(_ bytes: [UInt8]) -> (Int, Int)? {
    let head = String(decoding: bytes.prefix(4_000), as: UTF8.self)
    guard let box = head.firstMatch(of: #/viewBox\s*=\s*["']([^"']+)["']/#)?.1 else { return nil }
    let numbers = box.split { $0 == " " || $0 == "," }.compactMap { Double($0) }
    guard numbers.count == 4, numbers[2].magnitude < 1e6, numbers[3].magnitude < 1e6 else { return nil }
    return (Int(numbers[2].rounded()), Int(numbers[3].rounded()))
  }
}
