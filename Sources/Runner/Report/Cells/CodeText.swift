internal import SwiftIDEUtils
internal import SwiftParser
internal import SwiftSyntax

/// Source text as HTML.
package enum CodeText {
  /// Escapes code; characters that change the direction of text become visible marks, since code must be read as it is
  /// compiled.
  package static func visible(_ code: some StringProtocol) -> String {
    guard code.utf8.contains(0xE2) else { return code.escaped }
    var result = ""
    var plain = ""
    for scalar in code.unicodeScalars {
      guard HTMLText.isDirectionOverride(scalar) || (0x2066...0x2069).contains(scalar.value) else {
        plain.unicodeScalars.append(scalar)
        continue
      }
      result += plain.escaped + "<span class=\"ctl\">U+\(String(scalar.value, radix: 16, uppercase: true))</span>"
      plain = ""
    }
    return result + plain.escaped
  }

  /// Swift code with spans for its kinds of tokens, as the compiler's own parser sees them.
  package static func highlighted(_ code: String) -> String {
    guard code.utf8.count <= PageLimits.code else { return visible(code) }
    let tree = Parser.parse(source: code)
    let bytes = Array(code.utf8)
    var result = ""
    result.reserveCapacity(bytes.count * 2)
    var position = 0
    var run = Run()
    for range in tree.classifications {
      let start = range.range.lowerBound.utf8Offset
      let end = min(range.range.upperBound.utf8Offset, bytes.count)
      guard end > position else { continue }
      run.add(bytes[position..<max(start, position)], nil, to: &result)
      run.add(bytes[max(start, position)..<end], letter(of: range.kind), to: &result)
      position = end
    }
    run.add(bytes[position...], nil, to: &result)
    run.flush(to: &result)
    return result
  }

  /// Tokens of one class in a row, with the white space between them, share one span.
  private struct Run {
    var letter: String?
    var text: [UInt8] = []

    mutating func add(_ bytes: ArraySlice<UInt8>, _ next: String?, to result: inout String) {
      guard !bytes.isEmpty else { return }
      let isBlank = bytes.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
      if !isBlank, next != letter {
        flush(to: &result)
        letter = next
      }
      text.append(contentsOf: bytes)
    }

    mutating func flush(to result: inout String) {
      guard !text.isEmpty else { return }
      // Blanks at the end stay outside of the span; one letter needs no quotes, and a page holds a thousand spans.
      let end = (text.lastIndex { $0 != 0x20 && $0 != 0x0A && $0 != 0x09 } ?? -1) + 1
      let word = CodeText.visible(String(decoding: text[..<end], as: UTF8.self))
      if let letter, end > 0 { result += "<span class=\(letter)>\(word)</span>" } else { result += word }
      result += String(decoding: text[end...], as: UTF8.self)
      text = []
      letter = nil
    }
  }

  /// The class of a token in the style sheet: k keyword, s string, n number, c comment, t type, a attribute.
  private static func letter(of kind: SyntaxClassification) -> String? {
    switch kind {
    case .keyword: "k"
    case .stringLiteral, .regexLiteral: "s"
    case .integerLiteral, .floatLiteral: "n"
    case .lineComment, .blockComment, .docLineComment, .docBlockComment: "c"
    case .type: "t"
    case .attribute, .ifConfigDirective: "a"
    default: nil
    }
  }
}
