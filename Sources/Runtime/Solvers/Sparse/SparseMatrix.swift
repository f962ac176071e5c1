/// A sparse matrix in compressed rows: for each row the columns, in rising order, and the values of its entries.
public struct SparseMatrix<Scalar: SparseScalar>: Sendable, Equatable {
  /// One entry of a matrix given by coordinates.
  public struct Entry: Sendable, Equatable {
    /// Row, from 0.
    public var row: Int
    /// Column, from 0.
    public var column: Int
    /// Value; entries at one place are added up.
    public var value: Scalar

    /// Makes an entry.
    public init(_ row: Int, _ column: Int, _ value: Scalar) {
      self.row = row
      self.column = column
      self.value = value
    }
  }

  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// Where each row begins among the entries, and the number of entries, `[rows + 1]`.
  public let rowStarts: [Int64]
  /// Column of each entry, rising within a row.
  public let columnIndices: [Int32]
  /// Value of each entry; the only part that may change.
  public var values: [Scalar]

  /// Makes a matrix of entries in any order; entries at one place are added up.
  ///
  /// - Throws: `SolverError.outOfRange` where an entry lies outside the matrix.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public init(rows: Int, columns: Int, entries: [Entry]) throws(SolverError) {
    for entry in entries {
      try Self.check(entry.row, "row", rows)
      try Self.check(entry.column, "column", columns)
    }
    let sorted = Self.sortedOrder(entries, rows: rows)
    var starts = [Int64](repeating: 0, count: rows + 1)
    var indices: [Int32] = []
    var values: [Scalar] = []
    indices.reserveCapacity(entries.count)
    values.reserveCapacity(entries.count)
    var last: (row: Int, column: Int) = (-1, -1)
    for entry in sorted {
      if entry.row == last.row, entry.column == last.column {
        values[values.count - 1] += entry.value
      } else {
        indices.append(Int32(entry.column))
        values.append(entry.value)
        starts[entry.row + 1] += 1
        last = (entry.row, entry.column)
      }
    }
    for row in 0..<rows { starts[row + 1] += starts[row] }
    self.init(rows: rows, columns: columns, rowStarts: starts, columnIndices: indices, values: values)
  }

  /// Makes the sparse form of a dense matrix: its entries that are not zero.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public init(_ dense: Matrix<Scalar>) {
    var starts: [Int64] = [0]
    var indices: [Int32] = []
    var values: [Scalar] = []
    for row in 0..<dense.rows {
      for column in 0..<dense.columns where dense[row, column] != 0 {
        indices.append(Int32(column))
        values.append(dense[row, column])
      }
      starts.append(Int64(values.count))
    }
    self.init(rows: dense.rows, columns: dense.columns, rowStarts: starts, columnIndices: indices, values: values)
  }

  init(rows: Int, columns: Int, rowStarts: [Int64], columnIndices: [Int32], values: [Scalar]) {
    self.rows = rows
    self.columns = columns
    self.rowStarts = rowStarts
    self.columnIndices = columnIndices
    self.values = values
  }

  /// Number of entries.
  public var entryCount: Int { values.count }

  /// Where the entries of a row are.
  public func range(ofRow row: Int) -> Range<Int> { Int(rowStarts[row])..<Int(rowStarts[row + 1]) }

  /// One entry; 0 where there is none.
  public subscript(row: Int, column: Int) -> Scalar {
    range(ofRow: row).first { columnIndices[$0] == column }.map { values[$0] } ?? 0
  }

  /// All entries, row after row.
  public var entries: [Entry] {
    (0..<rows).flatMap { row in range(ofRow: row).map { Entry(row, Int(columnIndices[$0]), values[$0]) } }
  }

  /// Entries on the diagonal, `[min(rows, columns)]`.
  public var diagonal: [Scalar] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// The matrix with all its zeros.
  public var dense: Matrix<Scalar> {
    var result = Matrix<Scalar>(zeros: rows, columns)
    for entry in entries { result[entry.row, entry.column] = entry.value }
    return result
  }

  /// Rows and columns exchanged.
  public var transposed: SparseMatrix {
    var starts = [Int64](repeating: 0, count: columns + 1)
    for column in columnIndices { starts[Int(column) + 1] += 1 }
    for column in 0..<columns { starts[column + 1] += starts[column] }
    var next = starts
    var indices = [Int32](repeating: 0, count: entryCount)
    var result = values
    for row in 0..<rows {
      for index in range(ofRow: row) {
        let place = Int(next[Int(columnIndices[index])])
        next[Int(columnIndices[index])] += 1
        indices[place] = Int32(row)
        result[place] = values[index]
      }
    }
    return SparseMatrix(rows: columns, columns: rows, rowStarts: starts, columnIndices: indices, values: result)
  }

  private static func check(_ index: Int, _ name: String, _ count: Int) throws(SolverError) {
    guard !(0..<count).contains(index) else { return }
    throw .outOfRange(
      function: "SparseMatrix",
      argument: "\(name) of an entry",
      expected: "in 0..<\(count)",
      got: Double(index)
    )
  }

  /// Entries by row and column, equal places in their given order.
  private static func sortedOrder(_ entries: [Entry], rows: Int) -> [Entry] {
    let isSorted = zip(entries, entries.dropFirst()).allSatisfy { ($0.row, $0.column) <= ($1.row, $1.column) }
    if isSorted { return entries }
    // The standard sort is stable: sums at one place are added in the order of the list.
    return entries.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
  }
}
