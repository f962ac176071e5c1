internal import Glibc

/// How an axis turns numbers into distances.
public enum AxisScale: Sendable, Hashable {
  /// Equal differences, equal distances.
  case linear
  /// Equal ratios, equal distances; numbers at or below zero are left out.
  case logarithmic
  /// Linear within the threshold around zero and logarithmic beyond it, for data of both signs.
  case symmetricLog(threshold: Double)

  /// The number on a scale of equal distances; NaN where it has no place.
  func transformed(_ value: Double) -> Double {
    switch self {
    case .linear: return value
    case .logarithmic: return value > 0 ? log10(value) : .nan
    case .symmetricLog(let threshold):
      let size = value.magnitude
      guard size > threshold else { return value / threshold }
      return (value < 0 ? -1 : 1) * (1 + log10(size / threshold))
    }
  }

  /// The inverse of `transformed`.
  func inverse(_ value: Double) -> Double {
    switch self {
    case .linear: value
    case .logarithmic: pow(10, value)
    case .symmetricLog(let threshold):
      value.magnitude <= 1 ? value * threshold : (value < 0 ? -1 : 1) * threshold * pow(10, value.magnitude - 1)
    }
  }
}

/// Maps numbers of one axis to CSS pixels.
public struct Scale: Sendable, Hashable {
  /// Kind of the axis.
  public let kind: AxisScale
  /// Number at the start of the axis.
  public let lower: Double
  /// Number at the end of the axis.
  public let upper: Double
  private let offset: Double
  private let factor: Double

  /// Makes a scale whose lower number lies at `start` and whose upper number lies at `end`, both in CSS pixels.
  public init(_ kind: AxisScale = .linear, from lower: Double, to upper: Double, start: Double, end: Double) {
    self.kind = kind
    self.lower = lower
    self.upper = upper
    let (low, high) = (kind.transformed(lower), kind.transformed(upper))
    factor = high == low ? 0 : (end - start) / (high - low)
    offset = start - factor * low
  }

  /// Place of a number in CSS pixels; NaN where the axis has none for it.
  public func callAsFunction(_ value: Double) -> Double { offset + factor * kind.transformed(value) }

  /// The number at a place: the inverse of the call.
  public func value(at position: Double) -> Double {
    factor == 0 ? lower : kind.inverse((position - offset) / factor)
  }

  /// Places of many numbers; infinite numbers have none.
  func positions(_ values: [Double]) -> [Double] {
    // The common case is kept free of the switch, so that it runs over a million numbers in a millisecond.
    if case .linear = kind { return values.map { offset + factor * $0 } }
    return values.map { offset + factor * kind.transformed($0) }
  }
}
