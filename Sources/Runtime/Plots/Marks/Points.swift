public import Display

/// Separate points: `Points(x, y)`; with `colors:` each takes the color of a number.
public struct Points: ColorMapped {
  /// What the author chose.
  public var options = MarkOptions()
  /// What the author chose for colors that stand for numbers.
  public var colors = ColorChoices()
  /// Points take a place in the cycle.
  public var traits: MarkTraits {
    MarkTraits("scatter plot", layer: .points, series: values == nil ? .own : .none, key: .points)
  }
  private let data: SeriesData
  private let values: [Double]?
  private let sizes: [Double]?

  /// Points at pairs of numbers or names.
  public init(_ x: some PlotData, _ y: some PlotData) {
    data = SeriesData(x, y)
    values = nil
    sizes = nil
  }

  /// Points whose colors stand for a third number, and whose areas may stand for a fourth.
  ///
  /// - Parameters:
  ///   - x: horizontal places.
  ///   - y: vertical places.
  ///   - colors: one number for each point, shown by color.
  ///   - areas: one number at or above zero for each point, shown by area.
  public init(_ x: some PlotData, _ y: some PlotData, colors: some PlotData, areas: [Double]? = nil) {
    data = SeriesData(x, y)
    values = colors.coordinates.values
    sizes = areas
  }

  /// Points whose areas stand for a third number.
  public init(_ x: some PlotData, _ y: some PlotData, areas: some PlotData) {
    data = SeriesData(x, y)
    values = nil
    sizes = areas.coordinates.values
  }

  /// From numbers to colors, where points have such numbers.
  public var colorScale: ColorScale? { values.map { ColorScale.fitted(to: $0, choices: colors) } }

  /// Makes room for all points.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    try data.measure(&domain, mark: name("Points"))
    for (what, list) in [("colors", values), ("areas", sizes)] {
      guard let list, list.count != data.x.count else { continue }
      throw .unequalLengths(
        mark: name("Points"),
        first: "x",
        firstCount: data.x.count,
        second: what,
        secondCount: list.count
      )
    }
  }

  /// Draws the points.
  public func draw(on plot: inout PlotArea) {
    let points = plot.points(data.x, data.y)
    let base = options.radius ?? (points.count > 2000 ? 2 : points.count > 300 ? 2.6 : 3.4)
    let opacity = options.opacity ?? (points.count > 300 ? 0.6 : 0.85)
    guard values != nil || sizes != nil else {
      plot.markers(plot.style.marker, at: points, radius: base, color: plot.style.color.opacity(opacity))
      return
    }
    let scale = colorScale
    let largest = sizes?.filter(\.isFinite).max() ?? 1
    for (index, point) in points.enumerated() {
      let share = sizes.map { max($0[index], 0) / largest } ?? 1
      let radius = sizes == nil ? base : (options.radius ?? 14) * share.squareRoot()
      let color = values.flatMap { list in scale?.color(list[index]) } ?? plot.style.color
      guard radius > 0 else { continue }
      plot.markers(plot.style.marker, at: [point], radius: radius, color: color.opacity(opacity))
    }
  }

  /// First, last, lowest and highest, or how the points lie.
  public func summary() -> MarkSummary? {
    guard case .course(let x, let y) = data.summary() else { return data.summary() }
    guard case .numbers(let places) = x else { return data.summary() }
    return .words(Correlation.words(places, y))
  }

  /// The points with their numbers.
  public func table(_ axes: AxisNames) -> TableOutput? {
    var table = data.table(axes, label: options.label)
    if let values {
      table.columns.append(TableColumn(colors.title ?? "color", values, unit: colors.unit, format: .significant(6)))
    }
    if let sizes { table.columns.append(TableColumn("area", sizes, format: .significant(6))) }
    return table
  }
}
