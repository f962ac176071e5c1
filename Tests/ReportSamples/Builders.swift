package import Notebook

/// Short forms for building documents by hand: a place is given only where a test looks at it.
package func at(_ line: Int, _ column: Int = 1) -> SourceRange { SourceRange(line: line, column: column) }

package func text(_ text: String, line: Int = 1, column: Int = 1) -> Inline {
  Inline(.text(text), range: at(line, column))
}
package func em(_ content: String) -> Inline { Inline(.emphasis([text(content)]), range: at(1)) }
package func strong(_ content: String) -> Inline { Inline(.strong([text(content)]), range: at(1)) }
package func code(_ content: String) -> Inline { Inline(.code(content), range: at(1)) }
package func math(_ tex: String, line: Int = 1) -> Inline { Inline(.math(tex: tex), range: at(line)) }
package func ref(_ label: String, line: Int = 1) -> Inline { Inline(.crossReference(label: label), range: at(line)) }
package func note(_ label: String) -> Inline { Inline(.footnote(label: label), range: at(1)) }
package func value(_ index: Int) -> Inline { Inline(.value(index), range: at(1)) }
package func link(_ content: String, _ destination: String, line: Int = 1) -> Inline {
  Inline(.link(content: [text(content)], destination: destination, title: nil), range: at(line))
}
package func cite(_ keys: String..., suffix: String? = nil, bracketed: Bool = true) -> Inline {
  Inline(.citation(keys.map { CitationItem(key: $0, suffix: suffix) }, isBracketed: bracketed), range: at(1))
}

package func heading(_ level: Int, _ title: String, id: String? = nil) -> Block {
  Block(.heading(level: level, content: [text(title)], id: id), range: at(1))
}
package func paragraph(_ content: Inline...) -> Block { Block(.paragraph(content), range: at(1)) }
package func cellBlock(_ index: Int) -> Block { Block(.cell(index), range: at(1)) }
package func callout(_ kind: Callout, _ title: String, _ content: Block...) -> Block {
  Block(.callout(kind, title: title.isEmpty ? [] : [text(title)], content: content), range: at(1))
}
package func bullets(_ items: [Block]..., start: Int? = nil, tight: Bool = true, checked: Bool? = nil) -> Block {
  let items = items.map { List.Item(content: $0, isChecked: checked, range: at(1)) }
  return Block(.list(List(items: items, start: start, isTight: tight)), range: at(1))
}

/// Markdown as the samples need it: paragraphs apart by blank lines, headings by "#", `*emphasis*`.
package func parseSampleMarkdown(_ source: String) -> [Block] {
  source.split(separator: "\n\n").map { part in
    let level = part.prefix { $0 == "#" }.count
    if (1...6).contains(level) {
      return Block(
        .heading(level: level, content: [text(String(part.drop { $0 == "#" || $0 == " " }))], id: nil),
        range: at(0)
      )
    }
    let pieces = part.split(separator: "*", omittingEmptySubsequences: false)
    let inlines = pieces.enumerated().filter { !$1.isEmpty }.map { index, piece in
      index % 2 == 1 && index < pieces.count - 1 ? em(String(piece)) : Inline(.text(String(piece)), range: at(0))
    }
    return Block(.paragraph(inlines), range: at(0))
  }
}
