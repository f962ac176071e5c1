internal import CCMarkGFM

/// Parses the prose of a notebook: formulas out, cmark-gfm over the rest, its nodes turned into values.
///
/// This file and `MarkdownReader+Inlines` are the only ones that know of cmark; its nodes never leave them.
struct MarkdownReader {
  struct Document {
    var blocks: [Block]
    var cells: [Cell]
    var expressions: [InlineExpression]
    var footnotes: [Footnote]
    var diagnostics: [Diagnostic]
  }

  typealias Node = OpaquePointer

  /// Deeper nesting than any text needs; the tree is walked recursively.
  static let deepestNesting = 100

  let source: SourceText
  let shield: MathShield
  private let displayedFormulas: [SourceRange: MathShield.Formula]
  let runsCells: Bool
  var cells: [Cell] = []
  var expressions: [InlineExpression] = []
  var footnotes: [Footnote] = []
  var diagnostics: [Diagnostic] = []
  var depth = 0

  private static let registered: Void = cmark_gfm_core_extensions_ensure_registered()

  /// Parses a text from a line on.
  static func read(
    _ source: SourceText,
    from firstLine: Int,
    runsCells: Bool = true
  ) throws(NotebookError) -> Document {
    _ = registered
    let shield = MathShield(source, from: firstLine)
    try TableLimits.check(shield.lines, source)
    var reader = MarkdownReader(source: source, shield: shield, runsCells: runsCells)
    reader.diagnostics = shield.diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      diagnostic.file = source.path
      return diagnostic
    }
    let blocks = reader.parse()
    if reader.diagnostics.contains(where: { $0.severity == .error }) { throw NotebookError(reader.diagnostics) }
    return Document(
      blocks: blocks,
      cells: reader.cells,
      expressions: reader.expressions,
      footnotes: reader.footnotes,
      diagnostics: reader.diagnostics
    )
  }

  private init(source: SourceText, shield: MathShield, runsCells: Bool) {
    self.source = source
    self.shield = shield
    displayedFormulas = shield.displayed
    self.runsCells = runsCells
  }

  private mutating func parse() -> [Block] {
    let options = CMARK_OPT_DEFAULT | CMARK_OPT_FOOTNOTES | CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_FULL_INFO_STRING
    guard let parser = cmark_parser_new(options) else { return [] }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough", "autolink", "tasklist"] {
      if let syntax = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, syntax) }
    }
    var text = shield.lines.joined(separator: "\n")
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
    }
    guard let root = cmark_parser_finish(parser) else { return [] }
    defer { cmark_node_free(root) }
    cmark_consolidate_text_nodes(root)
    return blocks(of: root)
  }

  mutating func blocks(of parent: Node) -> [Block] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestNesting else {
      if diagnostics.last?.message.hasPrefix("nested") != true {
        diagnostics.append(
          source.error(
            line: max(1, Int(cmark_node_get_start_line(parent))),
            "nested more than \(Self.deepestNesting) levels deep",
            remedy: "flatten the lists and quotes here"
          )
        )
      }
      return []
    }
    var result: [Block] = []
    for node in children(of: parent) { append(node, to: &result) }
    return result
  }

  func children(of parent: Node) -> [Node] {
    var result: [Node] = []
    var next = cmark_node_first_child(parent)
    while let node = next {
      result.append(node)
      next = cmark_node_next(node)
    }
    return result
  }

  func range(of node: Node) -> SourceRange {
    let end = source.location(
      line: Int(cmark_node_get_end_line(node)),
      byteColumn: Int(cmark_node_get_end_column(node))
    )
    return SourceRange(
      source.location(line: Int(cmark_node_get_start_line(node)), byteColumn: Int(cmark_node_get_start_column(node))),
      SourceLocation(line: end.line, column: end.column + 1)
    )
  }

  /// Name of a node's type; cmark has none for footnotes.
  func type(of node: Node) -> String {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_FOOTNOTE_DEFINITION: "footnote_definition"
    case CMARK_NODE_FOOTNOTE_REFERENCE: "footnote_reference"
    default: String(cString: cmark_node_get_type_string(node))
    }
  }

  func literal(of node: Node) -> String { cmark_node_get_literal(node).map { String(cString: $0) } ?? "" }

  private mutating func append(_ node: Node, to result: inout [Block]) {
    let range = range(of: node)
    switch type(of: node) {
    case "paragraph": appendParagraph(node, range, to: &result)
    case "heading":
      var content = inlines(of: node)
      let id = MarkdownReader.takeAttribute(&content)
      result.append(
        Block(.heading(level: Int(cmark_node_get_heading_level(node)), content: content, id: id), range: range)
      )
    case "code_block": result.append(codeBlock(node, range))
    case "block_quote": result.append(Block(quote(blocks(of: node)), range: range))
    case "list": result.append(Block(.list(list(node)), range: range))
    case "thematic_break": result.append(Block(.thematicBreak, range: range))
    case "html_block": result.append(Block(.html(shield.restored(literal(of: node))), range: range))
    case "table": result.append(Block(.table(table(node)), range: range))
    case "footnote_definition":
      footnotes.append(Footnote(label: String(footnotes.count + 1), blocks: blocks(of: node), range: range))
    default: result += blocks(of: node)
    }
  }

  private mutating func appendParagraph(_ node: Node, _ range: SourceRange, to result: inout [Block]) {
    let content = inlines(of: node)
    if case .table(var table)? = result.last?.kind, table.caption == nil,
      case .text(let text)? = content.first?.kind, text.hasPrefix(": ")
    {
      var caption = content
      caption[0].kind = .text(String(text.dropFirst(2)))
      table.label = Self.takeAttribute(&caption)
      table.caption = caption
      result[result.count - 1].kind = .table(table)
      return
    }
    result += splitDisplayMath(content, range)
  }

  /// A displayed formula is a block of its own, wherever it stands in a paragraph.
  private func splitDisplayMath(_ content: [Inline], _ range: SourceRange) -> [Block] {
    var result: [Block] = []
    var run: [Inline] = []
    func flush() -> [Block] {
      let trimmed = Self.trimmingBreaks(run)
      guard let first = trimmed.first, let last = trimmed.last else { return [] }
      return [Block(.paragraph(trimmed), range: SourceRange(first.range.start, last.range.end))]
    }
    var index = 0
    while index < content.count {
      if let formula = displayed(content[index]) {
        result += flush()
        run = []
        var label: String?
        if index + 1 < content.count, case .text(let text) = content[index + 1].kind,
          let match = text.prefixMatch(of: /\s*\{#([^\s}]+)\}\s*/)
        {
          label = String(match.1)
          let rest = text[match.range.upperBound...]
          if !rest.isEmpty { run.append(Inline(.text(String(rest)), range: content[index + 1].range)) }
          index += 1
        }
        result.append(Block(.math(tex: formula.tex, label: label), range: formula.range))
      } else {
        run.append(content[index])
      }
      index += 1
    }
    result += flush()
    return result.isEmpty
      ? []
      : (result.count == 1 && content.allSatisfy { displayed($0) == nil })
        ? [Block(result[0].kind, range: range)] : result
  }

  private func displayed(_ inline: Inline) -> MathShield.Formula? {
    guard case .math = inline.kind else { return nil }
    return displayedFormulas[inline.range]
  }

  private static func trimmingBreaks(_ inlines: [Inline]) -> [Inline] {
    func isBlank(_ inline: Inline) -> Bool {
      switch inline.kind {
      case .softBreak, .lineBreak: true
      case .text(let text): text.allSatisfy(\.isWhitespace)
      default: false
      }
    }
    let start = inlines.firstIndex { !isBlank($0) } ?? inlines.endIndex
    let end = inlines.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
    return Array(inlines[start..<max(start, end)])
  }

  private mutating func codeBlock(_ node: Node, _ range: SourceRange) -> Block {
    let info = cmark_node_get_fence_info(node).map { String(cString: $0) } ?? ""
    let text = shield.restored(literal(of: node))
    var fenceLength: Int32 = 0
    var fenceOffset: Int32 = 0
    var fenceCharacter: CChar = 0
    let isFenced = cmark_node_get_fenced(node, &fenceLength, &fenceOffset, &fenceCharacter) != 0
    guard isFenced, runsCells, CellReader.runs(info: info) else {
      let language = info.split(whereSeparator: \.isWhitespace).first.map(String.init)
      return Block(.code(text, language: language), range: range)
    }
    var reader = CellReader(source)
    let cell = reader.read(index: cells.count, literal: text, line: range.start.line + 1, range: range)
    diagnostics += reader.diagnostics
    cells.append(cell)
    return Block(.cell(cell.index), range: range)
  }

  private mutating func list(_ node: Node) -> List {
    var items: [List.Item] = []
    for item in children(of: node) {
      let isTask = type(of: item) == "tasklist"
      let isChecked: Bool? = isTask ? cmark_gfm_extensions_get_tasklist_item_checked(item) : nil
      items.append(List.Item(content: blocks(of: item), isChecked: isChecked, range: range(of: item)))
    }
    let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
    return List(
      items: items,
      start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
      isTight: cmark_node_get_list_tight(node) != 0
    )
  }

  private mutating func table(_ node: Node) -> MarkdownTable {
    var rows: [[[Inline]]] = []
    for row in children(of: node) {
      var cells: [[Inline]] = []
      for cell in children(of: row) { cells.append(inlines(of: cell)) }
      rows.append(cells)
    }
    let header = rows.isEmpty ? [] : rows.removeFirst()
    let count = Int(cmark_gfm_extensions_get_table_columns(node))
    let marks = cmark_gfm_extensions_get_table_alignments(node)
    let alignments = (0..<count).map { column -> MarkdownTable.Alignment in
      switch marks?[column] {
      case UInt8(ascii: "l"): .left
      case UInt8(ascii: "c"): .center
      case UInt8(ascii: "r"): .right
      default: .natural
      }
    }
    return MarkdownTable(header: header, rows: rows, alignments: alignments)
  }

  /// A quote that begins with `[!NOTE]` or its kin is a call-out.
  private mutating func quote(_ content: [Block]) -> Block.Kind {
    guard case .paragraph(let inlines)? = content.first?.kind, case .text(let text)? = inlines.first?.kind,
      let match = text.prefixMatch(of: /\[!([A-Za-z]+)\]\s*/)
    else { return .blockQuote(content) }
    guard let callout = Callout(rawValue: match.1.lowercased()) else {
      let known = Callout.allCases.map(\.rawValue)
      let nearest = nearestName(to: match.1.lowercased(), among: known).map { "; did you mean '\($0.uppercased())'?" }
      diagnostics.append(
        source.warning(
          inlines[0].range,
          "unknown call-out '\(match.1)'\(nearest ?? "") (known: \(known.map { $0.uppercased() }.joined(separator: ", ")))"
        )
      )
      return .blockQuote(content)
    }
    var rest = inlines
    rest[0].kind = .text(String(text[match.range.upperBound...]))
    if case .text("") = rest[0].kind { rest.removeFirst() }
    let titleEnd = rest.firstIndex { if case .softBreak = $0.kind { true } else { false } } ?? rest.endIndex
    let body = Self.trimmingBreaks(Array(rest[titleEnd...]))
    var blocks = Array(content.dropFirst())
    if let first = body.first, let last = body.last {
      blocks.insert(Block(.paragraph(body), range: SourceRange(first.range.start, last.range.end)), at: 0)
    }
    return .callout(callout, title: Array(rest[..<titleEnd]), content: blocks)
  }
}
