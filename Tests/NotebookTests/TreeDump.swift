import Notebook

/// A notebook's tree as indented text with places, for comparison with what a reader of CommonMark expects.
struct TreeDump {
  private var lines: [String] = []

  static func text(_ notebook: Notebook) -> String {
    var dump = TreeDump()
    dump.add(notebook.blocks, depth: 0)
    for footnote in notebook.footnotes {
      dump.line(0, "footnote \(footnote.label)", footnote.range)
      dump.add(footnote.blocks, depth: 1)
    }
    return dump.lines.joined(separator: "\n")
  }

  private mutating func line(_ depth: Int, _ text: String, _ range: SourceRange? = nil) {
    let place = range.map { " @\($0.start.line):\($0.start.column)" } ?? ""
    lines.append(String(repeating: "  ", count: depth) + text + place)
  }

  private mutating func add(_ blocks: [Block], depth: Int) { for block in blocks { add(block, depth) } }

  private mutating func add(_ block: Block, _ depth: Int) {
    switch block.kind {
    case .heading(let level, let content, let id):
      line(depth, "h\(level)\(id.map { " #\($0)" } ?? "") \(text(content))", block.range)
    case .paragraph(let content): line(depth, "p \(text(content))", block.range)
    case .blockQuote(let content):
      line(depth, "quote", block.range)
      add(content, depth: depth + 1)
    case .callout(let callout, let title, let content):
      line(depth, "callout \(callout.rawValue) \(text(title))", block.range)
      add(content, depth: depth + 1)
    case .list(let list):
      line(depth, "\(list.start.map { "ol \($0)" } ?? "ul")\(list.isTight ? " tight" : "")", block.range)
      for item in list.items {
        line(depth + 1, "li\(item.isChecked.map { $0 ? " [x]" : " [ ]" } ?? "")", item.range)
        add(item.content, depth: depth + 2)
      }
    case .code(let code, let language): line(depth, "code \(language ?? "-") \(code.debugDescription)", block.range)
    case .cell(let index): line(depth, "cell \(index)", block.range)
    case .table(let table):
      line(
        depth,
        "table \(table.alignments.map(\.rawValue)) \(table.label ?? "") \(table.caption.map(text) ?? "")",
        block.range
      )
      for row in [table.header] + table.rows { line(depth + 1, row.map(text).joined(separator: " | ")) }
    case .math(let tex, let label): line(depth, "math \(label ?? "-") \(tex.debugDescription)", block.range)
    case .html(let html): line(depth, "html \(html.debugDescription)", block.range)
    case .thematicBreak: line(depth, "hr", block.range)
    }
  }

  private func text(_ inlines: [Inline]) -> String { inlines.map(text).joined() }

  private func text(_ inline: Inline) -> String {
    switch inline.kind {
    case .text(let text): text
    case .emphasis(let content): "<em \(text(content))>"
    case .strong(let content): "<strong \(text(content))>"
    case .strikethrough(let content): "<del \(text(content))>"
    case .code(let code): "<code \(code)>"
    case .math(let tex): "<math \(tex) @\(inline.range.start.line):\(inline.range.start.column)>"
    case .link(let content, let destination, _): "<a \(destination) \(text(content))>"
    case .image(let alt, let source, _): "<img \(source) \(text(alt))>"
    case .html(let html): "<html \(html)>"
    case .softBreak: "⏎"
    case .lineBreak: "⏎⏎"
    case .footnote(let label): "<note \(label)>"
    case .value(let index): "<value \(index) @\(inline.range.start.line):\(inline.range.start.column)>"
    case .crossReference(let label): "<ref \(label) @\(inline.range.start.line):\(inline.range.start.column)>"
    case .citation(let items, let isBracketed):
      "<cite\(isBracketed ? "[]" : "") \(items.map { $0.key + ($0.suffix.map { "," + $0 } ?? "") }.joined(separator: ";"))>"
    }
  }
}
