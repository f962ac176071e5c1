internal import Display

/// One axis with its range decided.
struct ResolvedAxis {
  let options: AxisOptions
  let names: [String]
  var lower: Double
  var upper: Double
  let isReversed: Bool
  /// Whether the axis belongs to a neighbour, so that numbers and name are left out.
  var isBare = false

  init(_ options: AxisOptions, _ extent: Extent, axis: String, margin: Double) throws(PlotError) {
    self.options = options
    names = extent.names
    isReversed = options.isReversed ?? extent.isReversed
    if !extent.names.isEmpty, extent.hasNumbers { throw .namesAndNumbers(axis: axis) }
    (lower, upper) = try Self.range(options, extent, axis: axis, margin: margin)
  }

  private static func range(
    _ options: AxisOptions,
    _ extent: Extent,
    axis: String,
    margin: Double
  ) throws(PlotError) -> (Double, Double) {
    if let range = options.range {
      let (low, high) = (range.lowerBound, range.upperBound)
      guard low.magnitude <= Extent.largest, high.magnitude <= Extent.largest, high - low >= Extent.smallestSpan,
        options.scale != .logarithmic || low > 0
      else {
        throw .badRange(axis: axis, lower: low, upper: high, scale: options.scale)
      }
      return (low, high)
    }
    if !extent.names.isEmpty, !extent.isTight { return (-0.55, Double(extent.names.count) - 0.45) }
    guard extent.lower <= extent.upper else { return options.scale == .logarithmic ? (1, 10) : (0, 1) }
    return padded(extent, options.scale, margin: margin)
  }

  private static func padded(_ extent: Extent, _ scale: AxisScale, margin: Double) -> (Double, Double) {
    let (low, high) = (extent.lower, extent.upper)
    let isPoint = high - low < Extent.smallestSpan
    if extent.isTight, !isPoint { return (low, high) }
    if isPoint {
      // One number: room around it, half its size or one unit.
      if scale == .logarithmic { return (low / 3, high * 3) }
      let room = low.magnitude < Extent.smallestSpan ? 1 : low.magnitude / 2
      return extent.baseline == low ? (low, low + room) : (low - room, high + room)
    }
    let (a, b) = (scale.transformed(low), scale.transformed(high))
    let room = (b - a) * margin
    return (
      extent.baseline == low ? low : scale.inverse(a - room), extent.baseline == high ? high : scale.inverse(b + room)
    )
  }

  /// The scale between two places; a reversed axis runs the other way.
  func scale(from start: Double, to end: Double) -> Scale {
    isReversed
      ? Scale(options.scale, from: lower, to: upper, start: end, end: start)
      : Scale(options.scale, from: lower, to: upper, start: start, end: end)
  }

  /// The ticks, about as many as asked for.
  func ticks(count: Int) -> Ticks {
    if !names.isEmpty { return Ticks(major: names.indices.map(Double.init), labels: names) }
    if let chosen = options.ticks {
      let places = chosen.filter { $0 >= lower && $0 <= upper }
      return Ticks(major: places, labels: places.map { options.format?.string($0) ?? TickLabels.single($0) })
    }
    var ticks = Ticks.make(from: lower, to: upper, scale: options.scale, count: count)
    if let format = options.format {
      ticks.labels = ticks.major.map { format.string($0) }
      ticks.common = ""
    }
    return ticks
  }
}
