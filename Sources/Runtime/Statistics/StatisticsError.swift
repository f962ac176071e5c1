/// Why a sample is refused.
public enum StatisticsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Samples that belong together differ in size.
  case wrongCount(function: String, expected: Int, got: Int)
  /// A sample is too small to say anything.
  case tooFew(function: String, needed: Int, got: Int)
  /// A value is NaN, infinite, or outside the range of a function.
  case badValue(function: String, argument: String, index: Int, expected: String, got: Double)
  /// All values of a variable are equal, so that nothing can depend on it.
  case constant(function: String, argument: String)
  /// A label is not one of the classes.
  case badLabel(function: String, index: Int, got: Int, classes: Int)
  /// A class has no sample.
  case emptyClass(function: String, label: Int)
  /// A setting is outside its range.
  case badSetting(function: String, setting: String, expected: String, got: Double)
  /// A table of samples has another shape than is needed.
  case wrongShape(function: String, argument: String, expected: String, got: [Int])
  /// A decomposition failed.
  case notConverged(function: String, reason: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .wrongCount(let function, let expected, let got):
      "\(function): the second sample must have \(expected) values as the first, got \(got)"
    case .tooFew(let function, let needed, let got): "\(function): needs \(needed) values at least, got \(got)"
    case .badValue(let function, let argument, let index, let expected, let got):
      "\(function): \(argument)[\(index)] must be \(expected), got \(got)"
    case .constant(let function, let argument): "\(function): all values of \(argument) are equal; vary it"
    case .badLabel(let function, let index, let got, let classes):
      "\(function): label \(index) is \(got), must be in 0..<\(classes); number the classes from 0 up"
    case .emptyClass(let function, let label):
      "\(function): class \(label) has no sample; draw again or leave the class out"
    case .badSetting(let function, let setting, let expected, let got):
      "\(function): \(setting) must be \(expected), got \(got)"
    case .wrongShape(let function, let argument, let expected, let got):
      "\(function): \(argument) must have shape \(expected), got \(got)"
    case .notConverged(let function, let reason): "\(function): \(reason)"
    }
  }

  static func check(
    _ first: [Double],
    _ second: [Double],
    _ function: String,
    least: Int,
    names: (String, String) = ("first", "second")
  ) throws(StatisticsError) {
    guard first.count == second.count else {
      throw .wrongCount(function: function, expected: first.count, got: second.count)
    }
    guard first.count >= least else { throw .tooFew(function: function, needed: least, got: first.count) }
    for (values, name) in [(first, names.0), (second, names.1)] {
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        throw .badValue(function: function, argument: name, index: index, expected: "finite", got: values[index])
      }
    }
  }
}
