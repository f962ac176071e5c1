internal import Display
internal import Notebook

/// A table of data as HTML: numbers aligned at their points, units in the heading, the best value marked.
struct TableLayout {
  enum Rows { case all, cut }

  private var columns: [Column] = []
  private var rowCount: Int
  /// Row after which rows are left out, and how many.
  private var gap: (after: Int, count: Int)?

  private struct Column {
    var heading: String
    var isNumeric: Bool
    var isRowLabel: Bool
    var cells: [String]

    /// Short names of rows stay on one line.
    var hasShortLabels: Bool { cells.allSatisfy { $0.utf8.count <= 18 } }
  }

  init(_ table: TableOutput, rows: Rows) {
    let count = table.rowCount
    var indices = Array(0..<min(count, PageLimits.allRows))
    let isCut = rows == .cut && count > PageLimits.tableRows || count > PageLimits.allRows
    if isCut {
      indices = Array(0..<PageLimits.tableHead) + Array((count - PageLimits.tableTail)..<count)
      gap = (PageLimits.tableHead, count - PageLimits.tableHead - PageLimits.tableTail)
    }
    rowCount = indices.count
    let labels = table.columns.firstIndex { $0.isRowLabel } ?? table.columns.firstIndex(where: \.isText)
    for (index, column) in table.columns.prefix(PageLimits.columns).enumerated() {
      columns.append(
        Column(
          heading: Self.heading(column),
          isNumeric: column.isNumeric,
          isRowLabel: index == labels && index == 0 || column.isRowLabel,
          cells: Self.cells(column, indices)
        )
      )
    }
  }

  /// What a long table holds, one row for each of its columns.
  init(statisticsOf table: TableOutput) {
    var rows: [(name: String, numbers: [Double])] = []
    for column in table.columns {
      switch column.values {
      case .numbers(let values): rows.append((Self.heading(column), values.filter { !$0.isNaN }))
      case .integers(let values): rows.append((Self.heading(column), values.map(Double.init)))
      case .texts, .flags: continue
      }
    }
    rowCount = rows.count
    let statistics: [(String, ([Double]) -> String)] = [
      ("count", { String($0.count) }), ("smallest", { $0.min().map(Self.number) ?? "–" }),
      ("mean", { $0.isEmpty ? "–" : Self.number($0.reduce(0, +) / Double($0.count)) }),
      ("largest", { $0.max().map(Self.number) ?? "–" }),
    ]
    columns = [Column(heading: "Column", isNumeric: false, isRowLabel: true, cells: rows.map(\.name))]
    for (name, body) in statistics {
      columns.append(Column(heading: name, isNumeric: true, isRowLabel: false, cells: rows.map { body($0.numbers) }))
    }
  }

