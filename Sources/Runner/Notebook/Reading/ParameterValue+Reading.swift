internal import Yams

extension ParameterValue {
  /// Words that cannot be the name of a property without quoting.
  static let reservedNames: Set<String> = [
    "as", "break", "case", "catch", "class", "continue", "default", "defer", "do", "else", "enum", "extension",
    "fallthrough", "false", "for", "func", "guard", "if", "import", "in", "init", "inout", "is", "let", "nil",
    "protocol", "repeat", "rethrows", "return", "self", "static", "struct", "super", "switch", "throw", "throws",
    "true", "try", "typealias", "var", "where", "while", "_",
  ]

  /// The value of a YAML node, typed by how it is written.
  init?(_ node: Node) {
    if let sequence = node.sequence {
      guard let list = Self(list: sequence.map(Self.init)) else { return nil }
      self = list
    } else if let scalar = node.scalar {
      self = scalar.style == .plain ? Self(plain: scalar.string) : .string(scalar.string)
    } else {
      return nil
    }
  }

  private init(plain text: String) {
    // A number may be written with underscores, as in Swift: 1_000_000.
    let digits = text.filter { $0 != "_" }
    if let value = Bool(text) {
      self = .boolean(value)
    } else if let value = Int(digits) {
      self = .integer(value)
    } else if let value = Double(digits), value.isFinite {
      self = .number(value)
    } else {
      self = .string(text)
    }
  }

  private init?(list: [ParameterValue?]) {
    let values = list.compactMap { $0 }
    guard values.count == list.count, !values.isEmpty else { return nil }
    let integers = values.compactMap { if case .integer(let value) = $0 { value } else { nil } }
    let numbers = values.compactMap(\.number)
    let strings = values.compactMap { if case .string(let value) = $0 { value } else { nil } }
    if integers.count == values.count {
      self = .integers(integers)
    } else if numbers.count == values.count {
      self = .numbers(numbers)
    } else if strings.count == values.count {
      self = .strings(strings)
    } else {
      return nil
    }
  }

  private var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value as the type of another one; nil when it does not fit.
  package func converted(like other: ParameterValue) -> ParameterValue? {
    switch (other, self) {
    case (.boolean, .boolean), (.integer, .integer), (.number, .number), (.string, .string), (.integers, .integers),
      (.numbers, .numbers), (.strings, .strings):
      self
    case (.number, .integer(let value)): .number(Double(value))
    case (.numbers, .integers(let values)): .numbers(values.map(Double.init))
    case (.integers, .integer(let value)): .integers([value])
    case (.numbers, .number(let value)): .numbers([value])
    case (.numbers, .integer(let value)): .numbers([Double(value)])
    case (.strings, .string(let value)): .strings([value])
    case (.string, .integer(let value)): .string(String(value))
    case (.string, .boolean(let value)): .string(String(value))
    default: nil
    }
  }

  /// Reads a value given on the command line, typed by the parameter's default; lists are separated by commas.
  package init?(argument text: String, like other: ParameterValue) {
    let items = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    switch other {
    case .string: self = .string(text)
    case .strings: self = .strings(items)
    case .integers, .numbers:
      guard let list = Self(list: items.map { Self(plain: $0) })?.converted(like: other) else { return nil }
      self = list
    case .boolean, .integer, .number:
      guard let value = Self(plain: text).converted(like: other) else { return nil }
      self = value
    }
  }

  /// The value as text, as it would be written in YAML.
  package var text: String {
    switch self {
    case .boolean(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .string(let value): value
    case .integers(let values): values.map(String.init).joined(separator: ", ")
    case .numbers(let values): values.map { String($0) }.joined(separator: ", ")
    case .strings(let values): values.joined(separator: ", ")
    }
  }
}
