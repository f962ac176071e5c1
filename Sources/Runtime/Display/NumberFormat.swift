#if canImport(Glibc)
  internal import Glibc
#endif

/// How a number is written for readers.
public enum NumberFormat: Sendable, Equatable {
  /// Four significant digits, scientific notation outside 1e-4 to 1e6.
  case automatic
  /// A fixed number of digits after the point.
  case decimals(Int)
  /// A number of significant digits.
  case significant(Int)
  /// Scientific notation with a number of digits after the point.
  case scientific(Int)
  /// A share of one, written in per cent with a number of digits after the point.
  case percent(Int)

  /// Writes a number; NaN becomes "–" and a leading hyphen the minus sign U+2212.
  public func string(_ value: Double) -> String {
    guard !value.isNaN else { return "–" }
    guard value.isFinite else { return value < 0 ? "\u{2212}∞" : "∞" }
    switch self {
    case .automatic: return NumberFormat.significant(4).string(value)
    case .decimals(let digits): return Self.typographic(Self.printf("%.*f", digits, value))
    case .percent(let digits): return Self.typographic(Self.printf("%.*f", digits, value * 100)) + "\u{A0}%"
    case .scientific(let digits): return Self.power(Self.printf("%.*e", digits, value))
    case .significant(let digits):
      let magnitude = value.magnitude
      if magnitude != 0, magnitude < 1e-4 || magnitude >= 1e6 {
        return Self.power(Self.printf("%.*e", max(digits - 1, 0), value))
      }
      // %g drops trailing zeros and would switch to an exponent; the number of decimals is computed instead.
      let exponent = magnitude == 0 ? 0 : Int(log10(magnitude).rounded(.down))
      let text = Self.printf("%.*f", max(digits - 1 - exponent, 0), value)
      return Self.typographic(Self.trimmed(text))
    }
  }

  /// Writes a value with its uncertainty, both cut at two significant digits of the uncertainty.
  public static func string(_ value: Double, uncertainty: Double) -> String {
    guard value.isFinite, uncertainty.isFinite, uncertainty > 0 else { return automatic.string(value) }
    let exponent = Int(log10(uncertainty).rounded(.down))
    let digits = max(1 - exponent, 0)
    return decimals(digits).string(value) + "\u{A0}±\u{A0}" + decimals(digits).string(uncertainty)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var characters = Substring(text)
    while characters.last == "0" { characters.removeLast() }
    if characters.last == "." { characters.removeLast() }
    return String(characters)
  }

  private static func typographic(_ text: String) -> String {
    text.first == "-" ? "\u{2212}" + text.dropFirst() : text
  }

  /// Turns C's "1.25e-07" into "1.25 × 10⁻⁷".
  private static func power(_ text: String) -> String {
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return typographic(text) }
    let superscripts = String(exponent).map { digit -> Character in
      guard let value = digit.wholeNumberValue else { return "⁻" }
      return ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"][value]
    }
    return typographic(trimmed(String(parts[0]))) + "\u{A0}×\u{A0}10" + String(superscripts)
  }

  private static func printf(_ format: String, _ digits: Int, _ value: Double) -> String {
    withVaList([Int32(clamping: min(digits, 40)), value]) { arguments in
      var buffer = [CChar](repeating: 0, count: 512)
      let count = vsnprintf(&buffer, buffer.count, format, arguments)
      return String(decoding: buffer.prefix(max(0, Int(count))).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
}
