import Chromatography
import Solvers
import Testing

/// A call that must fail, and what it must say.
struct RefusedInput: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }

  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) {
    self.message = message
    self.call = call
  }
}

@Suite("Errors of the chromatograph")
struct ChromatographyErrorTests {
  private static func column() throws -> Column { try Column(length: 30, velocity: 0.3) }
  private static func analyte() throws -> Analyte { try Analyte("toluene", adsorption: 4, desorption: 2) }
  private static func fitter(_ times: [Double], _ values: [Double]) throws -> ColumnFitter {
    try ColumnFitter(column(), injection: 2, measured: Chromatogram(times: times, values: values))
  }

  static let inputs: [RefusedInput] = [
    RefusedInput("column length must be positive, got 0.0 m") { _ = try Column(length: 0, velocity: 1) },
    RefusedInput("carrier velocity must be positive, got -1.0 m/s") { _ = try Column(length: 1, velocity: -1) },
    RefusedInput("carrier velocity must be positive, got nan m/s") { _ = try Column(length: 1, velocity: .nan) },
    RefusedInput("axial diffusion must be zero or positive, got -0.1 m²/s") {
      _ = try Column(length: 1, velocity: 1, diffusion: -0.1)
    },
    RefusedInput("capacity factor must be positive, got 0.0") { _ = try Column(length: 1, velocity: 1, capacity: 0) },
    RefusedInput("Péclet number must be positive, got 0.0") { _ = try column().withPeclet(0) },
    RefusedInput("adsorption rate of toluene must be zero or positive, got -4.0 1/s") {
      _ = try Analyte("toluene", adsorption: -4, desorption: 2)
    },
    RefusedInput("desorption rate of toluene must be positive, got 0.0 1/s") {
      _ = try Analyte("toluene", adsorption: 4, desorption: 0)
    },
    RefusedInput("spread of toluene beyond its injection must be positive, got -0.5 s²") {
      _ = try Analyte("toluene", retention: 2, width: 0.5, in: column(), injection: 3)
    },
    RefusedInput("injection length must be zero or positive, got -2.0 s") {
      _ = try column().response(to: analyte(), injection: -2)
    },
    RefusedInput("times must ascend: time 2 is 1.0 s after 3.0 s; sort the samples") {
      _ = try column().outlet(analyte(), injection: 2, at: [2, 3, 1])
    },
    RefusedInput("time 1 is not finite; remove or mend the sample") {
      _ = try column().outlet(analyte(), injection: 2, at: [2, .nan, 4])
    },
    RefusedInput("inlet pressure must be above outlet pressure, got 100000.0 Pa and 100000.0 Pa") {
      _ = try PressureDrivenFlow(length: 30, mobility: 1e-6, inletPressure: 1e5, outletPressure: 1e5)
    },
    RefusedInput("outlet pressure must be positive, got 0.0 Pa") {
      _ = try PressureDrivenFlow(length: 30, mobility: 1e-6, inletPressure: 1e5, outletPressure: 0)
    },
    RefusedInput("number of cells must be 2 or more, got 1.0") {
      _ = try SplitScheme(column(), [analyte()], injection: 2, cells: 1)
    },
    RefusedInput("saturation must be positive, got 0.0") {
      _ = try SplitScheme(column(), [analyte()], injection: 2, cells: 10, saturation: 0)
    },
    RefusedInput("time step must be positive, got 0.0 s") {
      _ = try UpwindScheme(column(), analyte(), injection: 2, cells: 10, timeStep: 0)
    },
    RefusedInput("end time must be zero or positive, got -1.0 s") {
      _ = try SplitScheme(column(), [analyte()], injection: 2, cells: 10).run(until: -1)
    },
    RefusedInput("signal value 1 is not finite; remove or mend the sample") {
      _ = try fitter([1, 2, 3], [0, .nan, 0])
    },
    RefusedInput("signal: expected 3 values, got 2") { _ = try fitter([1, 2, 3], [0, 1]) },
    RefusedInput("times must ascend: time 1 is 1.0 s after 2.0 s; sort the samples") {
      _ = try fitter([2, 1], [0, 1])
    },
    RefusedInput("toluene: 4 samples around the peak at 301.0 s, 5 needed; widen the window") {
      let times = (0..<40).map { 15.0 * Double($0) }
      _ = try fitter(times, times.map { _ in 0 }).fitSequentially(from: [analyte()])
    },
    RefusedInput("2 analytes, but 1 peaks stand out; give the peak times") {
      _ = try fitter([1, 2, 3], [0, 1, 0]).guesses(["a", "b"], levels: [1, 1])
    },
    RefusedInput("levels: expected 2 values, got 1") {
      _ = try fitter([1, 2, 3], [0, 1, 0]).guesses(["a", "b"], levels: [1])
    },
    RefusedInput("time that the column holds a must be positive, got -99.0 s") {
      _ = try fitter([1, 2, 3], [0, 1, 0]).guesses(["a"], levels: [1])
    },
    RefusedInput("axial diffusion must be positive, got 0.0 m²/s") {
      _ = try column().diffusiveOutlet(analyte(), injection: 2, at: [200])
    },
  ]

  @Test("bad input gets one clear error", arguments: inputs)
  func refused(_ input: RefusedInput) {
    let error = #expect(throws: ChromatographyError.self) { try input.call() }
    #expect(error?.description == input.message)
  }

  @Test("Talbot and Stehfest refuse narrow peaks by name and plates; the other methods take them")
  func narrowPeaks() throws {
    let response = try Self.column().response(to: Self.analyte(), injection: 2)
    let plates = response.moments.plates
    let times = [250.0, 300, 350]
    for (method, call) in [
      ("Talbot's method", { try response.talbot(at: times) }),
      ("Stehfest's method", { try response.stehfest(at: times) }),
    ] {
      let error = #expect(throws: ChromatographyError.self) { try call() }
      guard case .inversionRefused(let name, let stated, _) = error else {
        Issue.record("another error: \(String(describing: error))")
        continue
      }
      #expect(name == method)
      #expect(stated == plates)
      #expect(error?.description.contains("452 plates") == true)
    }
    #expect(try response.deHoog(at: times).allSatisfy { $0 >= -1e-9 })
  }
}
