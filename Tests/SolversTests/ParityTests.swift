import Signals
import Solvers
import TestSupport
import Testing

@Suite("Parity of special functions and inversion")
struct SolverParityTests {
  static let paper = "gas-chromatograph"

  @Test("Goldstein's J equals 40-digit values", arguments: Parity.cases(paper, prefix: "j_function"))
  func goldstein(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let (a, y, expected) = (try data["a"], try data["y"], try data["J"])
    let single = try zip(a, y).map { try GoldsteinJ(a: $0)($1) }
    #expect(mismatch(single, expected, relative: 1e-11, absolute: 1e-15) == nil)
    // The same values four at a time: all y of one a together.
    for first in Set(a) {
      let rows = a.indices.filter { a[$0] == first }
      let together = try GoldsteinJ(a: first)(rows.map { y[$0] })
      #expect(mismatch(together, rows.map { expected[$0] }, relative: 1e-11, absolute: 1e-15) == nil)
    }
  }

  @Test("scaled Bessel functions equal scipy's", arguments: Parity.cases(paper, prefix: "bessel_scaled"))
  func bessel(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let x = try data["x"]
    #expect(mismatch(x.map(Bessel.scaledI0), try data["i0e"], relative: 1e-13) == nil)
    #expect(mismatch(x.map(Bessel.scaledI1), try data["i1e"], relative: 1e-13) == nil)
  }

  /// The transforms of the fixture: name, F, exact f.
  static let transforms: [String: @Sendable (Complex<Double>) -> Complex<Double>] = [
    "exp": { 1 / ($0 + 1) },
    "sin": { 1 / ($0 * $0 + 1) },
    "step": { Complex.exp(-5 * $0 / ($0 + 1)) / $0 },
    "step_a5_b1": { Complex.exp(-5 * $0 / ($0 + 1)) / $0 },
  ]

  @Test("inversion methods equal their reference", arguments: Parity.cases(paper, prefix: "inverse_laplace"))
  func inversion(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let times = try data["t"]
    for name in data.names where name != "t" {
      let (stem, method) = try #require(Self.split(name))
      let transform = try #require(Self.transforms[stem])
      let expected = try data[name]
      if method == "exact" {
        let deHoog = try times.map { try InverseLaplace.deHoog(at: [$0], degree: 40, transform)[0] }
        #expect(mismatch(deHoog, expected, absolute: 1e-7) == nil, "de Hoog, \(stem)")
      } else if method.hasPrefix("talbot"), let nodes = Int(method.dropFirst(6)) {
        let got = try times.map { try InverseLaplace.talbot(at: $0, nodes: nodes, transform) }
        #expect(mismatch(got, expected, relative: 1e-6) == nil, "\(name)")
      } else {
        let terms = try #require(Int(method.dropFirst("stehfest".count)))
        let got = try times.map { try InverseLaplace.stehfest(at: $0, terms: terms) { transform(Complex($0)).real } }
        #expect(mismatch(got, expected, relative: 1e-4) == nil, "\(name)")
      }
    }
    #expect(mismatch(times.map { _exp(-$0) }, try data["exp_exact"], relative: 1e-12) == nil)
    #expect(mismatch(try GoldsteinJ(a: 5)(times), try data["step_a5_b1_exact"], relative: 1e-12) == nil)
  }

  private func _exp(_ x: Double) -> Double { Complex.exp(Complex(x)).real }

  private static func split(_ name: String) -> (stem: String, method: String)? {
    guard let mark = name.lastIndex(of: "_") else { return nil }
    return (String(name[..<mark]), String(name[name.index(after: mark)...]))
  }
}
