public import Display

/// A line through points: `Line(times, values)`, or a function: `Line(0...10) { sin($0) }`.
///
/// Missing and infinite numbers leave gaps.
public struct Line: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Lines take a place in the cycle.
  public var traits: MarkTraits { MarkTraits("line plot", layer: .lines) }
  private let data: SeriesData

  /// A line through points.
  public init(_ x: some PlotData, _ y: some PlotData) { data = SeriesData(x, y) }

  /// A line through numbers over their index, from 0.
  public init(_ y: some PlotData) { data = SeriesData(y) }

  /// The graph of a function.
  ///
  /// - Parameters:
  ///   - range: where it is drawn.
  ///   - samples: number of places at which it is computed.
  ///   - function: the function; NaN leaves a gap.
  public init(_ range: ClosedRange<Double>, samples: Int = 400, _ function: (Double) -> Double) {
    data = SeriesData(range, samples: samples, function)
  }

  /// Makes room for all points.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    try data.measure(&domain, mark: name("Line"))
  }

  /// Draws the line, and points where a marker was chosen.
  public func draw(on plot: inout PlotArea) {
    let points = plot.points(data.x, data.y)
    let color = plot.style.color.opacity(options.opacity ?? plot.style.color.opacity)
    plot.line(points, stroke: Stroke(color, width: options.width ?? 1.8, dash: plot.style.dash))
    if options.marker != nil {
      plot.markers(plot.style.marker, at: points, radius: options.radius ?? 3, color: color)
    } else {
      plot.markers(.circle, at: lonely(points), radius: 1.6, color: color)
    }
  }

  /// First, last, lowest and highest.
  public func summary() -> MarkSummary? { data.summary() }
  /// The points.
  public func table(_ axes: AxisNames) -> TableOutput? { data.table(axes, label: options.label) }

  /// Points between two gaps: no line leads to them, so they would vanish.
  private func lonely(_ points: [Point]) -> [Point] {
    points.indices.filter { index in
      points[index].isFinite && (index == 0 || !points[index - 1].isFinite)
        && (index == points.count - 1 || !points[index + 1].isFinite)
    }.map { points[$0] }
  }
}

/// A line of steps, for numbers that hold until the next one.
public struct Step: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Lines take a place in the cycle.
  public var traits: MarkTraits { MarkTraits("step plot", layer: .lines) }
  private let data: SeriesData

  /// Each number holds from its place to the next.
  public init(_ x: some PlotData, _ y: some PlotData) { data = SeriesData(x, y) }

  /// Makes room for all points.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    try data.measure(&domain, mark: name("Step"))
  }

  /// Draws the steps.
  public func draw(on plot: inout PlotArea) {
    let points = plot.points(data.x, data.y)
    var corners: [Point] = []
    for (index, point) in points.enumerated() {
      if index > 0 { corners.append(Point(point.x, points[index - 1].y)) }
      corners.append(point)
    }
    plot.line(corners, stroke: Stroke(plot.style.color, width: options.width ?? 1.8, dash: plot.style.dash))
  }

  /// First, last, lowest and highest.
  public func summary() -> MarkSummary? { data.summary() }
  /// The points.
  public func table(_ axes: AxisNames) -> TableOutput? { data.table(axes, label: options.label) }
}

extension Mark {
  /// How error texts call a mark: its kind, and its label where it has one.
  func name(_ kind: String) -> String { options.label.map { "\(kind) '\($0)'" } ?? kind }
}
