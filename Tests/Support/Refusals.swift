public import Testing

/// A call that must stop the program, and what it must say before.
///
/// A table of these is run by exit tests, which pass the index of a case to the child process.
public struct Refusal: Sendable, CustomTestStringConvertible {
  /// What standard error must contain.
  public let message: String
  /// The call.
  public let call: @Sendable () -> Void

  /// The message, as tests are listed.
  public var testDescription: String { message }

  /// Makes a case.
  public init(_ message: String, _ call: @escaping @Sendable () -> Void) {
    (self.message, self.call) = (message, call)
  }
}
