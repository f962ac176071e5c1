/// Why a solver refuses its input or cannot vouch for its result.
public enum SolverError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A number is outside the range of a function.
  case outOfRange(function: String, argument: String, expected: String, got: Double)
  /// Arrays that must be of one length are not.
  case wrongCount(function: String, argument: String, expected: Int, got: Int)
  /// A pivot is zero: the system has no single solution.
  case singular(function: String, row: Int)
  /// The condition of a matrix leaves no digit of a solution.
  case nearlySingular(function: String, reciprocalCondition: Double)
  /// A leading minor is not positive: the first one of this order.
  case notPositiveDefinite(function: String, order: Int)
  /// An entry of a matrix is NaN or infinite.
  case notFiniteEntry(function: String, row: Int, column: Int)
  /// A matrix has the wrong shape.
  case wrongShape(function: String, argument: String, expected: String, got: String)
  /// A function of the caller returned NaN or infinity.
  case notFinite(function: String, at: String)
  /// Adaptive refinement stopped before the accuracy asked for.
  case notConverged(function: String, steps: Int, error: Double, wanted: Double)
  /// A numerical inverse Laplace transform lost all digits.
  case unstableInversion(method: String, time: Double, reason: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .outOfRange(let function, let argument, let expected, let got):
      "\(function): \(argument) must be \(expected), got \(got)"
    case .wrongCount(let function, let argument, let expected, let got):
      "\(function): \(argument) must have \(expected) values, got \(got)"
    case .singular(let function, let row): "\(function): the matrix is singular (zero pivot in row \(row))"
    case .nearlySingular(let function, let condition):
      "\(function): the matrix is singular to rounding (1 / condition \(condition)); use least squares or add to its diagonal"
    case .notPositiveDefinite(let function, let order):
      "\(function): the matrix is not positive definite (at order \(order)); add to its diagonal or use another factorization"
    case .notFiniteEntry(let function, let row, let column):
      "\(function): the entry in row \(row), column \(column) is not finite"
    case .wrongShape(let function, let argument, let expected, let got):
      "\(function): \(argument) must be \(expected), got \(got)"
    case .notFinite(let function, let place): "\(function): the function given is not finite at \(place)"
    case .notConverged(let function, let steps, let error, let wanted):
      "\(function): error \(error) after \(steps) steps, \(wanted) wanted; allow more steps or a larger tolerance"
    case .unstableInversion(let method, let time, let reason):
      "inverse Laplace by \(method) at t = \(time): \(reason); use the Fourier series or de Hoog's method"
    }
  }
}
