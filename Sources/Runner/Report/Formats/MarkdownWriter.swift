internal import Display
package import Notebook
package import Record

/// The report as GitHub-flavoured Markdown, with pictures beside it: the notebook's own text with results in place.
///
/// Its file is a README.md, which hosts of repositories show for the folder; pictures have a folder of their own, since
/// the page's files may bear the same names.
package struct MarkdownWriter: Sendable {
  package init() {}

  /// Folder of the pictures and sounds, beside the Markdown file.
  private static let folder = "README_files"

  /// - Parameters:
  ///   - notebook: the document.
  ///   - record: what its run left.
  ///   - slug: name of the folder that all paths begin with.
  /// - Returns: the Markdown file, then its pictures and sounds.
  package func write(_ notebook: Notebook, _ record: RunRecord, slug: String) -> [OutputFile] {
    var files: [OutputFile] = []
    let lines = SourceLines(notebook)
    var text = lines.beginsWithTitle ? "" : "# \(notebook.frontMatter.title)\n\n"
    if let abstract = notebook.frontMatter.abstract { text += "> \(abstract.squeezed())\n\n" }
    text += Self.claims(record.claims)
    var line = lines.bodyStart
    for (index, cell) in notebook.cells.enumerated() {
      text += lines.text(line..<cell.range.start.line, notebook, record)
      line = cell.range.end.line + 1
      guard cell.options.isIncluded, record.cells.indices.contains(index) else { continue }
      text += cellText(cell, record.cells[index], notebook, &files)
    }
    text += lines.text(line..<(lines.count + 1), notebook, record)
    files.insert(OutputFile(path: "README.md", text: text), at: 0)
    return files.map { OutputFile(path: "\(slug)/\($0.path)", bytes: $0.bytes) }
  }

  private static func claims(_ claims: [ClaimOutput]) -> String {
    guard !claims.isEmpty else { return "" }
    var text = "| Claim | Published | Measured | Verdict |\n| --- | --- | --- | --- |\n"
    for claim in claims {
      let cells = [claim.statement, claim.paperText ?? "–", claim.measuredText ?? "–", VerdictText.word(claim.verdict)]
      text += "| \(cells.map(escapedCell).joined(separator: " | ")) |\n"
    }
    return text + "\n"
  }

  static func escapedCell(_ text: String) -> String {
    text.squeezed(limit: 500).replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("<", with: "&lt;")
  }

  private func cellText(
    _ cell: Cell,
    _ result: CellResult,
    _ notebook: Notebook,
    _ files: inout [OutputFile]
  ) -> String {
    var text = ""
    let echo = cell.options.echo ?? notebook.frontMatter.execute.echo
    if echo != .hidden { text += Self.fenced(cell.code, language: "swift") }
    switch result.status {
    case .failed(let failure):
      let messages = failure.diagnostics.map { diagnostic in
        (diagnostic.range.map { "line \($0.start.line): " } ?? "") + diagnostic.message
      }
      text +=
        "**\(PageRenderer.phrase(for: failure.kind)).**\n\n"
        + Self.fenced(messages.joined(separator: "\n"), language: "text")
    case .skipped(let reason): text += "*Not run: \(reason).*\n\n"
    case .succeeded, .disabled: break
    }
    guard cell.options.output != .hidden else { return text }
    var number = 0
    for item in result.items {
      switch item {
      case .standardOutput(let output), .standardError(let output):
        text += Self.fenced(OutputText.shortened(output).text, language: "text")
      case .output(let output): text += self.output(output, cell: cell, &number, &files)
      }
    }
    return text
  }

  private func output(_ output: Output, cell: Cell, _ number: inout Int, _ files: inout [OutputFile]) -> String {
    number += 1
    let stem =
      (cell.options.label.map { Slug.make($0) } ?? "cell-\(cell.index + 1)") + (number == 1 ? "" : "-\(number)")
    func picture(_ bytes: [UInt8], _ file: String, _ alt: String) -> String {
      let name = "\(Self.folder)/\(file)"
      files.append(OutputFile(path: name, bytes: bytes))
      let caption = cell.options.caption.map { "\n\n*\($0.squeezed())*" } ?? ""
      return "![\(alt.squeezed().replacing("]", with: "\\]"))](\(name))\(caption)\n\n"
    }
    switch output {
    case .text(let text): return Self.fenced(OutputText.shortened(text).text, language: "text")
    case .figure(let figure):
      return figure.png.isEmpty
        ? picture(Array(SVGSieve.clean(figure.svg).utf8), "\(stem).svg", figure.altText)
        : picture(figure.png, "\(stem).png", figure.altText)
    case .picture(let image): return picture(image.png, "\(stem).png", image.altText)
    case .table(let table): return MarkdownTableText.text(table, caption: cell.options.caption)
    case .audio(let audio):
      files.append(OutputFile(path: "\(Self.folder)/\(stem).wav", bytes: audio.wav))
      return "[\(audio.title)](\(Self.folder)/\(stem).wav): \(audio.description.squeezed())\n\n"
    case .math(let tex): return "$$\n\(tex)\n$$\n\n"
    case .markdown(let source): return source + "\n\n"
    case .html(let source): return HTMLSieve.clean(source).html + "\n\n"
    case .claim(let claim):
      return "**Claim \(claim.id).** \(claim.statement): **\(VerdictText.word(claim.verdict))**"
        + (claim.measuredText.map { " (measured \($0)\(claim.paperText.map { ", published \($0)" } ?? ""))" } ?? "")
        + "\n\n"
    case .group(let outputs):
      return outputs.map { self.output($0, cell: cell, &number, &files) }.joined()
    }
  }

  /// A fence longer than any run of back-ticks in the text.
  static func fenced(_ text: String, language: String) -> String {
    var longest = 2
    for run in text.split(whereSeparator: { $0 != "`" }) { longest = max(longest, run.count) }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)\(language)\n\(text.hasSuffix("\n") ? String(text.dropLast()) : text)\n\(fence)\n\n"
  }
}

