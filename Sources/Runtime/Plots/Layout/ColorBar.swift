/// The strip that says which number each color stands for.
struct ColorBar {
  let scale: ColorScale
  let fonts: FontLibrary
  private static let gap = 14.0
  private static let thickness = 13.0

  private func ticks(height: Double) -> Ticks {
    Ticks.make(from: scale.lower, to: scale.upper, scale: scale.scale, count: max(Int(height / 55), 2))
  }

  private var label: String? { AxisOptions.label(scale.title, unit: scale.unit) }

  /// Room to the right of the frame.
  func width(height: Double) -> Double {
    let widest = ticks(height: height).labels.map { fonts.width(of: $0, size: TextSize.tick) }.max() ?? 0
    return Self.gap + Self.thickness + 8 + widest + (label == nil ? 0 : 22)
  }

  func draw(beside frame: Rect, list: inout DisplayList) {
    let bar = Rect(x: frame.right + Self.gap, y: frame.top, width: Self.thickness, height: frame.height)
    let colors = scale.map.colors.reversed().flatMap { color -> [UInt8] in [color.red, color.green, color.blue, 255] }
    list.append(.image(Raster(width: 1, height: scale.map.colors.count, rgba: colors), in: bar, smooth: true))
    list.stroke(bar.corners, Stroke(.axis, width: 1), closed: true)
    let axis = Scale(scale.scale, from: scale.lower, to: scale.upper, start: bar.bottom, end: bar.top)
    let ticks = ticks(height: frame.height)
    let lines = ticks.major.map { [Point(bar.right, axis($0)), Point(bar.right + 4, axis($0))] }
    list.append(.path(Path(lines), fill: nil, stroke: Stroke(.axis, width: 1)))
    for (value, text) in zip(ticks.major, ticks.labels) {
      let place = Point(bar.right + 8, axis(value) + 4.2)
      list.append(.text(TextItem(text: text, position: place, size: TextSize.tick, color: .muted)))
    }
    if !ticks.common.isEmpty {
      let place = Point(bar.left, bar.top - 6)
      list.append(.text(TextItem(text: ticks.common, position: place, size: TextSize.tick, color: .muted)))
    }
    guard let label else { return }
    let widest = ticks.labels.map { fonts.width(of: $0, size: TextSize.tick) }.max() ?? 0
    var text = TextItem(text: label, position: Point(bar.right + 8 + widest + 19, bar.center.y), size: TextSize.label)
    text.anchor = .middle
    text.angle = -90
    list.append(.text(text))
  }
}
