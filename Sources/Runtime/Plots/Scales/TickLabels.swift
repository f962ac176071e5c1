internal import Display
internal import Glibc

/// The texts at the ticks of an axis.
enum TickLabels {
  /// One text for each tick, all with the same number of decimals, and the factor or offset they share.
  static func texts(for values: [Double]) -> (labels: [String], common: String) {
    guard let first = values.first, let last = values.last else { return ([], "") }
    let largest = max(first.magnitude, last.magnitude)
    guard largest > 0 else { return (values.map { _ in "0" }, "") }
    let step = values.count > 1 ? (last - first) / Double(values.count - 1) : largest
    let magnitude = Int((log10(largest) + 1e-9).rounded(.down))
    // Seven digits that hardly differ: what they have in common is said once.
    if step.magnitude < largest * 1e-6, values.count > 1 {
      let offset = first
      let rest = texts(for: values.map { $0 - offset })
      return (rest.labels, rest.common + "+" + NumberFormat.significant(15).string(offset))
    }
    if magnitude >= 5 || magnitude <= -4 {
      let factor = pow(10, Double(magnitude))
      let scaled = values.map { $0 / factor }
      return (scaled.map { plain($0, step: step / factor) }, "×10" + superscript(magnitude))
    }
    return (values.map { plain($0, step: step) }, "")
  }

  /// A number with as many decimals as its step needs.
  static func plain(_ value: Double, step: Double) -> String {
    var decimals = max(0, -Int((log10(step.magnitude) + 1e-9).rounded(.down)))
    // A step of 2.5 has one digit more than its size says.
    let scaled = step.magnitude * pow(10, Double(decimals))
    if abs(scaled - scaled.rounded()) > 1e-6 * scaled { decimals += 1 }
    // Rounding leaves −0 for numbers just below zero.
    let rounded = value.magnitude < step.magnitude * 1e-6 ? 0 : value
    return NumberFormat.decimals(min(decimals, 12)).string(rounded)
  }

  /// A number on its own, as short as it can be.
  static func single(_ value: Double) -> String { NumberFormat.significant(6).string(value) }

  /// A whole number in raised digits.
  static func superscript(_ value: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(String(value).map { $0.wholeNumberValue.map { digits[$0] } ?? "⁻" })
  }
}
