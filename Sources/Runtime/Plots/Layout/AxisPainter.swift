/// Draws grid, axis lines, ticks and their texts.
struct AxisPainter {
  let panel: Panel
  let frame: Rect
  let hasGrid: Bool
  let isFramed: Bool
  private let xTicks: XTicks
  private let yTicks: Ticks
  private let x: Scale
  private let y: Scale

  init(panel: Panel, frame: Rect, hasGrid: Bool, isFramed: Bool) {
    self.panel = panel
    self.frame = frame
    self.hasGrid = hasGrid
    self.isFramed = isFramed
    xTicks = panel.xTicks(frame)
    yTicks = panel.yTicks(frame)
    x = panel.x.scale(from: frame.left, to: frame.right)
    y = panel.y.scale(from: frame.bottom, to: frame.top)
  }

  /// Lines lie on half pixels of the raster form, so that they stay sharp.
  private func crisp(_ place: Double) -> Double { (place * 2).rounded() / 2 }

  func drawGrid(_ list: inout DisplayList) {
    guard hasGrid else { return }
    let uprights = panel.x.names.isEmpty ? xTicks.ticks.major.map { crisp(x($0)) } : []
    let levels = panel.y.names.isEmpty ? yTicks.major.map { crisp(y($0)) } : []
    let lines =
      uprights.map { [Point($0, frame.top), Point($0, frame.bottom)] }
      + levels.map { [Point(frame.left, $0), Point(frame.right, $0)] }
    guard !lines.isEmpty else { return }
    list.append(.path(Path(lines), fill: nil, stroke: Stroke(.grid, width: 1)))
  }

  func drawAxes(_ list: inout DisplayList, outer: Rect) {
    let (left, bottom) = (crisp(frame.left), crisp(frame.bottom))
    if isFramed {
      list.stroke(frame.corners, Stroke(.axis, width: 1), closed: true)
    } else {
      let corner = Point(left, bottom)
      list.stroke([Point(left, frame.top), corner, Point(frame.right, bottom)], Stroke(.axis, width: 1))
      drawZero(&list)
    }
    drawTicks(left: left, bottom: bottom, &list)
    if !panel.x.isBare { drawXTexts(bottom: bottom, outer: outer, &list) }
    if !panel.y.isBare { drawYTexts(left: left, outer: outer, &list) }
  }

  /// Bars and areas of both signs need their zero line.
  private func drawZero(_ list: inout DisplayList) {
    if panel.domain.y.baseline == 0, panel.y.lower < 0, panel.y.upper > 0 {
      list.stroke([Point(frame.left, crisp(y(0))), Point(frame.right, crisp(y(0)))], Stroke(.axis, width: 1))
    }
    if panel.domain.x.baseline == 0, panel.x.lower < 0, panel.x.upper > 0 {
      list.stroke([Point(crisp(x(0)), frame.top), Point(crisp(x(0)), frame.bottom)], Stroke(.axis, width: 1))
    }
  }

  private func drawTicks(left: Double, bottom: Double, _ list: inout DisplayList) {
    let long = Panel.tickLength
    let short = 2.5
    var lines: [[Point]] = []
    if panel.x.names.isEmpty {
      lines += xTicks.ticks.major.map { [Point(crisp(x($0)), bottom), Point(crisp(x($0)), bottom + long)] }
      lines += xTicks.ticks.minor.map { [Point(crisp(x($0)), bottom), Point(crisp(x($0)), bottom + short)] }
    }
    if panel.y.names.isEmpty {
      lines += yTicks.major.map { [Point(left - long, crisp(y($0))), Point(left, crisp(y($0)))] }
      lines += yTicks.minor.map { [Point(left - short, crisp(y($0))), Point(left, crisp(y($0)))] }
    }
    guard !lines.isEmpty else { return }
    list.append(.path(Path(lines), fill: nil, stroke: Stroke(.axis, width: 1)))
  }

  private func drawXTexts(bottom: Double, outer: Rect, _ list: inout DisplayList) {
    let base = bottom + Panel.tickLength + Panel.tickGap + 9
    for (value, label) in zip(xTicks.ticks.major, xTicks.ticks.labels) {
      var text = TextItem(text: label, position: Point(x(value), base), size: TextSize.tick, color: .muted)
      text.anchor = xTicks.isTilted ? .end : .middle
      text.angle = xTicks.isTilted ? XTicks.angle : 0
      if xTicks.isTilted { text.position.x += 4 }
      list.append(.text(text))
    }
    let nameBase = bottom + Panel.tickLength + Panel.tickGap + xTicks.height + Panel.labelHeight - 5
    if let label = panel.x.options.label {
      var text = TextItem(text: label, position: Point(frame.center.x, nameBase), size: TextSize.label)
      text.anchor = .middle
      list.append(.text(text))
    }
    guard !xTicks.ticks.common.isEmpty else { return }
    var text = TextItem(text: xTicks.ticks.common, position: Point(frame.right, nameBase), size: TextSize.tick)
    text.anchor = .end
    text.color = .muted
    list.append(.text(text))
  }

  private func drawYTexts(left: Double, outer: Rect, _ list: inout DisplayList) {
    for (value, label) in zip(yTicks.major, yTicks.labels) {
      let place = Point(left - Panel.tickLength - Panel.tickGap, y(value) + 4.2)
      var text = TextItem(text: label, position: place, size: TextSize.tick, color: .muted)
      text.anchor = .end
      list.append(.text(text))
    }
    if !yTicks.common.isEmpty {
      let place = Point(left - Panel.tickLength, frame.top - 7)
      list.append(.text(TextItem(text: yTicks.common, position: place, size: TextSize.tick, color: .muted)))
    }
    guard let label = panel.y.options.label else { return }
    // The name stands next to the widest number, which is nearer than the edge where panels share their margins.
    let widest = yTicks.labels.map { panel.fonts.width(of: $0, size: TextSize.tick) }.max() ?? 0
    let place = Point(left - Panel.tickLength - Panel.tickGap - widest - 10, frame.center.y)
    var text = TextItem(text: label, position: place, size: TextSize.label)
    text.anchor = .middle
    text.angle = -90
    list.append(.text(text))
  }
}
