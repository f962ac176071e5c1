import Acoustics
import Solvers
import Testing
import TestSupport

@Suite("Measures of separation")
struct MetricsTests {
  static func noise(_ count: Int, seed: UInt64) -> [Double] {
    var random = SplitMix(seed: seed)
    return (0..<count).map { _ in random.roughlyNormal() }
  }

  @Test("version 3 of BSSEval equals mir_eval")
  func version3() throws {
    let data = try #require(Parity.cases("signals", prefix: "bss_v3").first).load()
    let references = try split(data["references"], 2)
    let estimates = try split(data["estimates"], 2)
    let result = try BSSEval().sources(references: references, estimates: estimates)
    #expect(result.pairing.estimates == (try data["order"]).map { Int($0) })
    // Energies of thousands of samples through normal equations, in dB.
    let tolerance = 1e-8
    #expect(mismatch(result.scores.map(\.sdr), try data["sdr"], absolute: tolerance) == nil)
    #expect(mismatch(result.scores.map(\.sir), try data["sir"], absolute: tolerance) == nil)
    #expect(mismatch(result.scores.map(\.sar), try data["sar"], absolute: tolerance) == nil)
    let ordered = try BSSEval().orderedSources(
      references: references,
      estimates: result.pairing.estimates.map { estimates[$0] }
    )
    // Equal to rounding only: another test may change the number of threads in between, and with it the order of sums.
    #expect(mismatch(ordered.map(\.sdr), result.scores.map(\.sdr), absolute: 1e-10) == nil)
    #expect(mismatch(ordered.map(\.sir), result.scores.map(\.sir), absolute: 1e-10) == nil)
  }

  @Test("pairs are found and measured as by mir_eval", arguments: Parity.cases("conv-tasnet", prefix: "bss_"))
  func pairing(fixture: ParityCase) throws {
    let data = try fixture.load()
    let count = try data["out.sdr"].count
    let result = try BSSEval().sources(
      references: try split(data["in.reference"], count),
      estimates: try split(data["in.estimate"], count)
    )
    #expect(result.pairing.estimates == (try data["out.perm"]).map { Int($0) })
    #expect(mismatch(result.scores.map(\.sdr), try data["out.sdr"], absolute: 1e-6) == nil)
    #expect(mismatch(result.scores.map(\.sir), try data["out.sir"], absolute: 1e-6) == nil)
    #expect(mismatch(result.scores.map(\.sar), try data["out.sar"], absolute: 1e-6) == nil)
  }

  @Test("version 4 of BSSEval equals museval, window by window")
  func version4() throws {
    let data = try #require(Parity.cases("signals", prefix: "bss_v4").first).load()
    let references = try split(data["references"], 4)
    let estimates = try split(data["estimates"], 4)
    let scores = try BSSEval().images(
      references: [Array(references[0..<2]), Array(references[2..<4])],
      estimates: [Array(estimates[0..<2]), Array(estimates[2..<4])],
      window: 3000
    )
    let flat = scores.flatMap { $0 }
    let tolerance = 1e-8
    #expect(mismatch(flat.map(\.sdr), try data["sdr"], absolute: tolerance) == nil)
    #expect(mismatch(flat.map(\.isr), try data["isr"], absolute: tolerance) == nil)
    #expect(mismatch(flat.map(\.sir), try data["sir"], absolute: tolerance) == nil)
    #expect(mismatch(flat.map(\.sar), try data["sar"], absolute: tolerance) == nil)
    #expect(BSSEval.median(scores[0]).sdr == scores[0].map(\.sdr).sorted()[1])
  }

  @Test("references that depend on each other are measured by least squares, silent ones refused")
  func degenerate() throws {
    let a = Self.noise(400, seed: 1)
    let measure = BSSEval(filterLength: 8)
    let same = try measure.sources(references: [a, a.map { 2 * $0 }], estimates: [a, a])
    #expect(same.scores.allSatisfy { $0.sdr > 100 })
    #expect(throws: AudioError.silent(function: "BSSEval", source: 1)) {
      try measure.sources(references: [a, a.map { _ in 0 }], estimates: [a, a])
    }
  }

  @Test("scale-invariant ratios do not change with scale, and the plain one does: 200 draws")
  func scale() throws {
    for seed in 0..<200 as Range<UInt64> {
      let s = Self.noise(64, seed: seed)
      let e = zip(s, Self.noise(64, seed: seed + 1000)).map { $0 + 0.3 * $1 }
      let ratio = try SignalRatio.siSNR(s, e)
      #expect(abs(try SignalRatio.siSNR(s, e.map { 5 * $0 + 2 }) - ratio) <= 1e-9, "seed \(seed)")
      #expect(abs(try SignalRatio.siSDR(s, e.map { 5 * $0 }) - SignalRatio.siSDR(s, e)) <= 1e-9)
      #expect(try SignalRatio.snr(s, e.map { 5 * $0 }) < SignalRatio.snr(s, e))
    }
    #expect(try SignalRatio.snr([1, 2], [1, 2]) == .infinity)
    #expect(abs(try SignalRatio.snr([1, 0], [1, 0.1]) - 20) <= 1e-12)
  }

  @Test("the gradient of the scale-invariant ratio equals central differences")
  func gradient() throws {
    let s = Self.noise(20, seed: 3)
    let e = zip(s, Self.noise(20, seed: 4)).map { $0 + $1 }
    let gradient = try SignalRatio.siSNRGradient(s, e)
    let step = 1e-5
    for index in e.indices {
      var (up, down) = (e, e)
      up[index] += step
      down[index] -= step
      let slope = try (SignalRatio.siSNR(s, up) - SignalRatio.siSNR(s, down)) / (2 * step)
      #expect(abs(slope - gradient[index]) <= 1e-7)
    }
  }

  @Test("estimates find their references in any order", arguments: 1...6)
  func pairing(count: Int) throws {
    let references = (0..<count).map { Self.noise(50, seed: UInt64($0)) }
    let order = (0..<count).map { ($0 + 1) % count }
    let pairing = try SourcePairing(references: references, estimates: order.map { references[$0] }) {
      try SignalRatio.siSNR($0, $1)
    }
    #expect(pairing.estimates.map { order[$0] } == Array(0..<count))
  }

  @Test("what cannot be measured says why")
  func refused() {
    #expect(throws: AudioError.silent(function: "SignalRatio.siSNR", source: 0)) {
      try SignalRatio.siSNR([1, 1, 1], [1, 2, 3])
    }
    let error = #expect(throws: AudioError.self) { try SignalRatio.snr([1, 2], [1]) }
    #expect(error?.description == "SignalRatio.snr: estimate must have 2 values, got 1")
  }

  private func split(_ values: [Double], _ parts: Int) -> [[Double]] {
    let length = values.count / parts
    return (0..<parts).map { Array(values[$0 * length..<($0 + 1) * length]) }
  }
}
