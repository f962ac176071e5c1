/// Why a column, a curve or a fit is refused.
public enum ChromatographyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A physical quantity has a value that it cannot have.
  case invalid(quantity: String, unit: String, expected: String, got: Double)
  /// The carrier does not flow from inlet to outlet.
  case noPressureDrop(inlet: Double, outlet: Double)
  /// Times do not ascend.
  case unsortedTimes(index: Int, previous: Double, got: Double)
  /// A measured value or time is NaN or infinite.
  case notFinite(what: String, index: Int)
  /// Arrays that belong together differ in length.
  case wrongCount(what: String, expected: Int, got: Int)
  /// Too few samples lie around a peak to fit two parameters.
  case narrowWindow(analyte: String, peak: Double, samples: Int, needed: Int)
  /// Fewer peaks stand out than analytes were named.
  case missingPeaks(expected: Int, found: Int)
  /// A method of inversion cannot represent a peak so narrow.
  case inversionRefused(method: String, plates: Double, reason: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .invalid(let quantity, let unit, let expected, let got):
      "\(quantity) must be \(expected), got \(got)\(unit.isEmpty ? "" : " " + unit)"
    case .noPressureDrop(let inlet, let outlet):
      "inlet pressure must be above outlet pressure, got \(inlet) Pa and \(outlet) Pa"
    case .unsortedTimes(let index, let previous, let got):
      "times must ascend: time \(index) is \(got) s after \(previous) s; sort the samples"
    case .notFinite(let what, let index): "\(what) \(index) is not finite; remove or mend the sample"
    case .wrongCount(let what, let expected, let got): "\(what): expected \(expected) values, got \(got)"
    case .narrowWindow(let analyte, let peak, let samples, let needed):
      "\(analyte): \(samples) samples around the peak at \(peak) s, \(needed) needed; widen the window"
    case .missingPeaks(let expected, let found):
      "\(expected) analytes, but \(found) peaks stand out; give the peak times"
    case .inversionRefused(let method, let plates, let reason):
      "\(method) cannot invert a peak of \(Int(plates.rounded())) plates: \(reason)"
    }
  }

  static func positive(_ value: Double, _ quantity: String, _ unit: String) throws(ChromatographyError) {
    guard value > 0, value.isFinite else {
      throw .invalid(quantity: quantity, unit: unit, expected: "positive", got: value)
    }
  }

  static func notNegative(_ value: Double, _ quantity: String, _ unit: String) throws(ChromatographyError) {
    guard value >= 0, value.isFinite else {
      throw .invalid(quantity: quantity, unit: unit, expected: "zero or positive", got: value)
    }
  }

  static func ascending(_ times: [Double]) throws(ChromatographyError) {
    for (index, time) in times.enumerated() {
      guard time.isFinite else { throw .notFinite(what: "time", index: index) }
      guard index == 0 || times[index - 1] <= time else {
        throw .unsortedTimes(index: index, previous: times[index - 1], got: time)
      }
    }
  }
}
