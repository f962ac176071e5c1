public import Display

/// Bars from zero: `Bars(["ours", "paper"], [0.91, 0.93])`; several such marks stand side by side.
public struct Bars: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Bars take a place in the cycle, which also gives their hatching.
  public var traits: MarkTraits { MarkTraits("bar chart", layer: .bars, key: .patch, isGrouped: true) }
  private let places: Coordinates
  private let values: [Double]
  private var errors: [Double]?
  private var isHorizontal = false
  private var valueFormat: NumberFormat?
  /// Share of the room between two places that bars take.
  private static let fullWidth = 0.78
  private static let farAway = 10_000.0

  /// One bar for each name or place.
  ///
  /// - Parameters:
  ///   - places: names or numbers at the foot of the bars.
  ///   - values: lengths of the bars.
  ///   - errors: half lengths of error bars at their ends.
  public init(_ places: some PlotData, _ values: some PlotData, errors: (any PlotData)? = nil) {
    self.places = places.coordinates
    self.values = values.coordinates.values
    self.errors = errors?.coordinates.values
  }

  /// Lays the bars down: names on the vertical axis, the first one on top.
  public func horizontal() -> Bars {
    var copy = self
    copy.isHorizontal = true
    return copy
  }

  /// Writes each number at the end of its bar.
  public func values(_ format: NumberFormat = .significant(3)) -> Bars {
    var copy = self
    copy.valueFormat = format
    return copy
  }

  /// Makes room for the bars, their errors and the zero they start from.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    guard places.count == values.count else {
      throw .unequalLengths(
        mark: name("Bars"),
        first: "places",
        firstCount: places.count,
        second: "values",
        secondCount: values.count
      )
    }
    if let errors, errors.count != values.count {
      throw .unequalLengths(
        mark: name("Bars"),
        first: "values",
        firstCount: values.count,
        second: "errors",
        secondCount: errors.count
      )
    }
    if isHorizontal {
      try measure(place: &domain.y, value: &domain.x, axes: ("y", "x"))
      domain.y.isReversed = true
    } else {
      try measure(place: &domain.x, value: &domain.y, axes: ("x", "y"))
    }
  }

  private func measure(place: inout Extent, value: inout Extent, axes: (String, String)) throws(PlotError) {
    let before = value.placedCount
    place.include(places)
    value.include(values)
    try value.requireData(placedBefore: before, count: values.count, mark: name("Bars"), axis: axes.1)
    for (number, error) in zip(values, errors ?? []) {
      value.widen(to: number - error)
      value.widen(to: number + error)
    }
    // Numbers at the ends of bars need room beyond them.
    if valueFormat != nil, value.scale == .linear {
      let room = isHorizontal ? 1.1 : 1.05
      value.widen(to: value.upper * room)
      if value.lower < 0 { value.widen(to: value.lower * (isHorizontal ? 1.2 : 1.12)) }
    }
    value.widen(to: 0)
    value.baseline = 0
    guard places.names == nil else { return }
    let half = spacing / 2
    for number in places.values {
      place.widen(to: number - half)
      place.widen(to: number + half)
    }
  }

  /// Smallest distance between two places.
  private var spacing: Double {
    guard places.names == nil else { return 1 }
    let sorted = Set(places.values.filter(\.isFinite)).sorted()
    return zip(sorted, sorted.dropFirst()).map { $1 - $0 }.min() ?? 1
  }

  /// Draws bars, hatching, errors and numbers.
  public func draw(on plot: inout PlotArea) {
    let (place, value) = isHorizontal ? (plot.y, plot.x) : (plot.x, plot.y)
    let centers = isHorizontal ? plot.domain.y.values(places) : plot.domain.x.values(places)
    let width = spacing * Self.fullWidth / Double(plot.groupCount)
    let shift = (Double(plot.groupIndex) - Double(plot.groupCount - 1) / 2) * width
    let foot = value.kind == .logarithmic ? value(value.lower) : value(0)
    // Neighbours of one group keep a hair's breadth apart.
    let gap = plot.groupCount > 1 ? 0.5 : 0
    let rects = zip(centers, values).map { center, number -> Rect in
      let low = place(center + shift - width / 2)
      let high = place(center + shift + width / 2)
      let (a, b) = (min(low, high) + gap, max(low, high) - gap)
      // Far outside the picture a bar may end anywhere; hatching it there would take forever.
      let end = min(max(value(number), -Self.farAway), Self.farAway)
      guard end.isFinite else { return Rect(x: 0, y: 0, width: 0, height: 0) }
      return isHorizontal
        ? Rect(from: Point(foot, a), to: Point(end, b)) : Rect(from: Point(a, foot), to: Point(b, end))
    }
    let color = plot.style.color.opacity(options.opacity ?? 1)
    plot.rectangles(rects, fill: color)
    plot.segments(
      rects.flatMap { Hatching.lines(in: $0, series: plot.style.index) },
      stroke: Stroke(.background.opacity(0.55), width: 1.3)
    )
    drawErrors(rects, value, &plot)
    if let valueFormat { drawValues(rects, value, valueFormat, &plot) }
  }

  private func drawErrors(_ rects: [Rect], _ value: Scale, _ plot: inout PlotArea) {
    guard let errors else { return }
    let pieces = rects.indices.flatMap { index -> [[Point]] in
      let (low, high) = (value(values[index] - errors[index]), value(values[index] + errors[index]))
      let center = rects[index].center
      return ErrorBars.pieces(center: isHorizontal ? center.y : center.x, low, high, isHorizontal: isHorizontal)
    }
    plot.segments(pieces, stroke: Stroke(.ink, width: 1.2))
  }

  private func drawValues(_ rects: [Rect], _ value: Scale, _ format: NumberFormat, _ plot: inout PlotArea) {
    for (index, rect) in rects.enumerated() where rect.width > 0 {
      let number = values[index]
      let reach = number.sign == .minus ? number - (errors?[index] ?? 0) : number + (errors?[index] ?? 0)
      let end = value(reach)
      let text = format.string(number)
      if isHorizontal {
        let isLeft = end < value(0)
        let place = Point(end + (isLeft ? -5 : 5), rect.center.y + 4)
        plot.text(text, at: place, size: 11.5, anchor: isLeft ? .end : .start)
      } else {
        let place = Point(rect.center.x, end > value(0) ? end + 14 : end - 5)
        plot.text(text, at: place, size: 11.5, anchor: .middle)
      }
    }
  }

  /// The number of each name.
  public func summary() -> MarkSummary? {
    let names = places.names ?? places.values.map { NumberFormat.significant(3).string($0) }
    return .values(names: names, values: values)
  }

  /// Places, numbers and errors.
  public func table(_ axes: AxisNames) -> TableOutput? {
    let value =
      isHorizontal
      ? axes.flipped.yColumn(.numbers(values), name: options.label)
      : axes.yColumn(.numbers(values), name: options.label)
    let place = isHorizontal ? axes.flipped.xColumn(places) : axes.xColumn(places)
    var columns = [place, value]
    if let errors {
      columns.append(TableColumn("±", unit: value.unit, values: .numbers(errors), format: .significant(3)))
    }
    return TableOutput(columns: columns, title: options.label)
  }
}

extension AxisNames {
  /// Names for a mark that lies on its side.
  var flipped: AxisNames { AxisNames(x: y, xUnit: yUnit, y: x, yUnit: xUnit) }
}
