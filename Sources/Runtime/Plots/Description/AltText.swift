internal import Display

/// What a plot shows, in words computed from its data.
enum AltText {
  private static let longest = 300
  private static let format = NumberFormat.significant(3)

  /// 20 to 300 characters: the kind, the axes with their ranges, the series and how each of them runs.
  static func text(for figure: Figure) -> String {
    let told = figure.marks.compactMap { mark in mark.summary().map { (mark, $0) } }
    let head = headline(told.map(\.0)) + axes(figure)
    let labels = unique(told.compactMap { $0.0.options.label })
    var text = head
    if labels.count > 1 { text += ", \(labels.count) series (\(listed(labels)))" }
    let sentences = told.map { mark, summary in
      let words = words(summary)
      return mark.options.label.map { "\($0) \(words)" } ?? words
    }
    text = appended(unique(sentences), to: text)
    return text.count < 20 ? text + ", without further data." : text
  }

  /// The panels of a grid, as far as they fit.
  static func text(forPanels figures: [Figure], letters: [String]) -> String {
    let parts = zip(letters, figures).map { letter, figure in
      "\(letter) " + (figure.title.map { "\($0): " } ?? "") + (figure.altText ?? lowered(text(for: figure)))
    }
    let head = "\(figures.count) panel\(figures.count == 1 ? "" : "s")"
    let room = max((longest - head.count) / max(parts.count, 1) - 3, 24)
    return cut(head + ": " + parts.map { cut($0, at: room) }.joined(separator: " "), at: longest)
  }

  private static func lowered(_ text: String) -> String { (text.first?.lowercased() ?? "") + text.dropFirst() }

  private static func headline(_ marks: [any Mark]) -> String {
    let nouns = unique(marks.map(\.traits.noun))
    let kind =
      nouns.isEmpty ? "plot" : nouns.count > 2 ? nouns[0] + " with " + nouns[1] : nouns.joined(separator: " with ")
    return kind.prefix(1).uppercased() + kind.dropFirst()
  }

  private static func axes(_ figure: Figure) -> String {
    guard let domain = try? Panel.domain(of: figure) else { return "" }
    let x = quantity(figure.x, domain.x)
    let y = quantity(figure.y, domain.y, hasRange: false)
    switch (y, x) {
    case (let y?, let x?): return " of \(y) over \(x)"
    case (let y?, nil): return " of \(y)"
    case (nil, let x?): return " over \(x)"
    case (nil, nil): return ""
    }
  }

  /// "time 0 to 50 s"; a quantity without a name is called x, and names of places are only counted.
  private static func quantity(_ axis: AxisOptions, _ extent: Extent, hasRange: Bool = true) -> String? {
    let scale = scaleWord(axis.scale)
    guard hasRange else { return axis.title.map { $0 + (shownUnit(axis).map { " in \($0)" } ?? "") + scale } }
    if !extent.names.isEmpty {
      return axis.title.map { "\(extent.names.count) values of \($0)" }
    }
    guard extent.lower <= extent.upper else { return axis.title }
    let unit = shownUnit(axis).map { " \($0)" } ?? ""
    return "\(axis.title ?? "x") \(format.string(extent.lower)) to \(format.string(extent.upper))\(unit)\(scale)"
  }

  private static func scaleWord(_ scale: AxisScale) -> String {
    switch scale {
    case .linear: ""
    case .logarithmic: " (logarithmic)"
    case .symmetricLog: " (symmetric logarithmic)"
    }
  }

  private static func shownUnit(_ axis: AxisOptions) -> String? { axis.unit == "1" ? nil : axis.unit }

  private static func words(_ summary: MarkSummary) -> String {
    switch summary {
    case .words(let words): words
    case .values(let names, let values): valueWords(names, values)
    case .course(let x, let y): courseWords(x, y)
    }
  }

  private static func valueWords(_ names: [String], _ values: [Double]) -> String {
    let pairs = zip(names, values).filter { $0.1.isFinite }
    if pairs.count <= 6 { return pairs.map { "\($0.0) \(format.string($0.1))" }.joined(separator: ", ") }
    guard let low = pairs.min(by: { $0.1 < $1.1 }), let high = pairs.max(by: { $0.1 < $1.1 }) else {
      return "no values"
    }
    return "\(pairs.count) values from \(format.string(low.1)) (\(low.0)) to \(format.string(high.1)) (\(high.0))"
  }

  /// "falls from 2.31 to 0.42, lowest 0.4 at 37 (3 missing)".
  private static func courseWords(_ x: Coordinates, _ y: [Double]) -> String {
    let indices = y.indices.filter { y[$0].isFinite }
    guard let first = indices.first, let last = indices.last,
      let low = indices.min(by: { y[$0] < y[$1] }), let high = indices.max(by: { y[$0] < y[$1] })
    else { return "has no finite values" }
    let missing = y.count - indices.count
    let gaps = missing > 0 ? " (\(missing) missing)" : ""
    let span = y[high] - y[low]
    if span == 0 { return "stays at \(format.string(y[first]))\(gaps)" }
    let change = y[last] - y[first]
    let verb = change.magnitude < 0.02 * span ? "goes" : change > 0 ? "rises" : "falls"
    var text = "\(verb) from \(format.string(y[first])) to \(format.string(y[last]))"
    // An extreme that is nearly one of the ends tells nothing new.
    func isNew(_ index: Int) -> Bool {
      min((y[index] - y[first]).magnitude, (y[index] - y[last]).magnitude) > 0.03 * span
    }
    if isNew(low) { text += ", lowest \(format.string(y[low])) at \(place(x, low))" }
    if isNew(high) { text += ", highest \(format.string(y[high])) at \(place(x, high))" }
    return text + gaps
  }

  private static func place(_ x: Coordinates, _ index: Int) -> String {
    switch x {
    case .names(let names): names[index]
    case .numbers(let values): format.string(values[index])
    }
  }

  private static func listed(_ labels: [String]) -> String {
    labels.count <= 6 ? labels.joined(separator: ", ") : labels.prefix(5).joined(separator: ", ") + " and others"
  }

  /// Adds sentences while there is room, and says how many were left out.
  private static func appended(_ sentences: [String], to head: String) -> String {
    guard !sentences.isEmpty else { return cut(head + ".", at: longest) }
    var text = head + ": "
    for (index, sentence) in sentences.enumerated() {
      let isLast = index == sentences.count - 1
      let next = sentence + (isLast ? "." : "; ")
      // Room is kept for the words that say what is missing.
      if text.count + next.count > longest - (isLast ? 0 : 16) {
        if index == 0 { return cut(text + next, at: longest) }
        return text + "and \(sentences.count - index) more."
      }
      text += next
    }
    return text
  }

  /// The text, shortened at a space.
  private static func cut(_ text: String, at length: Int) -> String {
    guard text.count > length else { return text }
    let head = text.prefix(length - 1)
    return (head.lastIndex(of: " ").map { head[..<$0] } ?? head) + "…"
  }

  private static func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
