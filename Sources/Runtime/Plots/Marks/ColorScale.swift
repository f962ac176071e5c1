internal import Glibc

/// How numbers become colors.
public struct ColorScale: Sendable, Equatable {
  /// The colors.
  public var map: ColorMap
  /// Number of the first color.
  public var lower: Double
  /// Number of the last color.
  public var upper: Double
  /// Whether equal ratios give equal steps of color.
  public var scale: AxisScale
  /// Quantity beside the color bar.
  public var title: String?
  /// Unit of the quantity.
  public var unit: String?

  /// The color of a number; NaN takes the color of the page.
  public func color(_ value: Double) -> Color { map(share(value)) }

  /// Place of a number between the ends, 0…1 within them.
  func share(_ value: Double) -> Double {
    let (low, high) = (scale.transformed(lower), scale.transformed(upper))
    return high == low ? 0.5 : (scale.transformed(value) - low) / (high - low)
  }

  /// The scale for some numbers: from the lowest to the highest, or symmetric around zero for a diverging map.
  static func fitted(to values: [Double], choices: ColorChoices) -> ColorScale {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite && (choices.scale != .logarithmic || value > 0) {
      low = min(low, value)
      high = max(high, value)
    }
    if !(low <= high) { (low, high) = (0, 1) }
    if let range = choices.range {
      (low, high) = (range.lowerBound, range.upperBound)
    } else if choices.map.isDiverging {
      let reach = max(low.magnitude, high.magnitude)
      (low, high) = (-reach, reach)
    }
    return ColorScale(
      map: choices.map,
      lower: low,
      upper: high,
      scale: choices.scale,
      title: choices.title,
      unit: choices.unit
    )
  }
}

/// What the author chose for colors that stand for numbers.
public struct ColorChoices: Sendable, Equatable {
  /// The colors.
  public var map: ColorMap = .viridis
  /// The numbers of the first and last color; those of the data when nil.
  public var range: ClosedRange<Double>?
  /// Whether equal ratios give equal steps of color.
  public var scale: AxisScale = .linear
  /// Quantity beside the color bar.
  public var title: String?
  /// Unit of the quantity.
  public var unit: String?
  /// Whether a color bar is drawn.
  public var hasBar = true

  /// Makes the default choices: viridis over the range of the data.
  public init() {}
}

/// A mark whose colors stand for numbers.
public protocol ColorMapped: Mark {
  /// What the author chose for the colors.
  var colors: ColorChoices { get set }
}

extension ColorMapped {
  /// Chooses the colors, and the numbers that the first and the last of them stand for.
  public func colorMap(_ map: ColorMap, range: ClosedRange<Double>? = nil, scale: AxisScale = .linear) -> Self {
    var copy = self
    copy.colors.map = map
    copy.colors.range = range
    copy.colors.scale = scale
    return copy
  }

  /// Names the quantity at the color bar.
  public func colorBar(_ title: String, unit: String? = nil) -> Self {
    var copy = self
    copy.colors.title = title
    copy.colors.unit = unit
    copy.colors.hasBar = true
    return copy
  }

  /// Leaves the color bar out.
  public func withoutColorBar() -> Self {
    var copy = self
    copy.colors.hasBar = false
    return copy
  }
}
