internal import CCMarkGFM

extension MarkdownReader {
  /// The inline content of a node, with formulas, references, citations and inline expressions recognised.
  mutating func inlines(of parent: Node) -> [Inline] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestNesting else { return [] }
    var result: [Inline] = []
    for node in children(of: parent) { append(inline: node, to: &result) }
    return withoutFormulaTails(result)
  }

  private mutating func append(inline node: Node, to result: inout [Inline]) {
    let range = range(of: node)
    func destination() -> String { cmark_node_get_url(node).map { shield.restored(String(cString: $0)) } ?? "" }
    func title() -> String? {
      let title = cmark_node_get_title(node).map { shield.restored(String(cString: $0)) }
      return title?.isEmpty == false ? title : nil
    }
    switch type(of: node) {
    case "text": result += InlineScanner(shield: shield).scan(literal(of: node), range)
    case "softbreak": result.append(Inline(.softBreak, range: range))
    case "linebreak": result.append(Inline(.lineBreak, range: range))
    case "code": result.append(code(shield.restored(literal(of: node)), range))
    case "html_inline": result.append(Inline(.html(shield.restored(literal(of: node))), range: range))
    case "emph": result.append(Inline(.emphasis(inlines(of: node)), range: range))
    case "strong": result.append(Inline(.strong(inlines(of: node)), range: range))
    case "strikethrough": result.append(Inline(.strikethrough(inlines(of: node)), range: range))
    case "link":
      result.append(Inline(.link(content: inlines(of: node), destination: destination(), title: title()), range: range))
    case "image":
      result.append(Inline(.image(alt: inlines(of: node), source: destination(), title: title()), range: range))
    case "footnote_reference": result.append(Inline(.footnote(label: literal(of: node)), range: range))
    default: result += inlines(of: node)
    }
  }

  /// A code span that begins with `{swift}` is an inline expression.
  private mutating func code(_ text: String, _ range: SourceRange) -> Inline {
    guard runsCells, text.hasPrefix("{swift}") else { return Inline(.code(text), range: range) }
    let code = text.dropFirst("{swift}".count).drop(while: \.isWhitespace)
    guard code.contains(where: { !$0.isWhitespace }) else {
      diagnostics.append(
        source.error(
          line: range.start.line,
          column: range.start.column,
          "the inline expression is empty",
          remedy: "write an expression behind '{swift}'"
        )
      )
      return Inline(.code(text), range: range)
    }
    let index = expressions.count
    expressions.append(InlineExpression(index: index, code: String(code), range: range))
    return Inline(.value(index), range: range)
  }

  /// Drops the line breaks inside formulas that span several lines.
  private func withoutFormulaTails(_ inlines: [Inline]) -> [Inline] {
    var result: [Inline] = []
    for inline in inlines {
      if case .text(let text) = inline.kind, text.hasPrefix(String(MathShield.filler)) {
        if case .softBreak? = result.last?.kind { result.removeLast() }
        let rest = text.drop { $0 == MathShield.filler }
        if !rest.isEmpty { result.append(Inline(.text(String(rest)), range: inline.range)) }
      } else {
        result.append(inline)
      }
    }
    return result
  }

  /// Takes a trailing `{#id}` off a heading or caption.
  static func takeAttribute(_ content: inout [Inline]) -> String? {
    guard case .text(let text)? = content.last?.kind, let match = text.firstMatch(of: /\s*\{#([^\s}]+)\}\s*$/) else {
      return nil
    }
    let rest = String(text[..<match.range.lowerBound])
    if rest.isEmpty { content.removeLast() } else { content[content.count - 1].kind = .text(rest) }
    return String(match.1)
  }
}
