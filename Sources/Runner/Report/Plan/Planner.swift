internal import Display
internal import Notebook
internal import Record

/// Walks a notebook and its record once and settles numbers and names.
struct Planner {
  let notebook: Notebook
  let record: RunRecord
  let parseMarkdown: (String) -> [Block]
  var plan = Plan()
  var diagnostics: [Diagnostic] = []
  var counts = Counts()
  private var shift = 0
  private var lastLevel = 1

  struct Counts {
    var figures = 0
    var tables = 0
    var audio = 0
    var equations = 0
  }

  init(notebook: Notebook, record: RunRecord, parseMarkdown: @escaping (String) -> [Block]) {
    self.notebook = notebook
    self.record = record
    self.parseMarkdown = parseMarkdown
  }

  /// The blocks without a first heading that only repeats the title.
  static func body(of notebook: Notebook) -> ArraySlice<Block> {
    if case .heading(_, let content, _)? = notebook.blocks.first?.kind,
      content.plainText.squeezed() == notebook.frontMatter.title.squeezed()
    {
      return notebook.blocks.dropFirst()
    }
    return notebook.blocks[...]
  }

  mutating func run() {
    let blocks = Self.body(of: notebook)
    let levels = blocks.compactMap { block -> Int? in
      guard case .heading(let level, _, _) = block.kind else { return nil }
      return level
    }
    shift = 2 - (levels.min() ?? 2)
    for (number, footnote) in notebook.footnotes.enumerated() { plan.footnoteNumbers[footnote.label] = number + 1 }
    for cell in notebook.cells {
      plan.cells.append(CellPlan(id: plan.names.take(Self.cellID(cell)), parts: []))
      let id = plan.cells[cell.index].id
      guard let label = cell.options.label else { continue }
      plan.anchors["cell-" + label] = .init(kind: .cell, id: id, number: "", title: "cell " + label)
    }
    for block in blocks { visit(block, depth: 0) }
    for footnote in notebook.footnotes {
      for block in footnote.blocks { visit(block, depth: 1) }
    }
    for name in Self.ownSections {
      plan.ownNames[name] = plan.names.take(name)
      for part in ["-h", "-c"] { _ = plan.names.take(plan.own(name) + part) }
    }
  }

  /// Sections that the page adds to the author's.
  private static let ownSections = [
    "abstract", "at-a-glance", "scale", "limitations", "deviations", "references", "notes", "how-to-cite", "provenance",
    "parameters", "cells", "downloads",
  ]

  static func cellID(_ cell: Cell) -> String {
    "cell-" + (cell.options.label.map(Slug.sanitize) ?? String(cell.index + 1))
  }

  // MARK: - Blocks

  mutating func visit(_ block: Block, depth: Int) {
    guard depth < PageLimits.nesting else { return }
    switch block.kind {
    case .heading(let level, let content, let id): visitHeading(level, content, id, opensSection: depth == 0)
    case .paragraph(let content): visit(content)
    case .blockQuote(let blocks): for block in blocks { visit(block, depth: depth + 1) }
    case .callout(let kind, let title, let content):
      visit(title)
      visitCallout(kind, title, content)
      for block in content { visit(block, depth: depth + 1) }
    case .list(let list):
      for item in list.items { for block in item.content { visit(block, depth: depth + 1) } }
    case .cell(let index): visitCell(index, depth: depth)
    case .table(let table): visitTable(table)
    case .math(_, let label): visitEquation(label)
    case .code, .html, .thematicBreak: break
    }
  }

  private mutating func visitHeading(_ level: Int, _ content: [Inline], _ id: String?, opensSection: Bool) {
    visit(content)
    // Levels never skip, and the page's title is the only heading of level 1.
    let pageLevel = min(max(level + shift, 2), lastLevel + 1, 6)
    if opensSection { lastLevel = pageLevel }
    let text = content.plainText.squeezed()
    let name = plan.names.take(id.map(Slug.sanitize) ?? Slug.make(text))
    _ = plan.names.take(name + "-h")
    plan.headings.append(
      .init(id: name, level: pageLevel, content: content, text: text, opensSection: opensSection)
    )
    let title = text.isEmpty ? "this section" : "“\(text)”"
    let anchor = Plan.Anchor(kind: .section, id: name, number: "", title: title)
    if let id { plan.anchors[id] = anchor }
    if plan.anchors["sec-" + name] == nil { plan.anchors["sec-" + name] = anchor }
  }

  private mutating func visitCallout(_ kind: Callout, _ title: [Inline], _ content: [Block]) {
    guard kind == .deviation || kind == .limitation else {
      plan.calloutIDs.append(plan.names.take(kind.rawValue))
      return
    }
    let list = kind == .deviation ? \Plan.deviations : \Plan.limitations
    let id = plan.names.take("\(kind.rawValue)-\(plan[keyPath: list].count + 1)")
    plan.calloutIDs.append(id)
    plan[keyPath: list].append(.init(id: id, title: title, content: content))
  }

  private mutating func visitTable(_ table: MarkdownTable) {
    for cell in table.header { visit(cell) }
    for row in table.rows { for cell in row { visit(cell) } }
    visit(table.caption ?? [])
    guard table.caption != nil || table.label != nil else {
      plan.tables.append(nil)
      return
    }
    counts.tables += 1
    let id = plan.names.take(table.label.map(Slug.sanitize) ?? "tbl-\(counts.tables)")
    let anchor = Plan.Anchor(kind: .table, id: id, number: "\(counts.tables)", title: "Table \(counts.tables)")
    plan.tables.append(anchor)
    if let label = table.label { plan.anchors[label] = anchor }
  }

  private mutating func visitEquation(_ label: String?) {
    guard let label else {
      plan.equations.append(nil)
      return
    }
    counts.equations += 1
    let id = plan.names.take(Slug.sanitize(label))
    let number = "\(counts.equations)"
    let anchor = Plan.Anchor(kind: .equation, id: id, number: number, title: "Equation (\(number))")
    plan.equations.append(anchor)
    plan.anchors[label] = anchor
  }

  // MARK: - Inlines

  mutating func visit(_ inlines: [Inline]) {
    for inline in inlines {
      switch inline.kind {
      case .emphasis(let content), .strong(let content), .strikethrough(let content): visit(content)
      case .link(let content, _, _): visit(content)
      case .image(let alt, _, _): visit(alt)
      case .citation(let items, _):
        for item in items where plan.citationNumbers[item.key] == nil {
          plan.citedKeys.append(item.key)
          plan.citationNumbers[item.key] = plan.citedKeys.count
        }
      default: break
      }
    }
  }
}

/// Sizes at which a page stops following what it is given.
enum PageLimits {
  /// Depth of lists and quotes inside each other.
  static let nesting = 40
  /// Characters of one line of a text output.
  static let lineLength = 2_000
  /// Lines of a text output: above `textLines`, the first and the last ones are shown.
  static let textLines = 40
  static let textHead = 20
  static let textTail = 10
  /// Lines of code that stay together on paper.
  static let unbrokenLines = 20
  /// Rows of a table: above `tableRows`, the first and the last ones are shown.
  static let tableRows = 50
  static let tableHead = 20
  static let tableTail = 5
  /// Rows of a table that asks for all of them.
  static let allRows = 2_000
  static let columns = 60
  /// Rows of the table behind a figure.
  static let dataRows = 100
  /// Characters of one formula.
  static let formula = 20_000
  /// Characters of one cell's code that are highlighted.
  static let code = 200_000
}