  /// The table; `caption` is HTML.
  func html(caption: String, captionID: String, isSortable: Bool = false) -> String {
    // A table of numbers alone says so once, not in each cell.
    let isNumeric = columns.allSatisfy(\.isNumeric) && !columns.contains(where: \.isRowLabel)
    var html = "<table\(isNumeric ? " class=\"nums\"" : "")\(isSortable ? " data-sortable" : "")>\n"
    html += "<caption id=\"\(captionID)\">\(caption)</caption>\n<thead><tr>"
    for column in columns {
      html += "<th scope=\"col\"\(column.isNumeric && !isNumeric ? " class=\"num\"" : "")>\(column.heading)</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for row in 0..<rowCount {
      if let gap, row == gap.after {
        html += "<tr class=\"gap\"><td colspan=\"\(max(columns.count, 1))\">… \(gap.count) rows more</td></tr>\n"
      }
      html += "<tr>"
      for column in columns {
        let cell = column.cells[row]
        if column.isRowLabel, !cell.isEmpty {
          html += "<th scope=\"row\"\(column.hasShortLabels ? " class=\"nw\"" : "")>\(cell)</th>"
        } else {
          html += column.isNumeric && !isNumeric ? "<td class=\"num\">\(cell)</td>" : "<td>\(cell)</td>"
        }
      }
      html += "</tr>\n"
    }
    return html + "</tbody></table>\n"
  }

  /// Whether the table can be wider than the narrowest window.
  var canOverflow: Bool {
    Self.canOverflow(
      columns.map { column in
        let staysOnOneLine = column.isNumeric || column.isRowLabel && column.hasShortLabels
        return column.cells.reduce(Self.longestWord(column.heading)) { longest, cell in
          max(longest, staysOnOneLine ? cell.prefix { $0 != "<" }.count : Self.longestWord(cell))
        }
      }
    )
  }

  /// Whether it gains from the room of the margin.
  var isWide: Bool { columns.count > 5 || columns.contains { $0.cells.contains { $0.utf8.count > 60 } } }

  /// Texts wrap between words, so the longest word of each column counts, and its padding.
  static func canOverflow(_ widths: [Int]) -> Bool { widths.reduce(0) { $0 + $1 + 3 } > 28 }

  static func longestWord(_ text: String) -> Int {
    text.split { $0 == " " || $0 == "\n" }.reduce(0) { max($0, $1.count) }
  }

  var isCut: Bool { gap != nil }

  // MARK: - Cells

  private static func heading(_ column: TableColumn) -> String {
    let name = column.name.isEmpty ? "–" : column.name.squeezed(limit: 200)
    return column.unit.map { "\(name.escaped) <span class=\"unit\">(\($0.escaped))</span>" } ?? name.escaped
  }

  private static func cells(_ column: TableColumn, _ rows: [Int]) -> [String] {
    let missing = "–<span class=\"vh\"> not available</span>"
    let best = bestRow(column)
    func marked(_ text: String, _ row: Int) -> String {
      row == best ? "<b>\(text)</b><span class=\"vh\"> (best)</span>" : text
    }
    switch column.values {
    case .numbers(let values):
      let texts = rows.map { $0 < values.count && !values[$0].isNaN ? grouped(column.format.string(values[$0])) : nil }
      return zip(rows, aligned(texts)).map { row, text in text.map { marked($0, row) } ?? missing }
    case .integers(let values):
      return rows.map { $0 < values.count ? marked(grouped(String(values[$0])), $0) : missing }
    case .texts(let values):
      return rows.map { row in
        guard row < values.count, let text = values[row] else { return missing }
        // A value stays on one line with its spread.
        return text.squeezed(limit: 1_000).escaped.replacing(" ± ", with: "\u{a0}±\u{a0}")
      }
    case .flags(let values): return rows.map { $0 < values.count ? (values[$0] ? "yes" : "no") : missing }
    }
  }

  private static func bestRow(_ column: TableColumn) -> Int? {
    guard let best = column.best else { return nil }
    let numbers: [Double]
    switch column.values {
    case .numbers(let values): numbers = values
    case .integers(let values): numbers = values.map(Double.init)
    case .texts, .flags: return nil
    }
    let candidates = numbers.indices.filter { !numbers[$0].isNaN }
    return best == .highest
      ? candidates.max { numbers[$0] < numbers[$1] } : candidates.min { numbers[$0] < numbers[$1] }
  }

  private static func number(_ value: Double) -> String { grouped(NumberFormat.automatic.string(value)) }

  /// Thin spaces between groups of three from five digits on; a hyphen becomes the minus sign.
  static func grouped(_ text: String) -> String {
    let sign = text.first == "-" || text.first == "\u{2212}"
    let body = sign ? text.dropFirst() : text[...]
    let digits = body.prefix { $0.isNumber && $0.isASCII }
    var whole = String(digits)
    if digits.count > 4 {
      whole = ""
      for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { whole += "\u{202F}" }
        whole.append(digit)
      }
    }
    return (sign ? "\u{2212}" : "") + whole + body[digits.endIndex...]
  }

  /// Fills the decimals with figure spaces, so that the points of a column stand under each other.
  private static func aligned(_ texts: [String?]) -> [String?] {
    func decimals(_ text: String) -> Int? {
      guard text.allSatisfy({ $0.isNumber || $0 == "." || $0 == "\u{2212}" || $0 == "\u{202F}" }) else { return nil }
      guard let point = text.firstIndex(of: ".") else { return -1 }
      return text.distance(from: point, to: text.endIndex) - 1
    }
    let counts = texts.map { $0.flatMap(decimals) }
    guard let most = counts.compactMap({ $0 }).max(), most > 0 else { return texts }
    return zip(texts, counts).map { text, count in
      guard let text, let count, count < most else { return text }
      // U+2008 is as wide as a point, U+2007 as a digit.
      return text + (count < 0 ? "\u{2008}" : "") + String(repeating: "\u{2007}", count: most - max(count, 0))
    }
  }
}

extension TableColumn {
  var isNumeric: Bool {
    switch values {
    case .numbers, .integers: true
    case .texts, .flags: false
    }
  }

  var isText: Bool {
    if case .texts = values { true } else { false }
  }
}

extension PageRenderer {
  mutating func writeTable(_ table: TableOutput, _ caption: Caption) {
    let text = inlines(caption.text)
    addSearchText(caption.text.plainText)
    for column in table.columns { addSearchText(column.name) }
    let layout = TableLayout(table, rows: table.showsAllRows ? .all : .cut)
    let path = store("\(Slug.make(caption.id)).csv", CSV.bytes(table))
    addDownload(caption.label, path)
    html += "<div class=\"table\" id=\"\(caption.id)\">\n"
    if layout.canOverflow {
      html += openScroll(label: "aria-labelledby=\"\(caption.id)-caption\"", isWide: layout.isWide)
    }
    html += layout.html(
      caption: "<a class=\"label\" href=\"#\(caption.id)\">\(caption.label).</a> \(text)",
      captionID: "\(caption.id)-caption",
      isSortable: !layout.isCut && table.rowCount > 2
    )
    if layout.canOverflow { html += "</div>\n" }
    if !options.isSelfContained {
      html += "<p class=\"data\"><a href=\"\(path.escaped)\">\(path.escaped)</a> "
      html += "(\(TableLayout.grouped(String(table.rowCount))) row\(table.rowCount == 1 ? "" : "s"))</p>\n"
    }
    html += "</div>\n"
  }
}
