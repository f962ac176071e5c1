/// A JSON value whose members keep their order, so that equal values give equal bytes.
package indirect enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  package struct Member: Sendable, Hashable {
    package var name: String
    package var value: JSON

    package init(name: String, value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// An object without the members that are null.
  package static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
  }

  package static func optional(_ text: String?) -> JSON? { text.map(JSON.string) }

  /// One line; safe inside a script element, since "<" and the line separators are escaped.
  package var text: String {
    var result = ""
    write(to: &result, indentation: nil)
    return result
  }

  /// Indented by two spaces, with a line feed at the end.
  package var prettyText: String {
    var result = ""
    write(to: &result, indentation: 0)
    return result + "\n"
  }

  private func write(to result: inout String, indentation: Int?) {
    switch self {
    case .null: result += "null"
    case .bool(let value): result += value ? "true" : "false"
    case .integer(let value): result += String(value)
    // JSON knows neither infinities nor NaN.
    case .number(let value): result += value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.write(value, to: &result)
    case .array(let values):
      Self.write(values, "[", "]", to: &result, indentation) { $0.write(to: &$1, indentation: $2) }
    case .object(let members):
      Self.write(members, "{", "}", to: &result, indentation) { member, result, indentation in
        Self.write(member.name, to: &result)
        result += indentation == nil ? ":" : ": "
        member.value.write(to: &result, indentation: indentation)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element],
    _ open: String,
    _ close: String,
    to result: inout String,
    _ indentation: Int?,
    _ body: (Element, inout String, Int?) -> Void
  ) {
    result += open
    let inner = indentation.map { $0 + 2 }
    for (index, element) in elements.enumerated() {
      if index > 0 { result += "," }
      if let inner { result += "\n" + String(repeating: " ", count: inner) }
      body(element, &result, inner)
    }
    if let indentation, !elements.isEmpty { result += "\n" + String(repeating: " ", count: indentation) }
    result += close
  }

  private static func write(_ text: String, to result: inout String) {
    result += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "<", "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    result += "\""
  }
}
