internal import Notebook

extension PageRenderer {
  mutating func write(_ block: Block, depth: Int) {
    // Deeper than any reader follows: browsers cut such trees too, and in worse places.
    guard depth < PageLimits.nesting else { return }
    switch block.kind {
    case .heading: writeHeading()
    case .paragraph(let content): writeParagraph(content)
    case .blockQuote(let blocks):
      html += "<blockquote>\n"
      for block in blocks { write(block, depth: depth + 1) }
      html += "</blockquote>\n"
    case .callout(let kind, let title, let content): writeCallout(kind, title, content, depth: depth)
    case .list(let list): writeList(list, depth: depth)
    case .code(let code, let language): writeCode(code, language: language)
    case .cell(let index): writeCell(index, depth: depth)
    case .table(let table): writeMarkdownTable(table)
    case .math(let tex, _): writeEquation(tex, range: block.range)
    case .html(let source): writeHTML(source, range: block.range)
    case .thematicBreak: html += "<hr>\n"
    }
  }

  // MARK: - Headings and sections

  private mutating func writeHeading() {
    guard plan.headings.indices.contains(cursor.heading) else { return }
    let heading = plan.headings[cursor.heading]
    cursor.heading += 1
    let content = inlines(heading.content)
    let link = "<a class=\"permalink\" href=\"#\(heading.id)\" aria-label=\"Link to \(heading.text.escaped)\">#</a>"
    guard heading.opensSection else {
      html += "<h\(heading.level) id=\"\(heading.id)\">\(content) \(link)</h\(heading.level)>\n"
      return
    }
    closeSections(downTo: heading.level)
    openSections.append(heading.level)
    endSearchSection()
    searchSections.append(SearchSection(id: heading.id, title: heading.text, text: ""))
    // A second section of the same name would be a landmark that cannot be told from the first.
    let isNamed = sectionTitles.insert(heading.text).inserted
    html += "<section id=\"\(heading.id)\"\(isNamed ? " aria-labelledby=\"\(heading.id)-h\"" : "")>\n"
    html += "<h\(heading.level) id=\"\(heading.id)-h\">\(content) \(link)</h\(heading.level)>\n"
  }

  /// Closes the open sections of this level and below.
  mutating func closeSections(downTo level: Int) {
    while let last = openSections.last, last >= level {
      openSections.removeLast()
      html += "</section>\n"
    }
  }

  // MARK: - Text

  private mutating func writeParagraph(_ content: [Inline]) {
    if content.count == 1, case .image(let alt, let source, let title) = content[0].kind {
      writeImageFigure(alt: alt, source: source, title: title, range: content[0].range)
      return
    }
    addSearchText(content.plainText)
    html += "<p>\(inlines(content))</p>\n"
  }

  private mutating func writeList(_ list: List, depth: Int) {
    let isTaskList = list.items.contains { $0.isChecked != nil }
    let tag = list.start == nil ? "ul" : "ol"
    html += "<\(tag)"
    if let start = list.start, start != 1 { html += " start=\"\(start)\"" }
    if isTaskList { html += " class=\"tasks\"" }
    html += ">\n"
    for item in list.items {
      html += "<li>"
      if let isChecked = item.isChecked {
        // A mark and a word: a disabled checkbox would be a control that does nothing.
        html +=
          isChecked
          ? "<span class=\"task done\">✓<span class=\"vh\"> done:</span></span> "
          : "<span class=\"task\">○<span class=\"vh\"> open:</span></span> "
      }
      for block in item.content {
        if list.isTight, case .paragraph(let content) = block.kind {
          addSearchText(content.plainText)
          html += inlines(content)
        } else {
          write(block, depth: depth + 1)
        }
      }
      html += "</li>\n"
    }
    html += "</\(tag)>\n"
  }

  private mutating func writeCallout(_ kind: Callout, _ title: [Inline], _ content: [Block], depth: Int) {
    let titleText = inlines(title)
    let id = plan.calloutIDs.indices.contains(cursor.callout) ? plan.calloutIDs[cursor.callout] : kind.rawValue
    cursor.callout += 1
    let word = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
    html += "<aside role=\"note\" class=\"callout \(kind.rawValue)\" id=\"\(id)\" aria-labelledby=\"\(id)-t\">\n"
    html += "<p class=\"callout-title\" id=\"\(id)-t\"><b>\(word)</b>"
    if !titleText.isEmpty { html += "<span class=\"vh\">:</span> \(titleText)" }
    html += "</p>\n"
    for block in content { write(block, depth: depth + 1) }
    html += "</aside>\n"
  }

  // MARK: - Tables

  private mutating func writeMarkdownTable(_ table: MarkdownTable) {
    let header = table.header.map { inlines($0) }
    let rows = table.rows.map { row in row.map { inlines($0) } }
    let caption = table.caption.map { inlines($0) }
    let anchor = plan.tables.indices.contains(cursor.table) ? plan.tables[cursor.table] : nil
    cursor.table += 1
    for row in table.rows { for cell in row { addSearchText(cell.plainText) } }
    let widths = table.header.indices.map { column in
      ([table.header] + table.rows).map {
        $0.indices.contains(column) ? TableLayout.longestWord($0[column].plainText) : 0
      }.max() ?? 0
    }
    let isWide = TableLayout.canOverflow(widths)
    if let anchor { html += "<div class=\"table\" id=\"\(anchor.id)\">\n" }
    if isWide { html += openScroll(label: anchor.map { "aria-labelledby=\"\($0.id)-c\"" } ?? "aria-label=\"Table\"") }
    html += "<table>\n"
    if let anchor {
      html += "<caption id=\"\(anchor.id)-c\"><b>\(anchor.title).</b> \(caption ?? "")</caption>\n"
    }
    html += "<thead><tr>"
    for (column, cell) in header.enumerated() {
      // A heading without text would be announced as nothing: such a cell is an ordinary one.
      let style = alignment(table, column)
      html += cell.isEmpty ? "<td></td>" : "<th scope=\"col\"\(style)>\(cell)</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for row in rows {
      html += "<tr>"
      for column in header.indices {
        html += "<td\(alignment(table, column))>\(row.indices.contains(column) ? row[column] : "")</td>"
      }
      html += "</tr>\n"
    }
    html += "</tbody></table>\n"
    if isWide { html += "</div>\n" }
    if anchor != nil { html += "</div>\n" }
  }

  private func alignment(_ table: MarkdownTable, _ column: Int) -> String {
    guard table.alignments.indices.contains(column) else { return "" }
    switch table.alignments[column] {
    case .natural, .left: return ""
    case .center: return " class=\"center\""
    case .right: return " class=\"num\""
    }
  }

  /// Opens a box that scrolls sideways by itself and can be reached by keyboard.
  func openScroll(label: String, isWide: Bool = false) -> String {
    "<div class=\"scroll\(isWide ? " wide" : "")\" tabindex=\"0\" role=\"region\" \(label)>\n"
  }

  // MARK: - Formulas and raw HTML

  private mutating func writeEquation(_ tex: String, range: SourceRange) {
    let anchor = plan.equations.indices.contains(cursor.equation) ? plan.equations[cursor.equation] : nil
    cursor.equation += 1
    let formula = mathML(tex, isDisplay: true, range: range)
    guard let anchor else {
      html += "<div class=\"equation\"><div class=\"formula\" tabindex=\"0\">\(formula)</div></div>\n"
      return
    }
    html += "<div class=\"equation\" id=\"\(anchor.id)\"><div class=\"formula\" tabindex=\"0\">\(formula)</div>"
    html += "<a class=\"number\" href=\"#\(anchor.id)\" aria-label=\"\(anchor.title)\">(\(anchor.number))</a></div>\n"
  }

  mutating func writeHTML(_ source: String, range: SourceRange?) {
    guard !options.isTrusted else {
      html += source + "\n"
      return
    }
    let sieved = HTMLSieve.clean(source)
    if !sieved.removed.isEmpty {
      warn(
        range,
        "HTML removed: \(sieved.removed.sorted().joined(separator: ", "))",
        remedy: "Allow raw HTML for this site only when you trust the notebook."
      )
    }
    html += "<div class=\"html\">\(sieved.html)</div>\n"
  }
}
