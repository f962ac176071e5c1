/// One plot with everything decided but its place: ranges, styles, legend.
struct Panel {
  var figure: Figure
  let fonts: FontLibrary
  /// "(a)" and so on in a grid of plots.
  let letter: String?
  let domain: Domain
  var x: ResolvedAxis
  var y: ResolvedAxis
  let styles: [SeriesStyle]
  let entries: [LegendEntry]
  let colorScale: ColorScale?

  /// Decides ranges and styles.
  ///
  /// - Parameters:
  ///   - figure: the plot.
  ///   - fonts: what texts are measured with.
  ///   - letter: name of the panel in a grid.
  ///   - shared: room that other panels with the same axes need.
  /// - Throws: `PlotError` when the marks cannot be drawn.
  init(_ figure: Figure, fonts: FontLibrary, letter: String? = nil, shared: Domain? = nil) throws(PlotError) {
    self.figure = figure
    self.fonts = fonts
    self.letter = letter
    if let shared { domain = shared } else { domain = try Self.domain(of: figure) }
    x = try ResolvedAxis(figure.x, domain.x, axis: "x", margin: 0.03)
    y = try ResolvedAxis(figure.y, domain.y, axis: "y", margin: 0.06)
    x.isBare = !figure.hasAxes
    y.isBare = !figure.hasAxes
    styles = SeriesAssignment.styles(for: figure.marks)
    entries = LegendEntry.entries(of: figure.marks, styles: styles)
    colorScale =
      figure.marks.lazy.compactMap { mark -> ColorScale? in
        guard let mapped = mark as? any ColorMapped, mapped.colors.hasBar else { return nil }
        return mapped.colorScale
      }.first
  }

  /// The room that all marks of a plot need.
  static func domain(of figure: Figure) throws(PlotError) -> Domain {
    guard !figure.marks.isEmpty else {
      throw .noMarks(figure: figure.title.map { "figure '\($0)'" } ?? "the figure")
    }
    var domain = Domain(x: figure.x.scale, y: figure.y.scale)
    for mark in figure.marks { try mark.measure(&domain) }
    return domain
  }

  /// Whether the plot is a matrix or a picture, which wants a frame and no grid.
  private var isFilled: Bool { domain.x.isTight && domain.y.isTight }
  private var hasGrid: Bool { figure.hasGrid ?? !isFilled }

  // MARK: - Drawing

  /// Draws the plot.
  ///
  /// - Returns: whether its legend hides data, so that it should stand beside the frame.
  @discardableResult
  func draw(in outer: Rect, margins: Margins, list: inout DisplayList) -> Bool {
    let frame = adjustedFrame(outer.inset(by: margins))
    let axes = AxisPainter(panel: self, frame: frame, hasGrid: hasGrid, isFramed: isFilled)
    if figure.hasAxes { axes.drawGrid(&list) }
    let start = list.commands.count
    drawMarks(in: frame, list: &list)
    let marks = list.commands[start...]
    if figure.hasAxes { axes.drawAxes(&list, outer: outer) }
    drawTitle(frame: frame, outer: outer, list: &list)
    if let colorScale { ColorBar(scale: colorScale, fonts: fonts).draw(beside: frame, list: &list) }
    let legend = Legend(entries: entries, fonts: fonts, place: figure.legendPlace)
    let hidesData = legend.draw(in: frame, outer: outer, over: marks, lineEnds: { lineEnds(frame) }, list: &list)
    for inset in figure.insets { draw(inset, in: frame, list: &list) }
    return hidesData
  }

  private func drawMarks(in frame: Rect, list: inout DisplayList) {
    var plot = PlotArea(
      frame: frame,
      x: x.scale(from: frame.left, to: frame.right),
      y: y.scale(from: frame.bottom, to: frame.top),
      domain: domain,
      list: list
    )
    plot.list.append(.beginClip(frame.grown(by: isFilled ? 0 : 1)))
    plot.list.isDrawingMarks = true
    let order = figure.marks.indices.sorted {
      (figure.marks[$0].traits.layer, $0) < (figure.marks[$1].traits.layer, $1)
    }
    let grouped = figure.marks.indices.filter { figure.marks[$0].traits.isGrouped }
    for index in order {
      plot.style = styles[index]
      plot.groupCount = max(grouped.count, 1)
      plot.groupIndex = grouped.firstIndex(of: index) ?? 0
      figure.marks[index].draw(on: &plot)
    }
    plot.list.isDrawingMarks = false
    plot.list.append(.endClip)
    list = plot.list
  }

  private func drawTitle(frame: Rect, outer: Rect, list: inout DisplayList) {
    let lines = titleLines(width: outer.width - 16)
    for (index, line) in lines.enumerated() {
      let text = TextItem(
        text: line,
        position: Point(
          titleLeft(frame: frame, outer: outer, lines),
          outer.top + 20 + Double(index) * Self.titleHeight
        ),
        size: TextSize.title,
        weight: .semibold
      )
      list.append(.text(text))
    }
  }

  /// A title starts at the frame, or further left where it is too long for that.
  private func titleLeft(frame: Rect, outer: Rect, _ lines: [String]) -> Double {
    let widest = lines.map { fonts.width(of: $0, size: TextSize.title, weight: .semibold) }.max() ?? 0
    return max(min(frame.left, outer.right - 8 - widest), outer.left + 8)
  }

  private func draw(_ inset: Inset, in frame: Rect, list: inout DisplayList) {
    guard let panel = try? Panel(inset.figure, fonts: fonts) else { return }
    let (width, height) = (frame.width * inset.width, frame.height * inset.height)
    let isLeft = inset.place == .topLeft || inset.place == .bottomLeft
    let isTop = inset.place != .bottomLeft && inset.place != .bottomRight
    let place = Rect(
      x: isLeft ? frame.left + 8 : frame.right - width - 8,
      y: isTop ? frame.top + 8 : frame.bottom - height - 8,
      width: width,
      height: height
    )
    list.append(.path(Path([place.corners], isClosed: true), fill: .background, stroke: Stroke(.grid, width: 1)))
    panel.draw(in: place, margins: panel.margins(in: place), list: &list)
  }

  /// With equal units the frame shrinks to the shape of the data.
  private func adjustedFrame(_ frame: Rect) -> Rect {
    guard figure.hasEqualUnits, x.options.scale == .linear, y.options.scale == .linear else { return frame }
    let shape = (y.upper - y.lower) / (x.upper - x.lower)
    let width = min(frame.width, frame.height / shape)
    let height = width * shape
    return Rect(x: frame.center.x - width / 2, y: frame.center.y - height / 2, width: width, height: height)
  }

  /// Where the named lines end on the right, for names that stand there.
  private func lineEnds(_ frame: Rect) -> [String: Double] {
    let scale = y.scale(from: frame.bottom, to: frame.top)
    var ends: [String: Double] = [:]
    for mark in figure.marks {
      guard let label = mark.options.label, ends[label] == nil, case .course(let places, let values) = mark.summary(),
        let last = zip(domain.x.values(places), values).filter({ $0.isFinite && scale($1).isFinite })
          .max(by: { $0.0 < $1.0 })
      else { continue }
      ends[label] = min(max(scale(last.1), frame.top), frame.bottom)
    }
    return ends
  }
}
