internal import Display
internal import Notebook
internal import Record

extension PageRenderer {
  mutating func writeParts(_ parts: [CellPlan.Part], cell: Cell, depth: Int) {
    if !plan.cells[cell.index].tabs.isEmpty {
      writeTabs(parts, cell: cell, depth: depth)
      return
    }
    let columns = min(max(cell.options.layout?.columnCount ?? 1, 1), 6)
    let showable = parts.filter(\.isLaidOut).count
    let isGrid = columns > 1 && showable > 1
    if isGrid { html += "<div class=\"columns\" style=\"--columns:\(columns)\">\n" }
    for part in parts where !isGrid || part.isLaidOut {
      if isGrid { html += "<div>\n" }
      write(part, cell: cell, depth: depth)
      if isGrid { html += "</div>\n" }
    }
    if isGrid {
      html += "</div>\n"
      for part in parts where !part.isLaidOut { write(part, cell: cell, depth: depth) }
    }
  }

  /// Headed sections one below the other; a script turns them into tabs.
  private mutating func writeTabs(_ parts: [CellPlan.Part], cell: Cell, depth: Int) {
    let level = min((openSections.last ?? 1) + 1, 6)
    html += "<div class=\"tabs\">\n"
    for (part, tab) in zip(parts.filter(\.isLaidOut), plan.cells[cell.index].tabs) {
      html += "<section id=\"\(tab.id)\">\n<h\(level) class=\"tab-title\">\(tab.title.escaped)</h\(level)>\n"
      write(part, cell: cell, depth: depth)
      html += "</section>\n"
    }
    html += "</div>\n"
    for part in parts where !part.isLaidOut { write(part, cell: cell, depth: depth) }
  }

  private mutating func write(_ part: CellPlan.Part, cell: Cell, depth: Int) {
    switch part {
    case .text(let text): writeText(text, label: "Value", cell: cell)
    case .standardOutput(let text): writeText(text, label: "Output", cell: cell)
    case .standardError(let text): writeText(text, label: "Log", cell: cell)
    case .figure(let figure): writeFigure(figure, cell: cell)
    case .table(let table, let caption): writeTable(table, caption)
    case .audio(let players, let caption): writeAudio(players, caption)
    case .math(let tex):
      let formula = mathML(tex, isDisplay: true, range: cell.range)
      html += "<div class=\"equation\"><div class=\"formula\" tabindex=\"0\">\(formula)</div></div>\n"
    case .markdown(let blocks): for block in blocks { write(block, depth: depth + 1) }
    case .html(let source): writeHTML(source, range: cell.range)
    case .claim(let claim, let id): writeClaim(claim, id: id)
    case .group(let parts): for part in parts { write(part, cell: cell, depth: depth) }
    }
  }

  /// Text in its own box; long texts show their beginning and end, and the whole stands in a file.
  private mutating func writeText(_ text: String, label: String, cell: Cell) {
    var text = text
    while text.last == "\n" { text.removeLast() }
    guard !text.isEmpty else { return }
    let shown = OutputText.shortened(text)
    addSearchText(shown.text.squeezed(limit: 2_000))
    html += "<div class=\"output \(label.lowercased())\"><span class=\"label\">\(label)</span>\n"
    html += "<pre tabindex=\"0\">\(ANSI.html(shown.text))</pre>\n"
    if shown.isShortened, text.utf8.count <= OutputText.fileLimit {
      let path = store("\(fileStem(cell))-\(label.lowercased()).txt", Array(text.utf8))
      if !options.isSelfContained { html += "<p class=\"data\"><a href=\"\(path.escaped)\">Whole text</a></p>\n" }
    }
    html += "</div>\n"
  }

  func fileStem(_ cell: Cell) -> String {
    cell.options.label.map { Slug.make($0) } ?? "cell-\(cell.index + 1)"
  }
}

extension CellPlan.Part {
  /// Whether it takes a place in a grid or behind a tab; text goes below.
  var isLaidOut: Bool {
    switch self {
    case .standardOutput, .standardError, .text: false
    default: true
    }
  }
}

/// Texts that programs print, cut to what a reader can take in.
enum OutputText {
  /// Bytes of text that are kept in a file beside the page.
  static let fileLimit = 4 << 20

  static func shortened(_ text: String) -> (text: String, isShortened: Bool) {
    var isShortened = false
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.count > PageLimits.textLines {
      let left = lines.count - PageLimits.textHead - PageLimits.textTail
      let head = lines.prefix(PageLimits.textHead)
      lines = head + ["… \(left) lines more …"] + lines.suffix(PageLimits.textTail)
      isShortened = true
    }
    let cut = lines.map { line -> Substring in
      guard line.utf8.count > PageLimits.lineLength else { return line }
      let head = line.prefix(PageLimits.lineLength)
      guard head.endIndex < line.endIndex else { return line }
      isShortened = true
      return head + "… (line cut)"
    }
    return (isShortened ? cut.joined(separator: "\n") : text, isShortened)
  }
}

/// Colours of terminals as classes of the style sheet.
enum ANSI {
  static func html(_ text: String) -> String {
    guard text.utf8.contains(0x1B) else { return CodeText.visible(text) }
    var result = ""
    var isOpen = false
    for (index, part) in text.split(separator: "\u{1B}", omittingEmptySubsequences: false).enumerated() {
      guard index > 0, part.first == "[" else {
        result += CodeText.visible(part)
        continue
      }
      let body = part.dropFirst()
      guard let end = body.firstIndex(where: { ("@"..."~").contains($0) }) else { continue }
      if body[end] == "m" {
        if isOpen { result += "</span>" }
        let style = style(body[..<end])
        isOpen = style != nil
        if let style { result += "<span class=\"\(style)\">" }
      }
      result += CodeText.visible(body[body.index(after: end)...])
    }
    return isOpen ? result + "</span>" : result
  }

  private static func style(_ codes: Substring) -> String? {
    var classes: [String] = []
    for code in codes.split(separator: ";") {
      switch Int(code) {
      case 1: classes.append("bold")
      case 31, 91: classes.append("red")
      case 32, 92: classes.append("green")
      case 33, 93: classes.append("amber")
      case 34, 94, 36, 96: classes.append("blue")
      case 35, 95: classes.append("purple")
      case 2, 90: classes.append("muted")
      default: continue
      }
    }
    return classes.isEmpty ? nil : classes.joined(separator: " ")
  }
}
