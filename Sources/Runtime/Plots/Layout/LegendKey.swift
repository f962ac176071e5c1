/// The small sample of a series beside its name.
enum LegendKey {
  static func draw(_ entry: LegendEntry, in box: Rect, _ list: inout DisplayList) {
    let y = box.center.y
    for (key, options, _) in entry.keys.sorted(by: { order($0.key) < order($1.key) }) {
      let color = options.color ?? entry.style.color
      switch key {
      case .patch: drawPatch(entry, options, box, &list)
      case .line:
        let dash = options.dash ?? entry.style.dash
        list.stroke(
          [Point(box.left, y), Point(box.right, y)],
          Stroke(color, width: options.width ?? 1.8, dash: dash)
        )
        if options.marker != nil { drawMarker(entry, options, box, &list) }
      case .rule: list.stroke([Point(box.left, y), Point(box.right, y)], Rule.stroke(options))
      case .points: drawMarker(entry, options, box, &list)
      case .errorBar:
        let pieces = ErrorBars.pieces(center: box.center.x, box.bottom, box.top, isHorizontal: false)
        list.append(.path(Path(pieces), fill: nil, stroke: Stroke(color, width: 1.3)))
        drawMarker(entry, options, box, &list)
      }
    }
  }

  private static func order(_ key: MarkTraits.Key) -> Int {
    switch key {
    case .patch: 0
    case .line, .rule: 1
    case .errorBar: 2
    case .points: 3
    }
  }

  private static func drawMarker(_ entry: LegendEntry, _ options: MarkOptions, _ box: Rect, _ list: inout DisplayList) {
    let color = options.color ?? entry.style.color
    list.append(
      .markers(
        options.marker ?? entry.style.marker,
        at: [box.center],
        radius: min(options.radius ?? 3.4, 6),
        fill: color
      )
    )
  }

  private static func drawPatch(_ entry: LegendEntry, _ options: MarkOptions, _ box: Rect, _ list: inout DisplayList) {
    let color = options.color ?? entry.style.color
    // Bars are opaque and hatched; bands and areas are as pale as they are in the plot.
    let isSolid = entry.isBars
    list.fill(box, color.opacity(options.opacity ?? (isSolid ? 1 : 0.3)))
    let lines = isSolid ? Hatching.lines(in: box, series: entry.style.index) : []
    if !lines.isEmpty {
      list.append(.path(Path(lines), fill: nil, stroke: Stroke(.background.opacity(0.55), width: 1.3)))
    }
  }
}

extension LegendEntry {
  /// Whether the series is drawn as opaque bars.
  var isBars: Bool { keys.contains { $0.isGrouped } }
}
