/// Stops the program with a message where a condition does not hold.
///
/// Shadows the standard library's function of this name, which drops its message in optimised builds: the reader of a report
/// shall see what was wrong with a shape. (Building with debug assertions instead is no way: Swift 6.3 then compiles some loops
/// wrongly.)
@inline(__always)
package func precondition(
  _ condition: @autoclosure () -> Bool,
  _ message: @autoclosure () -> String = "a precondition does not hold",
  file: StaticString = #fileID,
  line: UInt = #line
) {
  if !condition() { refuse(message(), file, line) }
}

/// Stops the program with a message, likewise.
package func preconditionFailure(
  _ message: @autoclosure () -> String = "this cannot be reached",
  file: StaticString = #fileID,
  line: UInt = #line
) -> Never {
  refuse(message(), file, line)
}

/// Out of line: what is refused is rare, and callers stay small.
@inline(never)
private func refuse(_ message: String, _ file: StaticString, _ line: UInt) -> Never {
  fatalError(message, file: file, line: line)
}
