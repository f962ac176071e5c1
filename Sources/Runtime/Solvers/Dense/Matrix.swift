internal import Tensors

/// A dense matrix, row after row in one array.
public struct Matrix<Scalar: BinaryFloatingPoint & Sendable>: Sendable, Equatable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// The entries, row after row, `[rows × columns]`.
  public var values: [Scalar]

  /// Makes a matrix of entries row after row.
  public init(_ values: [Scalar], rows: Int, columns: Int) {
    guard values.count == rows * columns else { refuseCount(values.count, rows, columns) }
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Makes a matrix of rows, all of one length.
  public init(_ list: [[Scalar]]) {
    let columns = list.first?.count ?? 0
    precondition(list.allSatisfy { $0.count == columns }, "Matrix: rows must be of one length")
    self.init(list.flatMap { $0 }, rows: list.count, columns: columns)
  }

  /// Makes a matrix of a function of row and column.
  public init(rows: Int, columns: Int, _ entry: (Int, Int) -> Scalar) {
    var values: [Scalar] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows { for column in 0..<columns { values.append(entry(row, column)) } }
    self.init(values, rows: rows, columns: columns)
  }

  /// Makes a matrix of zeros.
  public init(zeros rows: Int, _ columns: Int) {
    self.init([Scalar](repeating: 0, count: rows * columns), rows: rows, columns: columns)
  }

  /// The matrix with ones on its diagonal.
  public static func identity(_ count: Int) -> Matrix {
    diagonal([Scalar](repeating: 1, count: count))
  }

  /// The matrix with given entries on its diagonal and zeros elsewhere.
  public static func diagonal(_ entries: [Scalar]) -> Matrix {
    var result = Matrix(zeros: entries.count, entries.count)
    for (index, entry) in entries.enumerated() { result[index, index] = entry }
    return result
  }

  /// One entry.
  public subscript(row: Int, column: Int) -> Scalar {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// One row, `[columns]`.
  public func row(_ index: Int) -> [Scalar] { Array(values[index * columns..<(index + 1) * columns]) }

  /// One column, `[rows]`.
  public func column(_ index: Int) -> [Scalar] { (0..<rows).map { self[$0, index] } }

  /// Entries on the diagonal.
  public var diagonal: [Scalar] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// Whether rows and columns are as many.
  public var isSquare: Bool { rows == columns }

  /// Sum, entry by entry.
  public static func + (a: Matrix, b: Matrix) -> Matrix { combined(a, b, "+") { $0 + $1 } }
  /// Difference, entry by entry.
  public static func - (a: Matrix, b: Matrix) -> Matrix { combined(a, b, "-") { $0 - $1 } }
  /// Product with a number.
  public static func * (factor: Scalar, a: Matrix) -> Matrix {
    Matrix(a.values.map { factor * $0 }, rows: a.rows, columns: a.columns)
  }

  /// Entry by entry product.
  public func timesEntries(of other: Matrix) -> Matrix { Self.combined(self, other, "timesEntries") { $0 * $1 } }

  /// Every row's entries times one factor a column, A diag(d).
  func scaledColumns(_ factors: [Scalar]) -> Matrix {
    Matrix(rows: rows, columns: columns) { self[$0, $1] * factors[$1] }
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private static func combined(
    _ a: Matrix,
    _ b: Matrix,
    _ name: String,
    _ operation: (Scalar, Scalar) -> Scalar
  ) -> Matrix {
    precondition(
      a.rows == b.rows && a.columns == b.columns,
      "Matrix.\(name): shapes \(a.rows) × \(a.columns) and \(b.rows) × \(b.columns) must be equal"
    )
    return Matrix(zip(a.values, b.values).map(operation), rows: a.rows, columns: a.columns)
  }
}

extension Matrix where Scalar == Double {
  /// Half the sum of the matrix and its transpose.
  var symmetricPart: Matrix { 0.5 * (self + transposed) }

  /// Root of the sum of squares of all entries.
  public var frobeniusNorm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

/// Not generic: two modules that specialise the closure of a message in a generic initialiser make it a hidden symbol of the
/// library, and cells that use the initialiser do not load.
private func refuseCount(_ count: Int, _ rows: Int, _ columns: Int) -> Never {
  preconditionFailure("Matrix: \(rows) × \(columns) entries are \(rows * columns), got \(count)")
}
