public import Display

/// One layer of a figure; a new kind of mark is one type that conforms.
///
/// A figure first asks every mark for the room it needs, then lays out the axes, then has the marks draw in the order of
/// their layers.
public protocol Mark: Sendable {
  /// What the author chose: label, color and so on.
  var options: MarkOptions { get set }
  /// What kind of mark this is.
  var traits: MarkTraits { get }
  /// Makes room on both axes for the data.
  ///
  /// - Throws: `PlotError` when the data cannot be drawn.
  func measure(_ domain: inout Domain) throws(PlotError)
  /// Draws the data.
  func draw(on plot: inout PlotArea)
  /// What a reader who cannot see the mark should know; nil for mere decoration.
  func summary() -> MarkSummary?
  /// The numbers behind the mark; nil for mere decoration.
  func table(_ axes: AxisNames) -> TableOutput?
  /// How numbers become colors, where they do: it makes the color bar.
  var colorScale: ColorScale? { get }
}

extension Mark {
  /// Decoration has nothing to tell.
  public func summary() -> MarkSummary? { nil }
  /// Decoration has no numbers.
  public func table(_ axes: AxisNames) -> TableOutput? { nil }
  /// Most marks have one color.
  public var colorScale: ColorScale? { nil }
}

/// What the author chose for one mark.
public struct MarkOptions: Sendable, Equatable {
  /// Name in the legend.
  public var label: String?
  /// Color instead of the series' own.
  public var color: Color?
  /// Dash instead of the series' own.
  public var dash: Dash?
  /// Width of lines in CSS pixels.
  public var width: Double?
  /// Shape of points; lines get points when it is set.
  public var marker: Marker?
  /// Radius of points in CSS pixels.
  public var radius: Double?
  /// Opacity of fills and points, 0…1.
  public var opacity: Double?
  /// Place in the cycle of series, from 0, instead of the next free one.
  public var series: Int?

  /// Makes options in which nothing is chosen.
  public init() {}
}

/// What kind of mark something is.
public struct MarkTraits: Sendable, Equatable {
  /// Order of drawing: lower layers first.
  public enum Layer: Int, Sendable, Comparable {
    case pixels, areas, bars, rules, lines, points, texts

    /// Whether the first layer is drawn before the second.
    public static func < (first: Layer, second: Layer) -> Bool { first.rawValue < second.rawValue }
  }

  /// Where a mark's color, dash and marker come from.
  public enum Series: Sendable {
    /// From the next place in the cycle.
    case own
    /// From the mark before it, or the one with the same label: an error band belongs to its line.
    case shared
    /// From nowhere: it has no series style.
    case none
  }

  /// What the legend shows.
  public enum Key: Sendable {
    case line, rule, points, patch, errorBar
  }

  /// The kind in words, as the alt text names it, such as "line plot".
  public var noun: String
  /// Order of drawing.
  public var layer: Layer
  /// Where the style comes from.
  public var series: Series
  /// What the legend shows.
  public var key: Key
  /// Whether marks of this kind stand side by side at one place, as bars do.
  public var isGrouped: Bool

  /// Describes a kind of mark.
  public init(_ noun: String, layer: Layer, series: Series = .own, key: Key = .line, isGrouped: Bool = false) {
    self.noun = noun
    self.layer = layer
    self.series = series
    self.key = key
    self.isGrouped = isGrouped
  }
}

/// Names and units of both axes, for the columns of data tables.
public struct AxisNames: Sendable, Equatable {
  /// Quantity of the horizontal axis, "x" when it has no name.
  public var x: String
  /// Unit of the horizontal axis.
  public var xUnit: String?
  /// Quantity of the vertical axis, "y" when it has no name.
  public var y: String
  /// Unit of the vertical axis.
  public var yUnit: String?

  /// A column of places on the horizontal axis.
  public func xColumn(_ coordinates: Coordinates) -> TableColumn { Self.column(x, xUnit, coordinates) }
  /// A column of places on the vertical axis.
  public func yColumn(_ coordinates: Coordinates, name: String? = nil) -> TableColumn {
    Self.column(name ?? y, yUnit, coordinates)
  }

  private static func column(_ name: String, _ unit: String?, _ coordinates: Coordinates) -> TableColumn {
    switch coordinates {
    case .names(let names): TableColumn(name, values: .texts(names), isRowLabel: true)
    case .numbers(let values): TableColumn(name, unit: unit, values: .numbers(values), format: .significant(6))
    }
  }
}

extension Mark {
  private func with(_ change: (inout MarkOptions) -> Void) -> Self {
    var copy = self
    change(&copy.options)
    return copy
  }

  /// Names the series in the legend; marks with one label share one style and one entry.
  public func label(_ text: String) -> Self { with { $0.label = text } }
  /// Draws in a color of the author's choice.
  public func color(_ color: Color) -> Self { with { $0.color = color } }
  /// Draws lines with a dash of the author's choice.
  public func dash(_ dash: Dash) -> Self { with { $0.dash = dash } }
  /// Draws lines of a width in CSS pixels.
  public func width(_ pixels: Double) -> Self { with { $0.width = pixels } }
  /// Draws points of a shape, and of a radius in CSS pixels; on a line they are added to it.
  public func marker(_ marker: Marker, radius: Double? = nil) -> Self {
    with {
      $0.marker = marker
      $0.radius = radius ?? $0.radius
    }
  }
  /// Draws points of a radius in CSS pixels.
  public func radius(_ pixels: Double) -> Self { with { $0.radius = pixels } }
  /// Draws fills and points with an opacity 0…1.
  public func opacity(_ value: Double) -> Self { with { $0.opacity = value } }
  /// Takes the style of a place in the cycle, from 0, instead of the next free one.
  public func series(_ index: Int) -> Self { with { $0.series = index } }
}
