/// One line of a legend.
struct LegendEntry {
  var label: String
  var style: SeriesStyle
  var keys: [(key: MarkTraits.Key, options: MarkOptions, isGrouped: Bool)]

  /// The named series, each once, with the keys of all marks that carry its name.
  static func entries(of marks: [any Mark], styles: [SeriesStyle]) -> [LegendEntry] {
    var entries: [LegendEntry] = []
    for (mark, style) in zip(marks, styles) {
      guard let label = mark.options.label else { continue }
      let key = (mark.traits.key, mark.options, mark.traits.isGrouped)
      if let index = entries.firstIndex(where: { $0.label == label }) {
        entries[index].keys.append(key)
      } else {
        var own = style
        if mark.traits.series == .none { own.color = mark.options.color ?? .muted }
        entries.append(LegendEntry(label: label, style: own, keys: [key]))
      }
    }
    return entries
  }
}

/// The legend of one plot.
struct Legend {
  let entries: [LegendEntry]
  let fonts: FontLibrary
  let place: LegendPlace
  private static let keyWidth = 26.0
  private static let rowHeight = 20.0
  private static let padding = 8.0
  /// Share of the legend's box that may lie over data before it moves out of the frame.
  private static let tolerated = 0.012

  private var boxWidth: Double {
    let widest = entries.map { fonts.width(of: $0.label, size: TextSize.label) }.max() ?? 0
    return Self.padding * 2 + Self.keyWidth + 8 + widest
  }
  private var boxHeight: Double { Double(entries.count) * Self.rowHeight + Self.padding }

  /// Room to the right of the frame.
  var widthBeside: Double {
    guard !entries.isEmpty else { return 0 }
    switch place {
    case .outside: return boxWidth + 4
    case .direct: return boxWidth - Self.keyWidth - Self.padding
    default: return 0
    }
  }

  /// Draws the legend.
  ///
  /// - Returns: whether every place inside the frame hides data.
  func draw(
    in frame: Rect,
    outer: Rect,
    over marks: ArraySlice<DisplayList.Command>,
    lineEnds: () -> [String: Double],
    list: inout DisplayList
  ) -> Bool {
    guard !entries.isEmpty, place != .none else { return false }
    guard place != .direct else {
      drawNames(right: frame.right + 8, lineEnds: lineEnds(), frame: frame, &list)
      return false
    }
    let cover = Coverage(marks: marks, frame: frame)
    let box = box(in: frame, outer: outer, cover: cover)
    drawBox(box, &list)
    return place == .automatic && cover.share(in: box) > Self.tolerated
  }

  private func box(in frame: Rect, outer: Rect, cover: Coverage) -> Rect {
    let gap = 8.0
    let left = frame.left + gap
    let right = frame.right - gap - boxWidth
    let top = frame.top + gap
    let bottom = frame.bottom - gap - boxHeight
    func rect(_ x: Double, _ y: Double) -> Rect { Rect(x: x, y: y, width: boxWidth, height: boxHeight) }
    switch place {
    case .topLeft: return rect(left, top)
    case .topRight: return rect(right, top)
    case .bottomLeft: return rect(left, bottom)
    case .bottomRight: return rect(right, bottom)
    case .outside: return rect(outer.right - boxWidth - 2, frame.top)
    default:
      let (middleX, middleY) = ((left + right) / 2, (top + bottom) / 2)
      let places = [
        rect(right, top), rect(left, top), rect(right, bottom), rect(left, bottom), rect(middleX, top),
        rect(right, middleY), rect(left, middleY), rect(middleX, bottom),
      ]
      let costs = places.map { cover.share(in: $0) }
      let best = costs.indices.min { (costs[$0], $0) < (costs[$1], $1) } ?? 0
      return places[best]
    }
  }

  private func drawBox(_ box: Rect, _ list: inout DisplayList) {
    list.append(
      .path(
        Path([box.corners], isClosed: true),
        fill: .background.opacity(0.9),
        stroke: nil
      )
    )
    for (index, entry) in entries.enumerated() {
      let middle = box.top + Self.padding / 2 + (Double(index) + 0.5) * Self.rowHeight
      let key = Rect(x: box.left + Self.padding, y: middle - 6, width: Self.keyWidth, height: 12)
      LegendKey.draw(entry, in: key, &list)
      let place = Point(key.right + 8, middle + 4.5)
      list.append(.text(TextItem(text: entry.label, position: place, size: TextSize.label)))
    }
  }

  /// Names at line ends, moved apart where they would overlap.
  private func drawNames(right x: Double, lineEnds: [String: Double], frame: Rect, _ list: inout DisplayList) {
    let sorted = entries.map { ($0, lineEnds[$0.label] ?? frame.center.y) }.sorted { $0.1 < $1.1 }
    var places = sorted.map(\.1)
    let gap = 16.0
    for index in places.indices.dropFirst() { places[index] = max(places[index], places[index - 1] + gap) }
    // Pushed below the frame, the names move up again together.
    let excess = max((places.last ?? 0) - frame.bottom, 0)
    if excess > 0 {
      places[places.count - 1] -= excess
      for index in places.indices.dropLast().reversed() { places[index] = min(places[index], places[index + 1] - gap) }
    }
    for ((entry, _), y) in zip(sorted, places) {
      var text = TextItem(text: entry.label, position: Point(x, y + 4.5), size: TextSize.label)
      text.color = entry.style.color
      text.weight = .semibold
      list.append(.text(text))
    }
  }
}
