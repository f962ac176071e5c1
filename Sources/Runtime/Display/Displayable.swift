/// A value that knows how it is shown in a report.
///
/// A new kind of display is a type that conforms; everything else is shown by its text form.
public protocol Displayable {
  /// What the report shows for this value.
  ///
  /// - Throws: when the value cannot be drawn, such as a plot without data; the error is shown in the cell's place.
  func output() throws -> Output
}

extension Output: Displayable {
  /// The output itself.
  public func output() throws -> Output { self }
}

extension Output {
  /// What is shown for any value: its own display, that of its elements, or its text.
  ///
  /// - Returns: nil for the empty tuple, which nobody wants to see.
  public static func of(_ value: Any) throws -> Output? {
    if value is Void { return nil }
    if let displayable = value as? any Displayable { return try displayable.output() }
    if let list = value as? [any Displayable], !list.isEmpty { return .group(try list.map { try $0.output() }) }
    if let text = value as? String { return .text(text) }
    if let optional = value as? any AnyOptional { return try optional.wrappedValue.map(of) ?? .text("nil") }
    return .text(String(describing: value))
  }
}

private protocol AnyOptional {
  var wrappedValue: Any? { get }
}

extension Optional: AnyOptional {
  fileprivate var wrappedValue: Any? { map { $0 as Any } }
}
