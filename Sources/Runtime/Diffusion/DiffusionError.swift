/// Why a schedule, a step or a sampler is refused.
public enum DiffusionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A number is not possible.
  case value(what: String, expected: String, got: String)
  /// A step lies outside the schedule.
  case step(item: Int, got: Int, steps: Int)
  /// Arrays do not belong together.
  case shape(what: String, expected: [Int], got: [Int])

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .value(let what, let expected, let got): "\(what) must be \(expected), got \(got)"
    case .step(let item, let got, let steps):
      "step \(got) of item \(item) is not in 0..<\(steps), the steps of the schedule"
    case .shape(let what, let expected, let got): "\(what) must have shape \(expected), got \(got)"
    }
  }
}
