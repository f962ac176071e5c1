import KineticPaths
import Tensors
import TestSupport
import Testing

private let paper = "kinetic-paths"

@Suite("Parity of kinetic paths")
struct KineticParityTests {
  /// Sums over 1024 cells in another order; everything else is a chain of a few elementary functions.
  private static let relative = 1e-9
  /// Near t = 0 the inverse of φ magnifies rounding, as the fixtures' README says.
  private static let inverse = 1e-6

  @Test(
    "two points: errors, metric, energies and the optimal path",
    arguments: Parity.cases(paper, prefix: "two_point_")
  )
  func twoPoints(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let theta = try data["theta"]
    let curve = try SeparationCurve.twoPoints(dimension: Int(data["d"][0]), cells: theta.count)
    #expect(mismatch(curve.angles, theta, relative: Self.relative) == nil)
    // The reference takes 1 - tanh: its smallest errors are rounding.
    #expect(mismatch(curve.errors, try data["mmse"], relative: Self.relative, absolute: 1e-14) == nil)
    #expect(mismatch(curve.squaredMetric.map { $0.squareRoot() }, try data["metric"], relative: Self.relative) == nil)
    #expect(mismatch(energies(curve), try data["energies"], relative: Self.relative) == nil)
    let path = KineticOptimalPath(curve)
    let times = try data["t"]
    #expect(mismatch(times.map(path.radius), try data["r"], relative: Self.relative) == nil)
    #expect(mismatch(times.map(path.arc), try data["phi"], relative: Self.relative, absolute: 1e-15) == nil)
    #expect(mismatch(times.map(path.angle), try data["angle"], relative: Self.inverse, absolute: 1e-12) == nil)
    let schedules = times.map { path($0) }
    #expect(mismatch(schedules.map(\.alpha), try data["alpha"], relative: Self.inverse, absolute: 1e-12) == nil)
    #expect(mismatch(schedules.map(\.sigma), try data["sigma"], relative: Self.inverse, absolute: 1e-12) == nil)
  }

  @Test("clouds: the estimate from given draws, and its energies", arguments: Parity.cases(paper, prefix: "cloud_"))
  func estimate(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let cloud = try PointCloud(asGiven: data.file.doubleTensor("X"))
    let curve = try SeparationCurve(
      estimatedFrom: cloud,
      points: data.file.integers("idx"),
      noise: data.file.doubleTensor("Z"),
      cells: data["theta"].count
    )
    // Differences of products of size d² lose digits where the error itself is nearly zero.
    #expect(mismatch(curve.errors, try data["mmse"], relative: Self.relative, absolute: 1e-13) == nil)
    #expect(mismatch(curve.squaredMetric.map { $0.squareRoot() }, try data["metric"], relative: 1e-8) == nil)
    #expect(mismatch(energies(curve), try data["energies"], relative: Self.relative) == nil)
  }

  @Test("clouds: posterior means and velocities on three paths", arguments: Parity.cases(paper, prefix: "cloud_"))
  func velocities(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let cloud = try PointCloud(asGiven: data.file.doubleTensor("X"))
    let places = try data.file.doubleTensor("x")
    for (name, path) in [("condot", GaussianPath.conditional), ("vpcos", .cosine), ("vplin", .linearBeta)] {
      for number in 0..<3 {
        let expected = try data["\(name)_\(number)_schedule"]
        let now = path(expected[0])
        let schedule = [now.alpha, now.sigma, now.alphaRate, now.sigmaRate]
        #expect(mismatch(schedule, Array(expected.dropFirst()), relative: Self.relative) == nil, "\(name) \(number)")
        let mean = cloud.posteriorMean(places, alpha: now.alpha, sigma: now.sigma)
        #expect(
          mismatch(mean.values, try data["\(name)_\(number)_xhat"], relative: Self.relative, absolute: 1e-12) == nil
        )
        let velocity = cloud.velocity(places, now)
        #expect(
          mismatch(velocity.values, try data["\(name)_\(number)_u"], relative: Self.relative, absolute: 1e-12) == nil
        )
      }
    }
  }

  private func energies(_ curve: SeparationCurve) -> [Double] {
    [
      curve.length, curve.optimalEnergy, curve.conditionalEnergy, curve.errorIntegral, curve.bestVarianceKeepingEnergy,
      curve.cosineEnergy,
    ]
  }
}
