/// Why an attention over tuples of keys is refused.
public enum KroneckerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No key matrix, or not one value matrix for each.
  case wrongMatrixCount(keys: Int, values: Int)
  /// A matrix is not of rank 2, or has no rows or columns.
  case notMatrix(name: String, shape: [Int])
  /// Keys and values that belong together differ in their rows.
  case wrongRows(name: String, expected: Int, got: Int)
  /// Queries and keys, or two value matrices, differ in their columns.
  case wrongColumns(name: String, expected: Int, got: Int)
  /// An entry is NaN or infinite.
  case notFinite(name: String, row: Int, column: Int)
  /// The degree of a polynomial is negative.
  case negativeDegree(Int)
  /// The interval of a polynomial is empty.
  case invalidBound(Double)
  /// Logits leave the interval on which the polynomial was made.
  case boundExceeded(bound: Double, largest: Double)
  /// There are more monomials than memory allows.
  case tooManyMonomials(dimension: Int, degree: Int, count: Int, limit: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .wrongMatrixCount(let keys, let values):
      "attention needs at least one key matrix and as many value matrices, got \(keys) and \(values)"
    case .notMatrix(let name, let shape): "\(name) must be a matrix with rows and columns, got shape \(shape)"
    case .wrongRows(let name, let expected, let got): "\(name) must have \(expected) rows like its keys, got \(got)"
    case .wrongColumns(let name, let expected, let got): "\(name) must have \(expected) columns, got \(got)"
    case .notFinite(let name, let row, let column):
      "\(name) is not finite at row \(row), column \(column); remove or mend the value"
    case .negativeDegree(let degree): "the degree of a polynomial must not be negative, got \(degree)"
    case .invalidBound(let bound): "the bound of the logits must be positive and finite, got \(bound)"
    case .boundExceeded(let bound, let largest):
      "logits can reach \(largest), but the polynomial was made for \(bound); make it for the larger bound"
    case .tooManyMonomials(let dimension, let degree, let count, let limit):
      "\(dimension) coordinates and degree \(degree) need \(count) monomials, more than \(limit); lower the degree"
    }
  }
}
