import Plots
import Testing

@Suite("Ticks")
struct TicksTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var lower: Double
    var upper: Double
    var scale = AxisScale.linear
    var count = 6
    var labels: [String]
    var common = ""
    var testDescription: String { "\(scale) \(lower)...\(upper), about \(count)" }
  }

  static let cases = [
    Case(lower: 0, upper: 50, labels: ["0", "10", "20", "30", "40", "50"]),
    Case(lower: -1.05, upper: 1.05, labels: ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
    Case(lower: 0.02, upper: 0.98, labels: ["0.2", "0.4", "0.6", "0.8"]),
    Case(lower: 0, upper: 0.3, count: 3, labels: ["0.0", "0.1", "0.2", "0.3"]),
    Case(lower: 0, upper: 5e-5, labels: ["0", "1", "2", "3", "4", "5"], common: "×10⁻⁵"),
    Case(lower: 0, upper: 1_000_000, labels: ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], common: "×10⁶"),
    Case(
      lower: 1e9,
      upper: 1e9 + 0.5,
      count: 5,
      labels: ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"],
      common: "+1 × 10⁹"
    ),
    Case(lower: 1e-3, upper: 1e2, scale: .logarithmic, labels: ["10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹", "10²"]),
    Case(lower: 1e-12, upper: 1e12, scale: .logarithmic, count: 5, labels: ["10⁻¹⁰", "10⁻⁵", "10⁰", "10⁵", "10¹⁰"]),
    Case(lower: 1, upper: 32, scale: .logarithmic, labels: ["1", "2", "5", "10", "20"]),
    Case(
      lower: -1000,
      upper: 1000,
      scale: .symmetricLog(threshold: 1),
      count: 8,
      labels: ["−10³", "−10²", "−10¹", "−10⁰", "0", "10⁰", "10¹", "10²", "10³"]
    ),
  ]

  @Test("a range gets round numbers with as many digits as they need", arguments: cases)
  func labels(_ test: Case) {
    let ticks = Ticks.make(from: test.lower, to: test.upper, scale: test.scale, count: test.count)
    #expect(ticks.labels == test.labels)
    #expect(ticks.common.replacing("\u{A0}", with: " ") == test.common)
  }

  @Test("ticks lie within their range, in order, for any range")
  func anyRange() {
    var state: UInt64 = 7
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    for _ in 0..<200 {
      let lower = (draw() - 0.5) * 1000
      let upper = lower + draw() * 100 + 1e-3
      let ticks = Ticks.make(from: lower, to: upper, scale: .linear, count: 6)
      let slack = (upper - lower) * 0.01
      #expect((3...10).contains(ticks.major.count), "\(lower)...\(upper)")
      #expect(ticks.major.allSatisfy { $0 >= lower - slack && $0 <= upper + slack })
      #expect(ticks.major == ticks.major.sorted())
      #expect(Set(ticks.labels).count == ticks.labels.count)
    }
  }

  @Test("a logarithmic axis has minor ticks at 2 to 9 times each power")
  func minor() {
    let ticks = Ticks.make(from: 1, to: 1000, scale: .logarithmic, count: 4)
    #expect(ticks.minor.count == 24)
    #expect(ticks.minor.contains(20) && ticks.minor.contains(900))
  }

  @Test("a tenth is written and placed as a tenth")
  func exactTenths() {
    let ticks = Ticks.make(from: 0, to: 1, scale: .linear, count: 10)
    #expect(ticks.major[3] == 0.3 && ticks.major[7] == 0.7)
  }
}

@Suite("Scales")
struct ScaleTests {
  @Test("a scale and its inverse agree", arguments: [AxisScale.linear, .logarithmic, .symmetricLog(threshold: 0.1)])
  func roundTrip(_ kind: AxisScale) {
    let scale = Scale(kind, from: 0.5, to: 2000, start: 100, end: 500)
    for value in [0.5, 1, 7.3, 99, 2000] {
      #expect(abs(scale.value(at: scale(value)) - value) < 1e-9 * value)
    }
    #expect(abs(scale(0.5) - 100) < 1e-9 && abs(scale(2000) - 500) < 1e-9)
  }

  @Test("numbers at or below zero have no place on a logarithmic axis")
  func noPlace() {
    let scale = Scale(.logarithmic, from: 1, to: 10, start: 0, end: 1)
    #expect(scale(0).isNaN && scale(-1).isNaN)
  }

  @Test("a symmetric logarithmic axis is odd and continuous at its threshold")
  func symmetric() {
    let scale = Scale(.symmetricLog(threshold: 2), from: -200, to: 200, start: -1, end: 1)
    #expect(abs(scale(50) + scale(-50)) < 1e-12)
    #expect(abs(scale(2 - 1e-9) - scale(2 + 1e-9)) < 1e-8)
  }
}
