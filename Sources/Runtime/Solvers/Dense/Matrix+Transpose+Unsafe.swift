extension Matrix {
  /// Rows and columns exchanged.
  public var transposed: Matrix {
    @_semantics("optimize.no.crossmodule")
    @_specialize(where Scalar == Float)
    @_specialize(where Scalar == Double)
    get {
      let result = [Scalar](unsafeUninitializedCapacity: values.count) { target, count in
        count = values.count
        values.withUnsafeBufferPointer { source in
          if let from = source.baseAddress, let to = target.baseAddress { transpose(from, to) }
        }
      }
      return Matrix(result, rows: columns, columns: rows)
    }
  }

  /// In blocks, so that neither side leaves the nearest cache between uses of a line.
  private func transpose(_ from: UnsafePointer<Scalar>, _ to: UnsafeMutablePointer<Scalar>) {
    for firstRow in stride(from: 0, to: rows, by: 32) {
      for firstColumn in stride(from: 0, to: columns, by: 32) {
        for column in firstColumn..<min(firstColumn + 32, columns) {
          for row in firstRow..<min(firstRow + 32, rows) {
            (to + column * rows + row).initialize(to: from[row * columns + column])
          }
        }
      }
    }
  }
}
