internal import Synchronization

/// Where a number first ceased to be finite.
public struct NonFiniteValue: Error, Sendable, Equatable, CustomStringConvertible {
  /// On the way to the result, or back from it.
  public enum Phase: String, Sendable, Equatable {
    /// Computing values.
    case forward
    /// Computing gradients.
    case backward
  }

  /// The operation whose result, or whose result's gradient, holds NaN or infinity.
  public var operation: String
  /// Which way it ran.
  public var phase: Phase
  /// How many recorded operations came before it.
  public var position: Int
  /// Shape of the result.
  public var shape: [Int]
  /// The training step that was named when the check began.
  public var step: Int?

  /// Where it happened, in words.
  public var description: String {
    let step = step.map { "step \($0): " } ?? ""
    let what = phase == .forward ? "result" : "gradient of the result"
    return "\(step)\(operation) (operation \(position) of the tape): the \(what), shape \(shape), is not finite"
  }
}

/// Watches the results of recorded operations for NaN and infinity.
final class FiniteGuard: Sendable {
  @TaskLocal static var current: FiniteGuard?

  private let first = Mutex<NonFiniteValue?>(nil)
  private let step: Int?

  init(step: Int?) { self.step = step }

  var finding: NonFiniteValue? { first.withLock { $0 } }

  func check<Scalar>(_ tensor: Tensor<Scalar>, name: StaticString, entry: Int, phase: NonFiniteValue.Phase) {
    guard finding == nil, !tensor.isFinite else { return }
    let value = NonFiniteValue(
      operation: "\(name)",
      phase: phase,
      position: entry,
      shape: tensor.shape,
      step: step
    )
    first.withLock { $0 = $0 ?? value }
  }
}

/// Runs a body and says which recorded operation first gave NaN or infinity, forward or backward.
///
/// Every result is read once more, so this costs time: wrap it around the step that went wrong.
///
/// - Parameters:
///   - step: number of the training step, for the message.
///   - body: computes gradients.
/// - Returns: what the body returns, where all is finite.
/// - Throws: `NonFiniteValue`, or what the body throws.
public func checkingFinite<Result>(step: Int? = nil, _ body: () throws -> Result) throws -> Result {
  let guardian = FiniteGuard(step: step)
  let result = try FiniteGuard.$current.withValue(guardian) { try body() }
  if let finding = guardian.finding { throw finding }
  return result
}
