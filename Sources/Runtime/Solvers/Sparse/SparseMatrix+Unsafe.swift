internal import Tensors
internal import Dispatch

extension SparseMatrix {
  /// Products with fewer operations than this are done before another thread would have started.
  private static var threadedWork: Int { 400_000 }

  /// Matrix times vector, `[rows]`.
  public static func * (a: SparseMatrix, x: [Scalar]) -> [Scalar] {
    var result = [Scalar](repeating: 0, count: a.rows)
    a.multiply(x, into: &result)
    return result
  }

  /// Matrix times matrix, `[rows, m]`.
  public static func * (a: SparseMatrix, x: Matrix<Scalar>) -> Matrix<Scalar> {
    var result = Matrix<Scalar>(zeros: a.rows, x.columns)
    a.multiply(x.values, into: &result.values, width: x.columns)
    return result
  }

  /// Matrix times vector, written over `result`, `[rows]`; with `width` vectors side by side, `[columns, width]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func multiply(_ x: [Scalar], into result: inout [Scalar], width: Int = 1) {
    precondition(
      x.count == columns * width && result.count == rows * width,
      "SparseMatrix: \(rows) × \(columns) times \(x.count) values into \(result.count), \(width) a row"
    )
    rowStarts.withUnsafeBufferPointer { starts in
      columnIndices.withUnsafeBufferPointer { indices in
        values.withUnsafeBufferPointer { values in
          x.withUnsafeBufferPointer { x in
            result.withUnsafeMutableBufferPointer { y in
              guard let starts = starts.baseAddress, let indices = indices.baseAddress,
                let values = values.baseAddress, let x = x.baseAddress, let y = y.baseAddress
              else { return }
              nonisolated(unsafe) let memory = (starts, indices, values, x, y)
              // Each part writes its own rows only.
              forRows(work: entryCount * width) { rows in
                Scalar.multiply(memory.0, memory.1, memory.2, memory.3, memory.4, width: width, rows: rows)
              }
            }
          }
        }
      }
    }
  }

  private func forRows(work: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let parts = Processors.count
    guard work >= Self.threadedWork, parts > 1 else { return body(0..<rows) }
    let rows = rows
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      body(part * rows / parts..<(part + 1) * rows / parts)
    }
  }

  /// Vector-Jacobian product of y = A x by the vector: Aᵀ ȳ, `[columns]`, without the transpose being made.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func transposedTimes(_ gradient: [Scalar]) -> [Scalar] {
    precondition(gradient.count == rows, "SparseMatrix: \(rows) rows, \(gradient.count) values")
    var result = [Scalar](repeating: 0, count: columns)
    for row in 0..<rows {
      for index in range(ofRow: row) { result[Int(columnIndices[index])] += values[index] * gradient[row] }
    }
    return result
  }

  /// Vector-Jacobian product of Y = A X by the values of A: for each entry (i, j) the product of rows Ȳᵢ and Xⱼ.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func valuesAdjoint(_ gradient: Matrix<Scalar>, _ x: Matrix<Scalar>) -> [Scalar] {
    precondition(
      gradient.rows == rows && x.rows == columns && gradient.columns == x.columns,
      "SparseMatrix.valuesAdjoint: gradient \(gradient.rows) × \(gradient.columns), factor \(x.rows) × \(x.columns)"
    )
    var result = [Scalar](repeating: 0, count: entryCount)
    let width = x.columns
    for row in 0..<rows {
      for index in range(ofRow: row) {
        let place = Int(columnIndices[index]) * width
        for k in 0..<width { result[index] += gradient.values[row * width + k] * x.values[place + k] }
      }
    }
    return result
  }
}
