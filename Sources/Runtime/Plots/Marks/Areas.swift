public import Display

/// The area between a line and zero, or between two lines.
public struct Area: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Areas take a place in the cycle.
  public var traits: MarkTraits { MarkTraits("area plot", layer: .areas, key: .patch) }
  private let data: SeriesData

  /// The area between numbers and zero.
  public init(_ x: some PlotData, _ y: some PlotData) { data = SeriesData(x, y) }

  /// Makes room for all points and for zero.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    try data.measure(&domain, mark: name("Area"))
    domain.y.widen(to: 0)
    domain.y.baseline = 0
  }

  /// Fills the area and draws its edge.
  public func draw(on plot: inout PlotArea) {
    let points = plot.points(data.x, data.y)
    let zero = plot.y.kind == .logarithmic ? plot.frame.bottom : plot.y(0)
    for piece in Decimation.visible(points) {
      guard let first = piece.first, let last = piece.last else { continue }
      let outline = [Point(first.x, zero)] + piece + [Point(last.x, zero)]
      plot.polygon(outline, fill: plot.style.color.opacity(options.opacity ?? 0.28))
    }
    plot.line(points, stroke: Stroke(plot.style.color, width: options.width ?? 1.5, dash: plot.style.dash))
  }

  /// First, last, lowest and highest.
  public func summary() -> MarkSummary? { data.summary() }
  /// The points.
  public func table(_ axes: AxisNames) -> TableOutput? { data.table(axes, label: options.label) }
}

/// A band between a lower and an upper line; it takes the style of the mark before it.
public struct ErrorBand: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// A band belongs to a line.
  public var traits: MarkTraits { MarkTraits("error band", layer: .areas, series: .shared, key: .patch) }
  private let lower: SeriesData
  private let upper: SeriesData

  /// A band between two lists of numbers.
  public init(_ x: some PlotData, lower: some PlotData, upper: some PlotData) {
    self.lower = SeriesData(x, lower)
    self.upper = SeriesData(x, upper)
  }

  /// A band of some half width around numbers.
  public init(_ x: some PlotData, _ y: some PlotData, spread: some PlotData) {
    let (center, half) = (y.coordinates.values, spread.coordinates.values)
    let pairs = zip(center, half)
    // Lists of different length are kept as they are, so that measuring can say so.
    let isEven = center.count == half.count
    lower = SeriesData(x, Coordinates.numbers(isEven ? pairs.map { $0 - $1 } : half))
    upper = SeriesData(x, Coordinates.numbers(isEven ? pairs.map { $0 + $1 } : half))
  }

  /// Makes room for both edges.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    // Below zero on a logarithmic axis the band goes on to the foot of the frame: only the upper edge must have a place.
    try upper.measure(&domain, mark: name("ErrorBand"))
    guard lower.x.count == lower.y.count else {
      throw .unequalLengths(
        mark: name("ErrorBand"),
        first: "x",
        firstCount: lower.x.count,
        second: "lower",
        secondCount: lower.y.count
      )
    }
    lower.y.values.forEach { domain.y.widen(to: $0) }
  }

  /// Fills the band.
  public func draw(on plot: inout PlotArea) {
    let high = plot.points(upper.x, upper.y)
    var low = plot.points(lower.x, lower.y)
    if plot.y.kind == .logarithmic {
      for (index, value) in lower.y.values.enumerated() where value <= 0 { low[index].y = plot.frame.bottom }
    }
    var start = 0
    for index in 0...high.count {
      let isGap = index == high.count || !high[index].isFinite || !low[index].isFinite
      guard isGap else { continue }
      if index - start > 1 {
        let outline = Array(high[start..<index]) + low[start..<index].reversed()
        plot.polygon(outline, fill: plot.style.color.opacity(options.opacity ?? 0.2))
      }
      start = index + 1
    }
  }

  /// Both edges.
  public func table(_ axes: AxisNames) -> TableOutput? {
    let label = options.label.map { $0 + ", " } ?? ""
    return TableOutput(
      columns: [
        axes.xColumn(lower.x), axes.yColumn(lower.y, name: label + "lower"),
        axes.yColumn(upper.y, name: label + "upper"),
      ],
      title: options.label.map { $0 + ", band" } ?? "error band"
    )
  }
}
