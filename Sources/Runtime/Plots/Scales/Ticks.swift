internal import Glibc

/// The marks of an axis: places with labels and places without.
package struct Ticks: Sendable, Equatable {
  package var major: [Double]
  package var minor: [Double] = []
  package var labels: [String]
  /// What every label is multiplied with or added to, such as "×10⁻⁶"; empty when labels stand for themselves.
  package var common = ""

  package init(major: [Double], minor: [Double] = [], labels: [String], common: String = "") {
    self.major = major
    self.minor = minor
    self.labels = labels
    self.common = common
  }

  /// Ticks for a range, about as many as asked for.
  ///
  /// - Parameters:
  ///   - lower: smaller end of the range.
  ///   - upper: larger end.
  ///   - scale: kind of the axis.
  ///   - count: number of labelled ticks wished for, at least 2.
  /// - Returns: places and texts, from the lower end on.
  package static func make(from lower: Double, to upper: Double, scale: AxisScale, count: Int) -> Ticks {
    switch scale {
    case .linear: linear(from: lower, to: upper, count: count)
    case .logarithmic: logarithmic(from: lower, to: upper, count: count)
    case .symmetricLog(let threshold): symmetric(from: lower, to: upper, threshold: threshold, count: count)
    }
  }

  /// Ticks at multiples of a round step within the range.
  static func linear(from lower: Double, to upper: Double, count: Int) -> Ticks {
    let major = multiples(of: step(for: upper - lower, count: count), from: lower, to: upper)
    let text = TickLabels.texts(for: major)
    return Ticks(major: major, labels: text.labels, common: text.common)
  }

  /// The step of 1, 2, 2.5 or 5 times a power of ten that comes nearest to the wished number of ticks.
  ///
  /// A step of 2.5 costs a digit in every label, so it must fit clearly better.
  package static func step(for span: Double, count: Int) -> Double {
    let wished = span / Double(max(count, 1))
    let power = pow(10, log10(wished).rounded(.down))
    let candidates: [(step: Double, penalty: Double)] = [
      (power, 0), (2 * power, 0.02), (2.5 * power, 0.14), (5 * power, 0.01), (10 * power, 0),
    ]
    let best = candidates.min { a, b in
      abs(log(a.step / wished)) + a.penalty < abs(log(b.step / wished)) + b.penalty
    }
    return best?.step ?? wished
  }

  static func multiples(of step: Double, from lower: Double, to upper: Double) -> [Double] {
    guard step > 0, step.isFinite, (upper - lower) / step < 1000 else { return [lower, upper] }
    // Half a percent of a step: an end that misses a tick by rounding still gets it.
    let slack = 0.005
    let first = (lower / step - slack).rounded(.up)
    let last = (upper / step + slack).rounded(.down)
    guard last >= first else { return [] }
    // 0.1 × 3 is not 0.3, 3 ÷ 10 is: small steps divide by their whole inverse.
    let inverse = (1 / step).rounded()
    let isFraction = step < 1 && abs(inverse * step - 1) < 1e-9
    return (0...Int(last - first)).map { index in
      let multiple = first + Double(index)
      return isFraction ? multiple / inverse : multiple * step
    }
  }

  /// Ticks at powers of ten; between them too where fewer than two powers lie in the range.
  static func logarithmic(from lower: Double, to upper: Double, count: Int) -> Ticks {
    let (low, high) = (log10(lower), log10(upper))
    let decades = multiples(of: 1, from: low, to: high).map { Int($0) }
    guard high - low >= 2 else { return withinDecades(from: lower, to: upper, count: count) }
    let stride = max(1, Int((Double(decades.count) / Double(max(count, 1))).rounded(.up)))
    let chosen = decades.filter { ($0 % stride + stride) % stride == 0 }
    let minor =
      stride == 1
      ? logMinor(from: lower, to: upper)
      : decades.filter { ($0 % stride + stride) % stride != 0 }.map { pow(10, Double($0)) }
    return Ticks(
      major: chosen.map { pow(10, Double($0)) },
      minor: minor,
      labels: chosen.map { "10" + TickLabels.superscript($0) }
    )
  }

  /// 2, 3, … 9 times each power of ten, where there are few enough powers to tell them apart.
  private static func logMinor(from lower: Double, to upper: Double) -> [Double] {
    let (first, last) = (Int(log10(lower).rounded(.down)), Int(log10(upper).rounded(.up)))
    guard last - first <= 12 else { return [] }
    return (first...last).flatMap { decade in (2...9).map { Double($0) * pow(10, Double(decade)) } }
      .filter { $0 >= lower && $0 <= upper }
  }

  private static func withinDecades(from lower: Double, to upper: Double, count: Int) -> Ticks {
    let first = Int(log10(lower).rounded(.down))
    let last = Int(log10(upper).rounded(.up))
    for multiples in [[1.0, 2, 5], [1, 2, 3, 4, 5, 6, 8]] {
      let values = (first...last).flatMap { decade in multiples.map { $0 * pow(10, Double(decade)) } }
        .filter { $0 >= lower * 0.999 && $0 <= upper * 1.001 }
      if values.count >= 3 {
        return Ticks(
          major: values,
          minor: logMinor(from: lower, to: upper).filter { !values.contains($0) },
          labels: values.map(TickLabels.single)
        )
      }
    }
    // Less than a third of a decade is as good as linear.
    let even = linear(from: lower, to: upper, count: count)
    return Ticks(major: even.major, labels: even.labels, common: even.common)
  }

  private static func symmetric(from lower: Double, to upper: Double, threshold: Double, count: Int) -> Ticks {
    func powers(to end: Double) -> [Int] {
      guard end > threshold else { return [] }
      let first = Int(log10(threshold).rounded(.up))
      let last = Int((log10(end) + 1e-9).rounded(.down))
      guard last >= first else { return [] }
      let step = max(1, ((last - first + 1) * 2 + count - 1) / max(count, 1))
      // Thinned out, the powers keep their distance from zero as well.
      return Array(stride(from: step > 1 ? first + step : first, through: last, by: step))
    }
    let negative = powers(to: -lower).reversed().map {
      (-pow(10, Double($0)), "\u{2212}10" + TickLabels.superscript($0))
    }
    let positive = powers(to: upper).map { (pow(10, Double($0)), "10" + TickLabels.superscript($0)) }
    let zero = lower <= 0 && upper >= 0 ? [(0.0, "0")] : []
    let all = negative + zero + positive
    guard all.count >= 2 else { return linear(from: lower, to: upper, count: count) }
    return Ticks(major: all.map(\.0), labels: all.map(\.1))
  }
}
