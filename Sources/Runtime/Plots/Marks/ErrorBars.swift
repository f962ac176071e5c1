public import Display

/// Upright bars from `y − error` to `y + error`, with a point at each center; they take the style of the mark before them.
public struct ErrorBars: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Error bars belong to points or a line.
  public var traits: MarkTraits { MarkTraits("error bars", layer: .points, series: .shared, key: .errorBar) }
  private let data: SeriesData
  private let below: [Double]
  private let above: [Double]

  /// Bars of equal length to both sides.
  public init(_ x: some PlotData, _ y: some PlotData, errors: some PlotData) {
    self.init(x, y, below: errors, above: errors)
  }

  /// Bars of different lengths below and above.
  public init(_ x: some PlotData, _ y: some PlotData, below: some PlotData, above: some PlotData) {
    data = SeriesData(x, y)
    self.below = below.coordinates.values
    self.above = above.coordinates.values
  }

  /// Makes room for the whole bars.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    try data.measure(&domain, mark: name("ErrorBars"))
    for list in [below, above] where list.count != data.y.count {
      throw .unequalLengths(
        mark: name("ErrorBars"),
        first: "y",
        firstCount: data.y.count,
        second: "errors",
        secondCount: list.count
      )
    }
    for (index, value) in data.y.values.enumerated() {
      domain.y.widen(to: value - below[index])
      domain.y.widen(to: value + above[index])
    }
  }

  /// Draws bars and centers.
  public func draw(on plot: inout PlotArea) {
    let points = plot.points(data.x, data.y)
    let values = data.y.values
    let pieces = points.indices.flatMap { index -> [[Point]] in
      let low = plot.y(values[index] - below[index])
      let foot = low.isNaN && plot.y.kind == .logarithmic ? plot.frame.bottom : low
      return Self.pieces(center: points[index].x, foot, plot.y(values[index] + above[index]), isHorizontal: false)
    }
    plot.segments(pieces, stroke: Stroke(plot.style.color, width: options.width ?? 1.3))
    plot.markers(plot.style.marker, at: points, radius: options.radius ?? 3.4, color: plot.style.color)
  }

  /// A bar with its two caps.
  static func pieces(center: Double, _ low: Double, _ high: Double, isHorizontal: Bool) -> [[Point]] {
    let cap = 3.5
    let upright = [
      [Point(center, low), Point(center, high)],
      [Point(center - cap, low), Point(center + cap, low)],
      [Point(center - cap, high), Point(center + cap, high)],
    ]
    return isHorizontal ? upright.map { $0.map { Point($0.y, $0.x) } } : upright
  }

  /// First, last, lowest and highest center.
  public func summary() -> MarkSummary? { data.summary() }

  /// Centers and lengths of the bars.
  public func table(_ axes: AxisNames) -> TableOutput? {
    var table = data.table(axes, label: options.label)
    let unit = axes.yUnit
    if below == above {
      table.columns.append(TableColumn("±", below, unit: unit, format: .significant(3)))
    } else {
      table.columns.append(TableColumn("below", below, unit: unit, format: .significant(3)))
      table.columns.append(TableColumn("above", above, unit: unit, format: .significant(3)))
    }
    return table
  }
}
