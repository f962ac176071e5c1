internal import CSpecial

/// Means of a table under Poisson laws, up to eight at a time.
struct PoissonMeans {
  /// Entries from `first` on; 0 before them and 1 after.
  private let table: [Double]
  private let first: Int
  private let start: Int
  private let stop: Int

  init(of table: [Double], first: Int, from start: Int, through stop: Int) {
    self.table = table
    self.first = first
    self.start = start
    self.stop = stop
  }

  /// Writes the means for the laws with means `y`, at most eight, at the same indices.
  func write(_ y: ArraySlice<Double>, into result: inout [Double]) {
    // Lanes without a law repeat the last one.
    let lanes = (0..<8).map { y[min(y.startIndex + $0, y.endIndex - 1)] }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 8) { values in
      lanes.withUnsafeBufferPointer { lanes in
        table.withUnsafeBufferPointer { table in
          guard let lanes = lanes.baseAddress, let table = table.baseAddress, let values = values.baseAddress else {
            return
          }
          ocs_poisson_means_f64(lanes, start, stop, table, first, self.table.count, values)
        }
      }
      for index in y.indices { result[index] = values[index - y.startIndex] }
    }
  }
}
