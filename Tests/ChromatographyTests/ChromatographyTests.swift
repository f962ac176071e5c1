import Chromatography
import Signals
import Solvers
import TestSupport
import Testing

@Suite("Gas chromatograph")
struct ChromatographyTests {
  static let column = try! Column(length: 30, velocity: 0.3)
  static let analyte = try! Analyte("toluene", adsorption: 4, desorption: 2)
  static var response: PulseResponse { get throws { try column.response(to: analyte, injection: 2) } }
  static let times = (0..<841).map { 0.5 * Double($0) }

  @Test("all ways to the curve agree")
  func methods() throws {
    let response = try Self.response
    let late = Self.times.filter { $0 > 150 }
    let exact = try response.goldstein(at: late)
    #expect(mismatch(try response.quadrature(at: late), exact, absolute: 1e-12) == nil)
    #expect(mismatch(try response.deHoog(at: late), exact, absolute: 1e-9) == nil)
    let grid = try response.fourier(span: 320, count: 2000)
    #expect(mismatch(grid.values, try response.goldstein(at: grid.times), absolute: 1e-9) == nil)
  }

  @Test("a broad peak is within reach of Talbot and Stehfest too")
  func broad() throws {
    let response = try PulseResponse(a: 5, b: 0.5, injection: 4, delay: 10)
    let times = [8.0, 15, 20, 30, 45]
    let exact = try response.goldstein(at: times)
    #expect(mismatch(try response.talbot(at: times), exact, absolute: 1e-9) == nil)
    // The pulse's edges are not smooth: Stehfest's rule is good to a few per cent of the peak near them.
    #expect(mismatch(try response.stehfest(at: times), exact, absolute: 0.03) == nil)
  }

