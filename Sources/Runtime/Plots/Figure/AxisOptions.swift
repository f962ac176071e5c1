internal import Display

/// What the author chose for one axis.
struct AxisOptions: Sendable, Equatable {
  var title: String?
  var unit: String?
  var scale = AxisScale.linear
  var range: ClosedRange<Double>?
  var isReversed: Bool?
  var ticks: [Double]?
  var format: NumberFormat?

  init() {}

  init(
    _ title: String?,
    _ unit: String?,
    _ scale: AxisScale,
    _ range: ClosedRange<Double>?,
    _ isReversed: Bool?,
    _ ticks: [Double]?,
    _ format: NumberFormat?
  ) {
    self.title = title
    self.unit = unit
    self.scale = scale
    self.range = range
    self.isReversed = isReversed
    self.ticks = ticks
    self.format = format
  }

  /// The name with its unit, such as "time (s)"; nil when the axis has neither.
  var label: String? { Self.label(title, unit: unit) }

  static func label(_ title: String?, unit: String?) -> String? {
    // The unit 1 says that a quantity is a plain number; nobody writes it at an axis.
    guard let unit, unit != "1", !unit.isEmpty else { return title }
    return title.map { "\($0) (\(unit))" } ?? unit
  }
}

/// Where a legend stands.
public enum LegendPlace: Sendable, Hashable {
  /// In the corner where it hides least, or beside the frame where every corner is full.
  case automatic
  case topLeft, topRight, bottomLeft, bottomRight
  /// Beside the frame.
  case outside
  /// Each name at the right end of its line.
  case direct
  /// No legend.
  case none
}
