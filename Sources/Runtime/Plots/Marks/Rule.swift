/// A straight line across the frame: `Rule(y: 0.5)` or `Rule(x: 3)`.
public struct Rule: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Rules are decoration in the color of secondary text.
  public var traits: MarkTraits { MarkTraits("rule", layer: .rules, series: .none, key: .rule) }
  private let value: Double
  private let isUpright: Bool
  private var text: String?

  /// An upright line, with a text at its upper end.
  public init(x: Double, _ text: String? = nil) {
    value = x
    isUpright = true
    self.text = text
  }

  /// A level line, with a text at its right end.
  public init(y: Double, _ text: String? = nil) {
    value = y
    isUpright = false
    self.text = text
  }

  /// How a rule with these options is drawn, in the plot and in its legend.
  static func stroke(_ options: MarkOptions) -> Stroke {
    Stroke(options.color ?? .muted, width: options.width ?? 1.2, dash: options.dash ?? .dashed)
  }

  /// Makes room for the line.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    if isUpright { domain.x.widen(to: value) } else { domain.y.widen(to: value) }
  }

  /// Draws the line and its text.
  public func draw(on plot: inout PlotArea) {
    let stroke = Self.stroke(options)
    let frame = plot.frame
    if isUpright {
      let x = plot.x(value)
      plot.segments([[Point(x, frame.top), Point(x, frame.bottom)]], stroke: stroke)
      guard let text else { return }
      let isRight = x > frame.center.x
      let place = Point(x + (isRight ? -5 : 5), frame.top + 13)
      plot.text(text, at: place, size: TextSize.tick, color: .muted, anchor: isRight ? .end : .start)
    } else {
      let y = plot.y(value)
      plot.segments([[Point(frame.left, y), Point(frame.right, y)]], stroke: stroke)
      guard let text else { return }
      let place = Point(frame.right - 5, y - frame.top < 18 ? y + 15 : y - 5)
      plot.text(text, at: place, size: TextSize.tick, color: .muted, anchor: .end)
    }
  }
}

/// A shaded range across the frame: `Span(x: 2...5)`.
public struct Span: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Spans are decoration in the color of secondary text.
  public var traits: MarkTraits { MarkTraits("span", layer: .pixels, series: .none, key: .patch) }
  private let range: ClosedRange<Double>
  private let isUpright: Bool

  /// An upright stripe over a range of the horizontal axis.
  public init(x range: ClosedRange<Double>) {
    self.range = range
    isUpright = true
  }

  /// A level stripe over a range of the vertical axis.
  public init(y range: ClosedRange<Double>) {
    self.range = range
    isUpright = false
  }

  /// Makes room for the stripe.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    for end in [range.lowerBound, range.upperBound] {
      if isUpright { domain.x.widen(to: end) } else { domain.y.widen(to: end) }
    }
  }

  /// Fills the stripe.
  public func draw(on plot: inout PlotArea) {
    let frame = plot.frame
    let color = (options.color ?? .muted).opacity(options.opacity ?? 0.14)
    let (from, to) =
      isUpright
      ? (Point(plot.x(range.lowerBound), frame.top), Point(plot.x(range.upperBound), frame.bottom))
      : (Point(frame.left, plot.y(range.lowerBound)), Point(frame.right, plot.y(range.upperBound)))
    plot.rectangles([Rect(from: from, to: to)], fill: color)
  }
}

/// A text at a place of the data, with a thin line to it where the text stands apart.
public struct Annotation: Mark {
  /// What the author chose.
  public var options = MarkOptions()
  /// Texts are decoration over everything else.
  public var traits: MarkTraits { MarkTraits("annotation", layer: .texts, series: .none) }
  private let text: String
  private let x: Double
  private let y: Double
  private let dx: Double
  private let dy: Double

  /// A text near a place.
  ///
  /// - Parameters:
  ///   - text: one line.
  ///   - x: horizontal place on the axis.
  ///   - y: vertical place on the axis.
  ///   - dx: CSS pixels from the place to the text, to the right.
  ///   - dy: CSS pixels from the place to the text, downwards.
  public init(_ text: String, x: Double, y: Double, dx: Double = 6, dy: Double = -6) {
    self.text = text
    self.x = x
    self.y = y
    self.dx = dx
    self.dy = dy
  }

  /// Makes room for the place.
  public func measure(_ domain: inout Domain) throws(PlotError) {
    domain.x.widen(to: x)
    domain.y.widen(to: y)
  }

  /// Writes the text, and draws the line where it is long enough to be of use.
  public func draw(on plot: inout PlotArea) {
    let place = Point(plot.x(x), plot.y(y))
    let end = Point(place.x + dx, place.y + dy)
    let color = options.color ?? .ink
    if dx * dx + dy * dy > 15 * 15 {
      plot.segments([[place, end]], stroke: Stroke(.muted, width: 1))
      plot.markers(.circle, at: [place], radius: 2, color: .muted)
    }
    let anchor: TextAnchor = dx.magnitude < 3 ? .middle : dx > 0 ? .start : .end
    let gap = dx.magnitude < 3 ? 0.0 : dx > 0 ? 3 : -3
    let drop = dy > 3 ? 11.0 : dy < -3 ? 0 : 4.5
    plot.text(text, at: Point(end.x + gap, end.y + drop), color: color, anchor: anchor)
  }
}