  @Test("moments of the curve are those of the closed form")
  func moments() throws {
    let response = try Self.response
    let fine = (0..<8000).map { 100 + 0.05 * Double($0) }
    let measured = try Chromatogram(times: fine, values: response.goldstein(at: fine)).moments()
    #expect(
      mismatch([measured.area, measured.mean], [response.moments.area, response.moments.mean], relative: 1e-6) == nil
    )
    #expect(mismatch([measured.variance], [response.moments.variance], relative: 1e-4) == nil)
  }

  @Test("unretained gas leaves as it came")
  func unretained() throws {
    let gas = try Analyte(adsorption: 0, desorption: 1)
    #expect(try Self.column.outlet(gas, injection: 2, at: [99, 100, 101.9, 102, 103]) == [0, 1, 1, 0, 0])
  }

  @Test("an injection of no length leaves nothing")
  func noInjection() throws {
    #expect(try Self.column.outlet(Self.analyte, injection: 0, at: Self.times).allSatisfy { $0 == 0 })
  }

  @Test("the split scheme converges to the Laplace form, at second order where its last cell is")
  func convergence() throws {
    func error(_ cells: Int, before: Double = 0) throws -> Double {
      let run = try SplitScheme(Self.column, [Self.analyte], injection: 2, cells: cells).run(until: 420)
      let column = try Column(length: 30 * (1 - before / Double(cells)), velocity: 0.3)
      let exact = try column.outlet(Self.analyte, injection: 2, at: run.times)
      return zip(run.outlet[0], exact).map { abs($0 - $1) }.max()! / exact.max()!
    }
    let coarse = try error(500)
    let fine = try error(1000)
    #expect(coarse <= 0.06)
    #expect(fine <= 0.02)
    #expect(coarse / fine >= 2.8)
    #expect(try error(500, before: 0.5) / error(1000, before: 0.5) >= 3.6)
  }

  @Test("no scheme loses mass")
  func mass() throws {
    let split = try SplitScheme(Self.column.withPeclet(1000), [Self.analyte], injection: 2, cells: 200).run(until: 900)
    let upwind = try UpwindScheme(Self.column, Self.analyte, injection: 2, cells: 200).run(until: 1500)
    for run in [split, upwind] {
      let mass = run.outlet[0].reduce(0, +) * run.times[1]
      #expect(abs(mass - 2) <= 1e-6)
    }
  }

  @Test("the diffusive Laplace form agrees with the split scheme at a Péclet number of a thousand")
  func diffusion() throws {
    let column = try Self.column.withPeclet(1000)
    let run = try SplitScheme(column, [Self.analyte], injection: 2, cells: 1000).run(until: 420)
    let rows = run.times.indices.filter { run.times[$0] > 150 }
    let exact = try column.diffusiveOutlet(Self.analyte, injection: 2, at: rows.map { run.times[$0] })
    let worst = zip(rows, exact).map { abs(run.outlet[0][$0] - $1) }.max()!
    #expect(worst <= 0.012 * exact.max()!)
  }

  @Test("with endless places competition vanishes; with few, peaks move")
  func competition() throws {
    let other = try Analyte("benzene", adsorption: 3, desorption: 2)
    let free = try SplitScheme(Self.column, [Self.analyte, other], injection: 2, cells: 100).run(until: 420)
    let endless = try SplitScheme(Self.column, [Self.analyte, other], injection: 2, cells: 100, saturation: 1e12).run(
      until: 420
    )
    for index in 0..<2 { #expect(mismatch(endless.outlet[index], free.outlet[index], absolute: 1e-11) == nil) }
    let crowded = try SplitScheme(Self.column, [Self.analyte, other], injection: 2, cells: 100, saturation: 10).run(
      until: 420
    )
    #expect(crowded.largestCoverage > 0.05)
    #expect(mismatch(crowded.outlet[0], free.outlet[0], absolute: 1e-3) != nil)
  }

  @Test("sequential and joint fits agree and recover the rates from a noisy curve")
  func fits() throws {
    var random = SplitMix(seed: 4)
    let names = ["benzene", "toluene", "ethylbenzene"]
    let truth = try zip(names, [(1.2, 2.6), (2.3, 3.4), (3.9, 4.6)]).map {
      try Analyte($0, retention: $1.0, width: $1.1, in: Self.column, injection: 1)
    }
    let times = (0..<1400).map { 0.5 * Double($0) }
    let curves = try truth.map { try Self.column.outlet($0, injection: 1, at: times) }
    let peak = curves[0].max()!
    let values = times.indices.map { row in curves.reduce(0) { $0 + $1[row] } + 0.01 * peak * random.roughlyNormal() }
    let fitter = try ColumnFitter(Self.column, injection: 1, measured: Chromatogram(times: times, values: values))
    let start = try fitter.guesses(names, levels: [1, 1, 1])
    let sequential = try fitter.fitSequentially(from: start)
    let joint = try fitter.fitJointly(from: start)
    #expect(sequential.problems == 9)
    #expect(joint.rSquared > 0.99)
    for (a, b) in zip(sequential.analytes, joint.analytes) {
      #expect(mismatch([a.adsorption, a.desorption], [b.adsorption, b.desorption], relative: 1e-3) == nil)
    }
    for (a, b) in zip(joint.analytes, truth) {
      #expect(mismatch([a.adsorption, a.desorption], [b.adsorption, b.desorption], relative: 0.04) == nil)
    }
  }

  @Test("levels are found when they are not known")
  func freeLevels() throws {
    let times = (0..<500).map(Double.init)
    let analyte = try Analyte("x", adsorption: 4, desorption: 2, level: 7)
    let measured = try Chromatogram(times: times, values: Self.column.outlet(analyte, injection: 2, at: times))
    var fitter = try ColumnFitter(Self.column, injection: 2, measured: measured)
    fitter.fitsLevels = true
    fitter.window = 100
    let fit = try fitter.fitSequentially(from: try fitter.guesses(["x"], levels: [1]))
    #expect(mismatch([fit.analytes[0].level], [7], relative: 1e-6) == nil)
  }

  @Test("peaks: prominence, half-height width, flat tops")
  func peaks() throws {
    let values: [Double] = [0, 1, 4, 4, 4, 1, 0.5, 2, 0.5, 0]
    let peaks = try Chromatogram(times: values.indices.map(Double.init), values: values).peaks(minimumProminence: 0.1)
    #expect(peaks.map(\.index) == [3, 7])
    #expect(peaks.map(\.prominence) == [4, 1.5])
    #expect(abs(peaks[0].width - (4 + 2.0 / 3 - (1 + 1.0 / 3))) <= 1e-12)
  }

  @Test("variable velocity is the constant-velocity curve, scaled, and stays exact for a small pressure drop")
  func variableVelocity() throws {
    let flow = try PressureDrivenFlow(length: 30, mobility: 2e-6, inletPressure: 2.2e6, outletPressure: 1e6)
    let times = (0..<400).map { 5.0 * Double($0) }
    let constant = try flow.meanColumn(capacity: 1).outlet(Self.analyte, injection: 2, at: times)
    let variable = try flow.outlet(Self.analyte, capacity: 1, injection: 2, at: times)
    #expect(mismatch(variable.map { $0 * 2.2 }, constant, absolute: 1e-15) == nil)
    // T = ∫ dx/u by quadrature.
    let integral = try GaussKronrod().integrate(from: 0, to: 30) { 1 / flow.velocity(at: $0) }
    #expect(mismatch([flow.transitTime], [integral.value], relative: 1e-10) == nil)
    let gentle = try PressureDrivenFlow(
      length: 30,
      mobility: 2e-6,
      inletPressure: 1e6 * (1 + 1e-9),
      outletPressure: 1e6
    )
    #expect(abs(gentle.compressibility - 1) <= 1e-8)
  }
}
