public import Display

/// A plot: marks on two axes.
///
/// ```swift
/// Figure("Outlet") {
///   Line(times, concentration).label("Laplace")
///   Points(measuredTimes, measured).label("data")
///   Rule(y: 0.5)
/// }
/// .xAxis("time", unit: "s")
/// .yAxis("concentration", unit: "mol/m³", scale: .logarithmic)
/// ```
public struct Figure: Displayable, Sendable {
  /// Title above the plot.
  public var title: String?
  /// Layers of the plot.
  public var marks: [any Mark]
  var x = AxisOptions()
  var y = AxisOptions()
  var legendPlace = LegendPlace.automatic
  var width = 640
  var height = 400
  var altText: String?
  var hasGrid: Bool?
  var hasEqualUnits = false
  var hasAxes = true
  var insets: [Inset] = []

  /// Makes a plot from its marks.
  public init(_ title: String? = nil, @MarkBuilder marks: () -> [any Mark]) {
    self.title = title
    self.marks = marks()
  }

  /// The drawn plot: SVG and PNG, its text form and its numbers.
  ///
  /// - Throws: `PlotError` when the marks cannot be drawn, such as a plot without data.
  public func output() throws -> Output { .figure(try drawn()) }

  /// The drawn plot as a value.
  ///
  /// - Throws: `PlotError` as `output()`.
  public func drawn() throws(PlotError) -> FigureOutput {
    let fonts = try FontLibrary.current()
    let list = try displayList(fonts: fonts)
    let words = altText ?? AltText.text(for: self)
    return try Rendering.output(
      list,
      title: title,
      altText: words,
      data: DataTables.tables(of: self),
      unnamedAxes: unnamedAxes(),
      fonts: fonts
    )
  }

  /// Axes of numbers without a name; names of things along an axis speak for themselves.
  func unnamedAxes() throws(PlotError) -> [String] {
    guard hasAxes else { return [] }
    let domain = try Panel.domain(of: self)
    let axes = [("x", x, domain.x), ("y", y, domain.y)]
    return axes.filter { _, options, extent in options.label == nil && extent.names.isEmpty }.map(\.0)
  }

  /// What is drawn, for tests and other back ends.
  ///
  /// - Throws: `PlotError` as `output()`.
  package func displayList() throws(PlotError) -> DisplayList { try displayList(fonts: FontLibrary.current()) }

  private func displayList(fonts: FontLibrary) throws(PlotError) -> DisplayList {
    try Rendering.check(width: width, height: height)
    var panel = try Panel(self, fonts: fonts)
    let size = Rect(x: 0, y: 0, width: Double(width), height: Double(height))
    var list = DisplayList(width: size.width, height: size.height)
    if panel.draw(in: size, margins: panel.margins(in: size), list: &list) {
      panel.figure.legendPlace = .outside
      list = DisplayList(width: size.width, height: size.height)
      panel.draw(in: size, margins: panel.margins(in: size), list: &list)
    }
    return list
  }
}

/// A small plot inside another one.
struct Inset: Sendable {
  var figure: Figure
  var place: LegendPlace
  var width: Double
  var height: Double
}

extension Figure {
  private func with(_ change: (inout Figure) -> Void) -> Figure {
    var copy = self
    change(&copy)
    return copy
  }

  /// Names the horizontal axis and chooses its kind and range.
  ///
  /// - Parameters:
  ///   - title: the quantity.
  ///   - unit: its unit; "1" and nil for plain numbers.
  ///   - scale: how numbers become distances.
  ///   - range: numbers at both ends; from the data when nil.
  ///   - reversed: whether numbers grow to the left.
  ///   - ticks: numbers with labels; chosen when nil.
  ///   - format: how these numbers are written; chosen when nil.
  /// - Returns: the figure with this axis.
  public func xAxis(
    _ title: String? = nil,
    unit: String? = nil,
    scale: AxisScale = .linear,
    range: ClosedRange<Double>? = nil,
    reversed: Bool? = nil,
    ticks: [Double]? = nil,
    format: NumberFormat? = nil
  ) -> Figure {
    with { $0.x = AxisOptions(title, unit, scale, range, reversed, ticks, format) }
  }

  /// Names the vertical axis and chooses its kind and range.
  ///
  /// - Parameters:
  ///   - title: the quantity.
  ///   - unit: its unit; "1" and nil for plain numbers.
  ///   - scale: how numbers become distances.
  ///   - range: numbers at both ends; from the data when nil.
  ///   - reversed: whether numbers grow downwards.
  ///   - ticks: numbers with labels; chosen when nil.
  ///   - format: how these numbers are written; chosen when nil.
  /// - Returns: the figure with this axis.
  public func yAxis(
    _ title: String? = nil,
    unit: String? = nil,
    scale: AxisScale = .linear,
    range: ClosedRange<Double>? = nil,
    reversed: Bool? = nil,
    ticks: [Double]? = nil,
    format: NumberFormat? = nil
  ) -> Figure {
    with { $0.y = AxisOptions(title, unit, scale, range, reversed, ticks, format) }
  }

  /// Chooses where the legend stands; without this, where it hides least.
  public func legend(_ place: LegendPlace) -> Figure { with { $0.legendPlace = place } }

  /// Chooses the size in CSS pixels, 40 to 8000 each.
  public func size(width: Int, height: Int) -> Figure {
    with {
      $0.width = width
      $0.height = height
    }
  }

  /// Says what the plot shows in the author's words, instead of words computed from the data.
  public func alt(_ text: String) -> Figure { with { $0.altText = text } }

  /// Draws grid lines or leaves them out; without this, they are left out under matrices and pictures.
  public func grid(_ isDrawn: Bool) -> Figure { with { $0.hasGrid = isDrawn } }

  /// Gives both axes the same distance for the same difference, as maps and trajectories need.
  public func equalUnits() -> Figure { with { $0.hasEqualUnits = true } }

  /// Leaves both axes and the grid out, for graphs and maps whose places carry no numbers.
  public func withoutAxes() -> Figure { with { $0.hasAxes = false } }

  /// Draws a small plot inside this one.
  ///
  /// - Parameters:
  ///   - place: corner of the frame.
  ///   - width: share of the frame's width.
  ///   - height: share of the frame's height.
  ///   - figure: the small plot.
  /// - Returns: the figure with the small plot in it.
  public func inset(
    _ place: LegendPlace,
    width: Double = 0.42,
    height: Double = 0.42,
    figure: () -> Figure
  ) -> Figure {
    let inset = Inset(figure: figure(), place: place, width: width, height: height)
    return with { $0.insets.append(inset) }
  }
}

/// Collects the marks of a figure.
@resultBuilder
public enum MarkBuilder {
  /// One mark.
  public static func buildExpression(_ mark: any Mark) -> [any Mark] { [mark] }
  /// Marks made elsewhere.
  public static func buildExpression(_ marks: [any Mark]) -> [any Mark] { marks }
  /// Marks in order.
  public static func buildBlock(_ parts: [any Mark]...) -> [any Mark] { parts.flatMap { $0 } }
  /// Marks drawn only under a condition.
  public static func buildOptional(_ part: [any Mark]?) -> [any Mark] { part ?? [] }
  /// The first branch of a choice.
  public static func buildEither(first part: [any Mark]) -> [any Mark] { part }
  /// The second branch of a choice.
  public static func buildEither(second part: [any Mark]) -> [any Mark] { part }
  /// Marks made in a loop.
  public static func buildArray(_ parts: [[any Mark]]) -> [any Mark] { parts.flatMap { $0 } }
}
