internal import Display
internal import Notebook
internal import Record

extension Planner {
  /// Places what a cell has left: figures, tables and players get their numbers and captions here.
  mutating func visitCell(_ index: Int, depth: Int) {
    guard notebook.cells.indices.contains(index), record.cells.indices.contains(index) else { return }
    let cell = notebook.cells[index]
    guard cell.options.isIncluded else { return }
    let result = record.cells[index]
    var outputs: [CellPlan.Part] = []
    var captions = CaptionSource(cell: cell, caption: cell.options.caption.map { captionInlines($0) } ?? [])
    visit(captions.caption)
    if cell.options.output != .hidden {
      let joined = joinedPanels(result.items, cell: cell)
      for item in joined { outputs.append(place(item, cell: cell, &captions, depth: depth)) }
    }
    plan.cells[index].parts = outputs
    if cell.options.layout == .tabs { placeTabs(outputs, cell: cell) }
    if let label = cell.options.label, plan.anchors[label] == nil {
      plan.anchors[label] = .init(kind: .listing, id: plan.cells[index].id, number: "", title: "cell " + label)
    }
  }

  /// Titles of tabs: the author's sub-captions, else what the outputs are called.
  private mutating func placeTabs(_ parts: [CellPlan.Part], cell: Cell) {
    let shown = parts.filter(\.isLaidOut)
    checkSubcaptions(shown.count, cell: cell)
    guard shown.count > 1 else { return }
    plan.cells[cell.index].tabs = shown.enumerated().map { number, part in
      let titles = cell.options.subcaptions
      let id = plan.names.take("\(plan.cells[cell.index].id)-tab-\(number + 1)")
      return .init(id: id, title: titles.indices.contains(number) ? titles[number] : part.name(number: number + 1))
    }
  }

  /// Text of the author, such as a caption, as inline Markdown.
  func captionInlines(_ text: String) -> [Inline] {
    for block in parseMarkdown(text) {
      if case .paragraph(let content) = block.kind { return content }
    }
    return [Inline(.text(text.squeezed()), range: SourceRange(line: 0, column: 0))]
  }

  /// Several drawings under one caption are panels of one figure, also when they were shown one by one.
  private func joinedPanels(_ items: [CellResult.Item], cell: Cell) -> [CellResult.Item] {
    let drawings = items.compactMap { item -> Output? in
      guard case .output(let output) = item, output.isDrawing else { return nil }
      return output
    }
    guard drawings.count > 1, cell.options.layout != .tabs,
      cell.options.caption != nil || !cell.options.subcaptions.isEmpty
    else { return items }
    var joined: [CellResult.Item] = []
    var isPlaced = false
    for item in items {
      guard case .output(let output) = item, output.isDrawing else {
        joined.append(item)
        continue
      }
      if !isPlaced { joined.append(.output(.group(drawings))) }
      isPlaced = true
    }
    return joined
  }

  private mutating func place(
    _ item: CellResult.Item,
    cell: Cell,
    _ captions: inout CaptionSource,
    depth: Int
  ) -> CellPlan.Part {
    switch item {
    case .standardOutput(let text):
      return cell.options.output == .asIs ? placeMarkdown(text, depth: depth) : .standardOutput(text)
    case .standardError(let text): return .standardError(text)
    case .output(let output): return place(output, cell: cell, &captions, depth: depth)
    }
  }

  private mutating func place(
    _ output: Output,
    cell: Cell,
    _ captions: inout CaptionSource,
    depth: Int
  ) -> CellPlan.Part {
    switch output {
    case .text(let text):
      return cell.options.output == .asIs ? placeMarkdown(text, depth: depth) : .text(text)
    case .figure, .picture: return placeFigure([output], cell: cell, &captions)
    case .table(let table):
      counts.tables += 1
      return .table(table, caption(.table, counts.tables, table.title, &captions))
    case .audio(let audio):
      counts.audio += 1
      return .audio([audio], caption(.audio, counts.audio, nil, &captions))
    case .math(let tex): return .math(tex)
    case .markdown(let source): return placeMarkdown(source, depth: depth)
    case .html(let source): return .html(source)
    case .claim(let claim): return placeClaim(claim)
    case .group(let outputs): return placeGroup(outputs, cell: cell, &captions, depth: depth)
    }
  }

  private mutating func placeGroup(
    _ outputs: [Output],
    cell: Cell,
    _ captions: inout CaptionSource,
    depth: Int
  ) -> CellPlan.Part {
    let players = outputs.compactMap { output -> AudioOutput? in
      guard case .audio(let audio) = output else { return nil }
      return audio
    }
    if !outputs.isEmpty, players.count == outputs.count {
      counts.audio += 1
      return .audio(players, caption(.audio, counts.audio, nil, &captions))
    }
    if outputs.count > 1, outputs.allSatisfy(\.isDrawing) { return placeFigure(outputs, cell: cell, &captions) }
    guard depth < PageLimits.nesting else { return .group([]) }
    return .group(outputs.map { place($0, cell: cell, &captions, depth: depth + 1) })
  }

  private mutating func placeMarkdown(_ source: String, depth: Int) -> CellPlan.Part {
    let blocks = parseMarkdown(source)
    // What a cell writes stays inside the cell: its headings open no sections of the page.
    for block in blocks { visit(block, depth: depth + 1) }
    return .markdown(blocks)
  }

  private mutating func placeClaim(_ claim: ClaimOutput) -> CellPlan.Part {
    let id = plan.names.take("claim-" + Slug.sanitize(claim.id))
    if plan.anchors["claim-" + claim.id] == nil {
      plan.anchors["claim-" + claim.id] = .init(kind: .claim, id: id, number: "", title: "claim " + claim.id)
    }
    return .claim(claim, id: id)
  }
}

/// Where captions of a cell's outputs come from: the cell's option goes to the first fitting output only.
struct CaptionSource {
  let cell: Cell
  let caption: [Inline]
  var isUsed = false
  /// Numbered outputs so far, by the prefix of their names.
  var used: [String: Int] = [:]

  init(cell: Cell, caption: [Inline]) {
    self.cell = cell
    self.caption = caption
  }

  /// Whether the label says that the caption belongs to another kind of output.
  func belongs(to prefix: String) -> Bool {
    guard let label = cell.options.label else { return true }
    let known = ["fig", "tbl", "aud"].first { label.hasPrefix($0 + "-") }
    return known == nil || known == prefix
  }
}

extension CellPlan.Part {
  /// What it is called where its author gives no name.
  fileprivate func name(number: Int) -> String {
    switch self {
    case .figure(let figure): figure.caption.label
    case .table(let table, let caption): table.title ?? caption.label
    case .audio(let players, let caption): players.count == 1 ? players[0].title : caption.label
    default: "Part \(number)"
    }
  }
}

extension Output {
  /// Whether it can be a panel of a figure.
  var isDrawing: Bool {
    switch self {
    case .figure, .picture: true
    default: false
    }
  }
}
