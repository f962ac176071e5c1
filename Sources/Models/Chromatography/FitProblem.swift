#if canImport(Glibc)
  internal import Glibc
#endif
internal import Solvers

/// Residuals of a sum of pulse responses and their derivatives by the logarithms of the rates.
struct FitProblem: Sendable {
  let times: [Double]
  let target: [Double]
  let column: Column
  let injection: Double
  let fitsLevels: Bool

  private var perAnalyte: Int { fitsLevels ? 3 : 2 }

  func parameters(_ analytes: [Analyte]) -> [Double] {
    analytes.flatMap { analyte in
      [log(analyte.adsorption), log(analyte.desorption)] + (fitsLevels ? [log(analyte.level)] : [])
    }
  }

  func analytes(_ parameters: [Double], like models: [Analyte]) throws -> [Analyte] {
    try models.indices.map { index in
      let place = index * perAnalyte
      return try Analyte(
        models[index].name,
        adsorption: exp(parameters[place]),
        desorption: exp(parameters[place + 1]),
        level: fitsLevels ? exp(parameters[place + 2]) : models[index].level
      )
    }
  }

  func model(_ parameters: [Double], like models: [Analyte]) throws -> LevenbergMarquardt.Model {
    var residuals = target.map { -$0 }
    var jacobian: [[Double]] = []
    for analyte in try analytes(parameters, like: models) {
      let response = try column.response(to: analyte, injection: injection)
      let curve = try response.goldstein(at: times).map { $0 * analyte.level }
      for index in curve.indices { residuals[index] += curve[index] }
      let slopes = slopes(response, level: analyte.level)
      jacobian.append(slopes.adsorption)
      jacobian.append(slopes.desorption)
      if fitsLevels { jacobian.append(curve) }
    }
    return .init(residuals: residuals, jacobian: jacobian)
  }

  /// ∂c/∂ln k_a = a (∂J/∂a at bθ less that at b(θ-t₁)), ∂c/∂ln k_d = y ∂J/∂y likewise.
  private func slopes(_ response: PulseResponse, level: Double) -> (adsorption: [Double], desorption: [Double]) {
    var adsorption = [Double](repeating: 0, count: times.count)
    var desorption = adsorption
    let root = response.a.squareRoot()
    for index in times.indices {
      let begun = times[index] - response.delay
      for (theta, sign) in [(begun, level), (begun - injection, -level)] where theta >= 0 {
        let y = response.b * theta
        let distance = root - y.squareRoot()
        // e^(-60) of a slope changes no digit of a sum.
        guard distance * distance < 60 else { continue }
        adsorption[index] += sign * response.a * GoldsteinJ.derivativeByA(response.a, y)
        desorption[index] += sign * y * GoldsteinJ.derivativeByY(response.a, y)
      }
    }
    return (adsorption, desorption)
  }
}