/// A table of data in Markdown.
enum MarkdownTableText {
  static func text(_ table: TableOutput, caption: String?) -> String {
    let count = table.rowCount
    let isCut = !table.showsAllRows && count > PageLimits.tableRows || count > PageLimits.allRows
    let rows =
      isCut
      ? Array(0..<PageLimits.tableHead) + Array((count - PageLimits.tableTail)..<count) : Array(0..<count)
    let columns = Array(table.columns.prefix(PageLimits.columns))
    var text = (caption ?? table.title).map { "*\($0.squeezed())*\n\n" } ?? ""
    let names = columns.map { column in column.unit.map { "\(column.name) (\($0))" } ?? column.name }
    text += "| " + names.map(MarkdownWriter.escapedCell).joined(separator: " | ") + " |\n"
    text += "|" + columns.map { $0.isNumeric ? " ---: |" : " --- |" }.joined() + "\n"
    for (index, row) in rows.enumerated() {
      if isCut, index == PageLimits.tableHead {
        text +=
          "| … \(count - PageLimits.tableHead - PageLimits.tableTail) rows more"
          + columns.dropFirst().map { _ in " |" }.joined() + " |\n"
      }
      text += "| " + columns.map { MarkdownWriter.escapedCell(cell($0, row)) }.joined(separator: " | ") + " |\n"
    }
    return text + "\n"
  }

  static func cell(_ column: TableColumn, _ row: Int) -> String {
    guard row < column.values.count else { return "–" }
    switch column.values {
    case .numbers(let values): return column.format.string(values[row])
    case .integers(let values): return String(values[row])
    case .texts(let values): return values[row] ?? "–"
    case .flags(let values): return values[row] ? "yes" : "no"
    }
  }
}

/// The lines of a notebook below its front matter, with inline expressions replaced by their values.
struct SourceLines {
  private let lines: [Substring]
  /// Line on which the text begins, counted from 1.
  let bodyStart: Int
  /// Whether the first heading is the title, which then need not be written again.
  let beginsWithTitle: Bool

  init(_ notebook: Notebook) {
    lines = notebook.source.split(omittingEmptySubsequences: false) { $0.isNewline }
    var start = 1
    if let first = lines.first, first.filter({ $0 != "\u{FEFF}" }) == "---",
      let end = lines.dropFirst().firstIndex(where: { $0 == "---" || $0 == "..." })
    {
      start = end + 2
    }
    bodyStart = start
    beginsWithTitle = Planner.body(of: notebook).count < notebook.blocks.count
  }

  var count: Int { lines.count }

  /// The range with the back-ticks around it: a value is text, not code.
  private static func withTicks(_ range: Range<String.Index>, in line: String) -> Range<String.Index> {
    var range = range
    while range.lowerBound > line.startIndex, range.upperBound < line.endIndex,
      line[line.index(before: range.lowerBound)] == "`", line[range.upperBound] == "`"
    {
      range = line.index(before: range.lowerBound)..<line.index(after: range.upperBound)
    }
    return range
  }

  func text(_ range: Range<Int>, _ notebook: Notebook, _ record: RunRecord) -> String {
    let range = range.clamped(to: 1..<(lines.count + 1))
    var text = ""
    for number in range {
      var line = String(lines[number - 1])
      let inLine = notebook.expressions.filter { $0.range.start.line == number }
      // From the right, so that earlier columns stay true.
      for expression in inLine.sorted(by: { $0.range.start.column > $1.range.start.column }) {
        guard record.expressions.indices.contains(expression.index),
          case .value(let value, _) = record.expressions[expression.index],
          expression.range.end.line == number,
          let start = line.index(
            line.startIndex,
            offsetBy: expression.range.start.column - 1,
            limitedBy: line.endIndex
          ),
          let end = line.index(line.startIndex, offsetBy: expression.range.end.column - 1, limitedBy: line.endIndex),
          start < end
        else { continue }
        line.replaceSubrange(Self.withTicks(start..<end, in: line), with: value)
      }
      text += line + "\n"
    }
    return text
  }
}
