internal import Synchronization

/// The value, or an error where it is missing; unlike a top-level `guard let`, its name is visible in later cells.
///
/// - Parameters:
///   - value: what may be missing.
///   - message: what to say if it is.
/// - Returns: the value.
/// - Throws: `MissingValue` when the value is nil.
public func require<Value>(_ value: Value?, _ message: @autoclosure () -> String = "a required value is missing") throws
  -> Value
{
  guard let value else { throw MissingValue(message: message()) }
  return value
}

/// A value that was required and is missing.
public struct MissingValue: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is missing.
  public var message: String
  /// What is missing.
  public var description: String { message }
}

/// Runs asynchronous code from the top level of a cell and blocks until its result is there.
///
/// - Parameter body: what to run, on a thread of the concurrency pool.
/// - Returns: what the body returns.
/// - Throws: what the body throws.
public func waitFor<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
  let box = ResultBox<Value>()
  Task.detached { box.fulfil(await Result(catching: body)) }
  return try box.wait().get()
}

extension Result where Failure == any Error {
  fileprivate init(catching body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

/// A place for one result, with a lock that is open once it is there.
private final class ResultBox<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let gate = Gate()

  func fulfil(_ value: Result<Value, any Error>) {
    result.withLock { $0 = value }
    gate.open()
  }

  func wait() -> Result<Value, any Error> {
    gate.wait()
    guard let value = result.withLock({ $0 }) else { preconditionFailure("the gate opens after the result is there") }
    return value
  }
}
