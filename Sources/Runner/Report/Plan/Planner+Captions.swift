internal import Display
internal import Notebook

extension Planner {
  /// Kinds of outputs that carry numbers.
  enum Numbered {
    case figure, table, audio

    var word: String {
      switch self {
      case .figure: "Figure"
      case .table: "Table"
      case .audio: "Audio"
      }
    }

    var prefix: String {
      switch self {
      case .figure: "fig"
      case .table: "tbl"
      case .audio: "aud"
      }
    }

    var anchor: Plan.Anchor.Kind {
      switch self {
      case .figure: .figure
      case .table: .table
      case .audio: .audio
      }
    }
  }

  /// Number, name and text of an output; its name comes from the cell, so it stays when other cells change.
  mutating func caption(
    _ kind: Numbered,
    _ number: Int,
    _ title: String?,
    _ captions: inout CaptionSource
  ) -> Caption {
    let isFirst = captions.used[kind.prefix] == nil
    captions.used[kind.prefix, default: 0] += 1
    var text: [Inline] = []
    if !captions.isUsed, captions.belongs(to: kind.prefix), !captions.caption.isEmpty {
      text = captions.caption
      captions.isUsed = true
    } else if let title, !title.isEmpty {
      text = [Inline(.text(title), range: captions.cell.range)]
    }
    let label = captions.cell.options.label
    let stem = label.map(Slug.sanitize) ?? "cell-\(captions.cell.index + 1)"
    let hasPrefix = stem.hasPrefix(kind.prefix + "-")
    let id = plan.names.take(hasPrefix ? stem : "\(kind.prefix)-\(stem)")
    let anchor = Plan.Anchor(kind: kind.anchor, id: id, number: "\(number)", title: "\(kind.word) \(number)")
    if isFirst, let label {
      if hasPrefix { plan.anchors[label] = anchor } else { plan.anchors["\(kind.prefix)-\(label)"] = anchor }
    }
    return Caption(label: anchor.title, id: id, text: text)
  }

  mutating func placeFigure(
    _ outputs: [Output],
    cell: Cell,
    _ captions: inout CaptionSource
  ) -> CellPlan.Part {
    counts.figures += 1
    let number = counts.figures
    var title: String?
    if outputs.count == 1, case .figure(let figure) = outputs[0] { title = figure.title }
    let caption = caption(.figure, number, title, &captions)
    if cell.options.layout != .tabs { checkSubcaptions(outputs.count, cell: cell) }
    var panels: [FigurePlan.Panel] = []
    for (index, output) in outputs.enumerated() {
      let letter = outputs.count > 1 ? Self.letter(index) : nil
      panels.append(panel(output, index: index, letter: letter, caption: caption, cell: cell))
      guard let letter, let label = cell.options.label else { continue }
      let full = "\(number)\(letter)"
      plan.anchors["\(label)-\(letter)"] = .init(
        kind: .figure,
        id: panels[index].id,
        number: full,
        title: "Figure \(full)"
      )
    }
    return .figure(FigurePlan(caption: caption, panels: panels))
  }

  private mutating func panel(
    _ output: Output,
    index: Int,
    letter: String?,
    caption: Caption,
    cell: Cell
  ) -> FigurePlan.Panel {
    let id = letter.map { plan.names.take("\(caption.id)-\($0)") } ?? caption.id
    var text: [Inline] = []
    if letter != nil, cell.options.subcaptions.indices.contains(index) {
      text = captionInlines(cell.options.subcaptions[index])
    }
    let isOnly = letter == nil
    let authored = isOnly || index == 0 ? cell.options.altText : nil
    switch output {
    case .picture(let picture):
      return .init(
        drawing: .picture(picture),
        id: id,
        letter: letter,
        caption: text,
        altText: authored ?? picture.altText
      )
    case .figure(let figure):
      if letter != nil, text.isEmpty, let title = figure.title {
        text = [Inline(.text(title), range: cell.range)]
      }
      return .init(drawing: .plot(figure), id: id, letter: letter, caption: text, altText: authored ?? figure.altText)
    default:
      preconditionFailure("only drawings become panels")
    }
  }

  /// Quietly shifted sub-captions are a known trap of other tools: their number must be that of the panels.
  mutating func checkSubcaptions(_ count: Int, cell: Cell) {
    let given = cell.options.subcaptions.count
    guard given > 0, given != count else { return }
    diagnostics.append(
      Diagnostic(
        .error,
        file: notebook.path,
        range: cell.options.ranges["subcaptions"] ?? cell.range,
        "\(count) subcaptions expected, one for each panel; \(given) found",
        remedy: "Give as many subcaptions as the cell shows figures."
      )
    )
  }

  /// a … z, then aa, ab, ….
  static func letter(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index % 26)))
    return index < 26 ? letter : Self.letter(index / 26 - 1) + letter
  }
}
