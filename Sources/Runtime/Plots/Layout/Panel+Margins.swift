/// How much room texts need around the frame.
extension Panel {
  static let titleHeight = 19.0
  static let tickLength = 4.0
  static let tickGap = 4.0
  static let labelHeight = 21.0
  private static let edge = 8.0

  /// The room around the frame for a plot of some size.
  func margins(in size: Rect) -> Margins {
    var margins = Margins(left: 50, top: topMargin(width: size.width), right: 16, bottom: 40)
    // The room for numbers decides how many there are, and they decide the room: the second round settles it.
    for _ in 0..<2 {
      let frame = size.inset(by: margins)
      margins.left = leftMargin(frame)
      margins.right = rightMargin(frame)
      margins.bottom = bottomMargin(frame)
    }
    return margins
  }

  func titleLines(width: Double) -> [String] {
    let text = [letter, figure.title].compactMap { $0 }.joined(separator: " ")
    return text.isEmpty ? [] : TextWrap.lines(text, width: width, size: TextSize.title, weight: .semibold, fonts: fonts)
  }

  private func topMargin(width: Double) -> Double {
    let title = Double(titleLines(width: width - 16).count) * Self.titleHeight
    let common = y.isBare || y.ticks(count: 6).common.isEmpty ? 0 : 15.0
    return Self.edge + (title > 0 ? title + 7 : 4) + common
  }

  private func leftMargin(_ frame: Rect) -> Double {
    guard !y.isBare else { return Self.edge + 4 }
    let widest = yTicks(frame).labels.map { fonts.width(of: $0, size: TextSize.tick) }.max() ?? 0
    return Self.edge + (y.options.label == nil ? 0 : Self.labelHeight) + widest + Self.tickLength + Self.tickGap
  }

  private func bottomMargin(_ frame: Rect) -> Double {
    guard !x.isBare else { return Self.edge + 4 }
    let layout = xTicks(frame)
    let name = x.options.label == nil && layout.ticks.common.isEmpty ? 0 : Self.labelHeight
    return Self.edge + layout.height + Self.tickLength + Self.tickGap + name
  }

  private func rightMargin(_ frame: Rect) -> Double {
    let layout = xTicks(frame)
    let scale = x.scale(from: frame.left, to: frame.right)
    let overhang =
      zip(layout.ticks.major, layout.ticks.labels).map { value, label in
        layout.isTilted || x.isBare
          ? 0 : scale(value) + fonts.width(of: label, size: TextSize.tick) / 2 - frame.right
      }.max() ?? 0
    var right = Self.edge + max(overhang, 8)
    if let colorScale { right += ColorBar(scale: colorScale, fonts: fonts).width(height: frame.height) }
    return right + Legend(entries: entries, fonts: fonts, place: figure.legendPlace).widthBeside
  }

  func yTicks(_ frame: Rect) -> Ticks { y.ticks(count: max(Int(frame.height / 40), 3)) }

  /// As many numbers as fit side by side; names that do not fit are tilted.
  func xTicks(_ frame: Rect) -> XTicks {
    let gap = 14.0
    let scale = x.scale(from: frame.left, to: frame.right)
    func fits(_ ticks: Ticks) -> Bool {
      var reach = -Double.infinity
      for (place, label) in zip(ticks.major.map { scale($0) }, ticks.labels).sorted(by: { $0.0 < $1.0 }) {
        let half = fonts.width(of: label, size: TextSize.tick) / 2
        if place - half < reach + gap { return false }
        reach = place + half
      }
      return true
    }
    guard x.names.isEmpty else {
      let ticks = x.ticks(count: 0)
      if fits(ticks) { return XTicks(ticks: ticks, isTilted: false, height: 12) }
      let widest = ticks.labels.map { fonts.width(of: $0, size: TextSize.tick) }.max() ?? 0
      return XTicks(ticks: ticks, isTilted: true, height: 12 + widest * XTicks.sine)
    }
    var count = max(Int(frame.width / 75), 3)
    var ticks = x.ticks(count: count)
    while count > 2, !fits(ticks) {
      count -= 1
      ticks = x.ticks(count: count)
    }
    return XTicks(ticks: ticks, isTilted: false, height: 12)
  }
}

/// Ticks of the horizontal axis and how their texts stand.
struct XTicks {
  /// Sine of the angle of tilted names, 35°.
  static let sine = 0.5736
  static let angle = -35.0
  var ticks: Ticks
  var isTilted: Bool
  var height: Double
}

/// Breaks titles at spaces.
enum TextWrap {
  static func lines(_ text: String, width: Double, size: Double, weight: TextWeight, fonts: FontLibrary) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      let longer = lines.last.map { $0 + " " + word }
      if let longer, fonts.width(of: longer, size: size, weight: weight) <= width {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
