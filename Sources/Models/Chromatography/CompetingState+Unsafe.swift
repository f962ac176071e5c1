#if canImport(Glibc)
  internal import Glibc
#endif

/// Components that share the places of the stationary phase.
struct CompetingState {
  var mobile: [[Double]]
  var stationary: [[Double]]
  private var coverage: [Double]
  private let rates: [(adsorption: Double, desorption: Double)]
  private let capacity: Double
  private let saturation: Double

  init(analytes: [Analyte], column: Column, cells: Int, saturation: Double) {
    let empty = [Double](repeating: 0, count: cells)
    mobile = analytes.map { _ in empty }
    stationary = mobile
    coverage = empty
    rates = analytes.map { ($0.adsorption, $0.desorption) }
    capacity = column.capacity
    self.saturation = saturation
  }

  /// Exact exchange over a time with the free fraction of its beginning.
  ///
  /// The rate matrix has the eigenvalues 0 and -λ, λ = αk_a f + k_d, so that Δq = (k_a f c - k_d q)(1 - e^(-λτ))/λ.
  ///
  /// - Returns: the largest coverage at the beginning.
  @discardableResult
  mutating func exchange(over time: Double) -> Double {
    for cell in coverage.indices { coverage[cell] = 0 }
    for held in stationary {
      for cell in coverage.indices { coverage[cell] += held[cell] }
    }
    var largest = 0.0
    for cell in coverage.indices {
      coverage[cell] /= saturation
      largest = max(largest, coverage[cell])
    }
    for index in rates.indices { exchange(index, over: time) }
    return largest
  }

  private mutating func exchange(_ index: Int, over time: Double) {
    let rate = rates[index]
    for cell in coverage.indices {
      let adsorption = rate.adsorption * (1 - coverage[cell])
      let decay = capacity * adsorption + rate.desorption
      let moved =
        (adsorption * mobile[index][cell] - rate.desorption * stationary[index][cell]) * -expm1(-decay * time) / decay
      mobile[index][cell] -= capacity * moved
      stationary[index][cell] += moved
    }
  }

  /// Moves one component on by a cell.
  mutating func shift(_ index: Int, inlet: Double) {
    mobile[index].withUnsafeMutableBufferPointer { values in
      for cell in stride(from: values.count - 1, to: 0, by: -1) { values[cell] = values[cell - 1] }
      values[0] = inlet
    }
  }
}
