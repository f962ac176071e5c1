/// Text as it stands in HTML.
package enum HTMLText {
  /// Escapes text for content and for quoted attributes.
  ///
  /// Control characters that HTML forbids become U+FFFD; characters that reverse the direction of the text around them
  /// are dropped, since they make a page say what its source does not.
  package static func escape(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(where: isSuspicious) else { return String(text) }
    var result = ""
    result.reserveCapacity(text.utf8.count + 32)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\r": continue
      case _ where isDirectionOverride(scalar): continue
      case _ where isForbidden(scalar): result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether the scalar embeds or overrides a direction (isolates are harmless and stay).
  package static func isDirectionOverride(_ scalar: Unicode.Scalar) -> Bool {
    (0x202A...0x202E).contains(scalar.value)
  }

  private static func isSuspicious(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x22, 0x26, 0x3C, 0x3E, 0x7F, 0xC2, 0xE2, 0xEF, 0xF0...: true
    default: false
    }
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F...0x9F, 0xFDD0...0xFDEF: true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }
}

extension StringProtocol {
  /// The text for HTML content and quoted attributes.
  package var escaped: String { HTMLText.escape(self) }

  /// The text on one line, with runs of breakable white space made one space, cut at a length with "…".
  ///
  /// The cut falls between words, unless the last one is very long.
  package func squeezed(limit: Int = .max) -> String {
    var result = ""
    var count = 0
    for word in split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline }) {
      let whole = result
      if !result.isEmpty {
        result += " "
        count += 1
      }
      for character in word {
        if count >= limit { return (whole.isEmpty || result.count - whole.count > 24 ? result : whole) + "…" }
        result.append(character)
        count += 1
      }
    }
    return result
  }
}
