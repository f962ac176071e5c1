#if canImport(Glibc)
  internal import Glibc
#endif

/// What the generated lines around a cell's code call; authors have no need of it.
public enum CellSupport {
  /// Shows the value of a cell's last expression.
  public static func display<Value>(_ value: Value, line: Int = #line) { show(value, line: line) }

  /// Ends a cell; comes back when the next one of the same module is to run.
  public static func endCell() { cellEnded?() }

  /// The kernel's part of it; there is none outside a kernel.
  private static let cellEnded = dlsym(nil, "offprint_cell_ended").map {
    unsafeBitCast($0, to: (@convention(c) () -> Void).self)
  }

  /// Sends the value of an inline expression.
  public static func inline<Value>(_ index: Int, _ value: Value) {
    Channel.current.send(.inlineValue(index: index, text: readable(value), value: String(describing: value)))
  }

  /// Numbers are rounded to four significant digits in prose; the full value stays machine-readable beside it.
  private static func readable<Value>(_ value: Value) -> String {
    switch value {
    case let number as Double: NumberFormat.automatic.string(number)
    case let number as Float: NumberFormat.automatic.string(Double(number))
    case let optional as Any? where optional == nil: "–"
    default: String(describing: value)
    }
  }

  /// Reads a parameter that the runner passed.
  ///
  /// The runner has checked names and types; a value that cannot be read is an error of the runner, not of the author.
  public static func parameter<Value: ParameterReadable>(_ name: String, as type: Value.Type = Value.self) -> Value {
    guard let text = environmentValue("OFFPRINT_PARAM_" + name), let value = Value(parameterText: text) else {
      preconditionFailure("parameter '\(name)' was not passed to the kernel as \(type)")
    }
    return value
  }
}

/// A type that a notebook's parameter can have.
public protocol ParameterReadable {
  /// Reads the text form that the runner passes.
  init?(parameterText: String)
}

extension Bool: ParameterReadable {
  /// Reads `true` or `false`.
  public init?(parameterText: String) { self.init(parameterText) }
}

extension Int: ParameterReadable {
  /// Reads a decimal number.
  public init?(parameterText: String) { self.init(parameterText) }
}

extension Double: ParameterReadable {
  /// Reads a decimal number.
  public init?(parameterText: String) { self.init(parameterText) }
}

extension String: ParameterReadable {
  /// Takes the text as it is.
  public init?(parameterText: String) { self = parameterText }
}

extension Array: ParameterReadable where Element: ParameterReadable {
  /// Reads elements separated by the unit separator U+001F.
  public init?(parameterText: String) {
    guard !parameterText.isEmpty else {
      self = []
      return
    }
    self = []
    for part in parameterText.split(separator: "\u{1F}", omittingEmptySubsequences: false) {
      guard let element = Element(parameterText: String(part)) else { return nil }
      append(element)
    }
  }
}
