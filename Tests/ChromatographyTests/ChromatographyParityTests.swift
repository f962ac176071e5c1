import Chromatography
import Signals
import Solvers
import TestSupport
import Testing

private let paper = "gas-chromatograph"

@Suite("Parity of the gas chromatograph")
struct ChromatographyParityTests {
  /// Fixture forms by file name; each has its test here or among the solvers' tests.
  static let forms = [
    "j_function", "bessel_scaled", "inverse_laplace", "pulse_", "variable_velocity", "fft_inversion", "fd_split",
    "fd_upwind", "fit_",
  ]

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let names = Parity.committedNames(paper)
    #expect(names.count >= 10)
    for name in names { #expect(Self.forms.contains { name.hasPrefix($0) }, "\(name)") }
  }

  static let constantPulses = Parity.cases(paper, prefix: "pulse_").filter { !$0.name.hasPrefix("pulse_diffusion") }

  @Test("a pulse without diffusion equals 40-digit values by J and by quadrature", arguments: constantPulses)
  func pulse(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let p = try data["params"]
    let column = try Column(length: p[0], velocity: p[1], capacity: p[2])
    let response = try column.response(to: Analyte(adsorption: p[3], desorption: p[4]), injection: p[5])
    let (times, expected) = (try data["t"], try data["c"])
    #expect(mismatch(try response.goldstein(at: times), expected, absolute: 1e-12) == nil)
    #expect(mismatch(try response.quadrature(at: times), expected, absolute: 1e-12) == nil)
  }

  @Test("a pulse with diffusion equals mpmath's inversion", arguments: Parity.cases(paper, prefix: "pulse_diffusion"))
  func diffusion(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let p = try data["params"]
    let column = try Column(length: p[0], velocity: p[1], diffusion: p[2], capacity: p[3])
    let analyte = try Analyte(adsorption: p[4], desorption: p[5])
    let got = try column.diffusiveOutlet(analyte, injection: p[6], at: try data["t"])
    #expect(mismatch(got, try data["c"], absolute: 1e-8) == nil)
  }

  @Test("variable velocity", arguments: Parity.cases(paper, prefix: "variable_velocity"))
  func variableVelocity(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let p = try data["params"]
    let flow = try PressureDrivenFlow(length: p[0], mobility: p[1], inletPressure: p[2], outletPressure: p[3])
    #expect(mismatch([flow.transitTime], try data["T"], relative: 1e-10) == nil)
    #expect(mismatch([flow.compressibility], try data["j"], relative: 1e-10) == nil)
    if let x = try data.optional("x") {
      #expect(mismatch(x.map(flow.pressure), try data["p"], relative: 1e-10) == nil)
      #expect(mismatch(x.map(flow.velocity), try data["u"], relative: 1e-10) == nil)
    }
    let analyte = try Analyte(adsorption: p[5], desorption: p[6])
    let got = try flow.outlet(analyte, capacity: p[4], injection: p[7], at: try data["t"])
    #expect(mismatch(got, try data["c"], absolute: 1e-10) == nil)
  }

  @Test(
    "Fourier inversion, term by term and against the exact curve",
    arguments: Parity.cases(paper, prefix: "fft_inversion")
  )
  func fourier(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let p = try data["params"]
    let response = try PulseResponse(a: p[0], b: p[1], injection: p[2])
    let curve = try response.fourier(span: p[3], count: Int(p[4]), tolerance: p[5])
    let times = try data["t"]
    let rows = times.map { Int(($0 * p[4] / p[3]).rounded()) }
    #expect(mismatch(rows.map { curve.values[$0] }, try data["f"], absolute: 1e-11) == nil)
    #expect(mismatch(try response.goldstein(at: times), try data["exact"], absolute: 1e-12) == nil)
  }

  @Test("the split scheme, cell by cell", arguments: Parity.cases(paper, prefix: "fd_split"))
  func split(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let p = try data["params"]
    let column = try Column(length: p[0], velocity: p[1], diffusion: p[2], capacity: p[3])
    let analyte = try Analyte(adsorption: p[4], desorption: p[5])
    let scheme = try SplitScheme(column, [analyte], injection: p[6], cells: Int(p[7]))
    let half = scheme.halfExchange(analyte)
    #expect(mismatch([half.a, half.b, half.c, half.d], try data["exchange"], absolute: 1e-12) == nil)
    let run = try scheme.run(steps: Int(p[8]))
    #expect(mismatch(run.mobile[0], try data["c_end"], absolute: 1e-12) == nil)
    #expect(mismatch(run.stationary[0], try data["q_end"], absolute: 1e-12) == nil)
    #expect(mismatch(run.outlet[0], try data["outlet"], absolute: 1e-12) == nil)
  }

  @Test("the upwind scheme, cell by cell", arguments: Parity.cases(paper, prefix: "fd_upwind"))
  func upwind(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let p = try data["params"]
    let column = try Column(length: p[0], velocity: p[1], diffusion: p[2], capacity: p[3])
    let analyte = try Analyte(adsorption: p[4], desorption: p[5])
    let scheme = try UpwindScheme(column, analyte, injection: p[6], cells: Int(p[7]), timeStep: p[9])
    let run = try scheme.run(steps: Int(p[8]))
    #expect(mismatch(run.mobile[0], try data["c_end"], absolute: 1e-12) == nil)
    #expect(mismatch(run.stationary[0], try data["q_end"], absolute: 1e-12) == nil)
    #expect(mismatch(run.outlet[0], try data["outlet"], absolute: 1e-12) == nil)
  }

  @Test("the joint fit finds scipy's parameters", arguments: Parity.cases(paper, prefix: "fit_"))
  func fit(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let p = try data["T_alpha_t1"]
    // Only T = L/u enters: a column of length T at unit velocity has it.
    let column = try Column(length: p[0], velocity: 1, capacity: p[1])
    let measured = Chromatogram(times: try data["t"], values: try data["y"])
    let fitter = try ColumnFitter(column, injection: p[2], measured: measured)
    let levels = try data["amplitudes"]
    let start = try fitter.guesses(levels.indices.map { "analyte \($0)" }, levels: levels)
    let joint = try fitter.fitJointly(from: start)
    #expect(mismatch(joint.analytes.map(\.adsorption), try data["ka_fit"], relative: 1e-4) == nil)
    #expect(mismatch(joint.analytes.map(\.desorption), try data["kd_fit"], relative: 1e-4) == nil)
    #expect(mismatch([joint.sumOfSquares], try data["sse"], relative: 1e-8) == nil)
    if let clean = try data.optional("clean"), let adsorption = try data.optional("ka_true") {
      let desorption = try data["kd_true"]
      var sum = [Double](repeating: 0, count: clean.count)
      for index in levels.indices {
        let analyte = try Analyte(adsorption: adsorption[index], desorption: desorption[index], level: levels[index])
        let curve = try column.outlet(analyte, injection: p[2], at: measured.times)
        for row in sum.indices { sum[row] += curve[row] }
      }
      #expect(mismatch(sum, clean, absolute: 1e-12) == nil)
    }
  }
}
