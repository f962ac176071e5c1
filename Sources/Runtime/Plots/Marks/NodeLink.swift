public import Display

/// A graph as points joined by lines: `NodeLink(edges: [(0, 1), (1, 2)])`.
///
/// Without positions a spring layout finds some; it starts from a circle, so equal graphs give equal pictures. Axes carry
/// no meaning then: `Figure { … }.withoutAxes()` leaves them out.
public struct NodeLink: ColorMapped {
  /// What the author chose.
  public var options = MarkOptions()
  /// What the author chose for colors that stand for numbers.
  public var colors = ColorChoices()
  /// Nodes take a place in the cycle.
  public var traits: MarkTraits {
    MarkTraits("graph", layer: .points, series: values == nil ? .own : .none, key: .points)
  }
  private let edges: [(Int, Int)]
  private let positions: [(x: Double, y: Double)]
  private let names: [String]?
  private let values: [Double]?

  /// A graph.
  ///
  /// - Parameters:
  ///   - edges: pairs of nodes, counted from 0.
  ///   - names: texts at the nodes.
  ///   - values: one number for each node, shown by color.
  ///   - positions: places of the nodes on the axes; found by springs when nil.
  public init(
    edges: [(Int, Int)],
    names: [String]? = nil,
    values: [Double]? = nil,
    positions: [(x: Double, y: Double)]? = nil
  ) {
    let largest = edges.map { max($0.0, $0.1) }.max() ?? -1
    let count = max(largest + 1, names?.count ?? 0, values?.count ?? 0, positions?.count ?? 0)
    self.edges = edges
    self.names = names
    self.values = values
    self.positions = positions ?? SpringLayout.positions(count: count, edges: edges)
  }

  /// From numbers to colors, where nodes have such numbers.
  public var colorScale: ColorScale? { values.map { ColorScale.fitted(to: $0, choices: colors) } }

  /// Makes room for all nodes.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    guard !positions.isEmpty else { throw .noFiniteData(mark: name("NodeLink"), count: 0) }
    let ends = edges.flatMap { [$0.0, $0.1] }
    let largest = ends.max() ?? 0
    guard largest < positions.count, (ends.min() ?? 0) >= 0 else {
      throw .unequalLengths(
        mark: name("NodeLink"),
        first: "edges (largest node + 1)",
        firstCount: largest + 1,
        second: "positions",
        secondCount: positions.count
      )
    }
    for (what, count) in [("names", names?.count), ("values", values?.count)] {
      guard let count, count != positions.count else { continue }
      throw .unequalLengths(
        mark: name("NodeLink"),
        first: "nodes",
        firstCount: positions.count,
        second: what,
        secondCount: count
      )
    }
    domain.x.include(positions.map(\.x))
    domain.y.include(positions.map(\.y))
  }

  /// Draws lines, nodes and names.
  public func draw(on plot: inout PlotArea) {
    let points = positions.map { Point(plot.x($0.x), plot.y($0.y)) }
    plot.segments(
      edges.map { [points[$0.0], points[$0.1]] },
      stroke: Stroke(.axis, width: options.width ?? 1)
    )
    let radius = options.radius ?? (points.count > 60 ? 3 : 5.5)
    if let values, let scale = colorScale {
      for (point, value) in zip(points, values) {
        plot.markers(plot.style.marker, at: [point], radius: radius, color: scale.color(value))
      }
    } else {
      plot.markers(plot.style.marker, at: points, radius: radius, color: plot.style.color)
    }
    for (point, name) in zip(points, names ?? []) {
      plot.text(name, at: Point(point.x + radius + 3, point.y - radius + 2), size: TextSize.tick)
    }
  }

  /// Numbers of nodes and edges.
  public func summary() -> MarkSummary? { .words("\(positions.count) nodes, \(edges.count) edges") }

  /// The edges.
  public func table(_ axes: AxisNames) -> TableOutput? {
    let columns: [TableColumn]
    if let names {
      columns = [
        TableColumn("from", edges.map { names[$0.0] }), TableColumn("to", edges.map { names[$0.1] }),
      ]
    } else {
      columns = [TableColumn("from", edges.map(\.0)), TableColumn("to", edges.map(\.1))]
    }
    return TableOutput(columns: columns, title: options.label ?? "edges")
  }
}
