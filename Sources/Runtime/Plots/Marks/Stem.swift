public import Display

/// Upright lines from zero with a point at their ends, for sequences such as filter taps.
public struct Stem: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Stems take a place in the cycle.
  public var traits: MarkTraits { MarkTraits("stem plot", layer: .points, key: .points) }
  private let data: SeriesData

  /// A stem at each place.
  public init(_ x: some PlotData, _ y: some PlotData) { data = SeriesData(x, y) }

  /// Makes room for all ends and for zero.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    try data.measure(&domain, mark: name("Stem"))
    domain.y.widen(to: 0)
  }

  /// Draws stems and ends.
  public func draw(on plot: inout PlotArea) {
    let points = plot.points(data.x, data.y)
    let zero = plot.y.kind == .logarithmic ? plot.frame.bottom : plot.y(0)
    plot.segments(
      points.map { [Point($0.x, zero), $0] },
      stroke: Stroke(plot.style.color, width: options.width ?? 1.3)
    )
    plot.segments(
      [[Point(plot.frame.left, zero), Point(plot.frame.right, zero)]],
      stroke: Stroke(.axis, width: 1)
    )
    plot.markers(plot.style.marker, at: points, radius: options.radius ?? 3.2, color: plot.style.color)
  }

  /// First, last, lowest and highest.
  public func summary() -> MarkSummary? { data.summary() }
  /// The points.
  public func table(_ axes: AxisNames) -> TableOutput? { data.table(axes, label: options.label) }
}
