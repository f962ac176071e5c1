public import Solvers

extension ColumnFitter {
  /// Fits one analyte after the other, each on the samples around its peak.
  ///
  /// - Parameters:
  ///   - start: starting analytes in order of time; those of `guesses` will do.
  ///   - search: settings of the least-squares search.
  /// - Returns: the fit after the last sweep.
  /// - Throws: `ChromatographyError.narrowWindow` where fewer than five samples lie around a peak; `SolverError.notConverged`.
  public func fitSequentially(from start: [Analyte], _ search: LevenbergMarquardt = .init()) throws -> ColumnFit {
    let windows = try start.map { analyte in
      try rows(around: column.response(to: analyte, injection: injection).moments.mean, of: analyte)
    }
    var analytes = start
    var curves = try start.map { try column.outlet($0, injection: injection, at: measured.times) }
    for _ in 0..<sweeps {
      for index in analytes.indices {
        let window = windows[index]
        let target = window.map { row in
          measured.values[row] - curves.indices.reduce(0) { $1 == index ? $0 : $0 + curves[$1][row] }
        }
        let problem = problem(window, target: target)
        let solution = try search.minimize(from: problem.parameters([analytes[index]])) {
          try problem.model($0, like: [analytes[index]])
        }
        analytes[index] = try problem.analytes(solution.parameters, like: [analytes[index]])[0]
        curves[index] = try column.outlet(analytes[index], injection: injection, at: measured.times)
      }
    }
    return summary(analytes, curves, problems: sweeps * analytes.count)
  }

  /// Fits all analytes at once over all samples.
  ///
  /// - Throws: `ChromatographyError.narrowWindow` where there are fewer than five samples an analyte; `SolverError.notConverged`.
  public func fitJointly(from start: [Analyte], _ search: LevenbergMarquardt = .init()) throws -> ColumnFit {
    for analyte in start where measured.times.count < 5 * start.count {
      throw ChromatographyError.narrowWindow(
        analyte: analyte.name,
        peak: try column.response(to: analyte, injection: injection).moments.mean,
        samples: measured.times.count / start.count,
        needed: 5
      )
    }
    let problem = problem(0..<measured.times.count, target: measured.values)
    let solution = try search.minimize(from: problem.parameters(start)) { try problem.model($0, like: start) }
    let analytes = try problem.analytes(solution.parameters, like: start)
    let curves = try analytes.map { try column.outlet($0, injection: injection, at: measured.times) }
    return summary(analytes, curves, problems: 1)
  }

  private func rows(around peak: Double, of analyte: Analyte) throws(ChromatographyError) -> Range<Int> {
    let inside = measured.times.indices.filter { abs(measured.times[$0] - peak) < window }
    guard inside.count >= 5, let first = inside.first, let last = inside.last else {
      throw .narrowWindow(analyte: analyte.name, peak: peak, samples: inside.count, needed: 5)
    }
    return first..<last + 1
  }

  private func summary(_ analytes: [Analyte], _ curves: [[Double]], problems: Int) -> ColumnFit {
    let fitted = measured.values.indices.map { row in curves.reduce(0) { $0 + $1[row] } }
    let mean = measured.values.reduce(0, +) / Double(measured.values.count)
    var error = 0.0
    var total = 0.0
    for (value, model) in zip(measured.values, fitted) {
      error += (model - value) * (model - value)
      total += (value - mean) * (value - mean)
    }
    return ColumnFit(
      analytes: analytes,
      curves: curves,
      fitted: fitted,
      sumOfSquares: error,
      rSquared: 1 - error / total,
      problems: problems
    )
  }
}
