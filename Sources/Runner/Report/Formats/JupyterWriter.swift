internal import Display
package import Notebook
package import Record

/// The report as a Jupyter notebook (format 4.5) with its outputs, for readers who have the tools for that.
package struct JupyterWriter: Sendable {
  package init() {}

  package func write(_ notebook: Notebook, _ record: RunRecord, slug: String) -> OutputFile {
    let lines = SourceLines(notebook)
    var cells: [JSON] = []
    func addText(_ text: String) {
      let text = text.split(separator: "\n", omittingEmptySubsequences: false).drop { $0.isEmpty }.joined(
        separator: "\n"
      )
      guard !text.squeezed().isEmpty else { return }
      let id = JSON.string("text-\(cells.count)")
      cells.append(
        .object(["cell_type": .string("markdown"), "id": id, "metadata": .object([:]), "source": Self.lines(text)])
      )
    }
    if !lines.beginsWithTitle { addText("# \(notebook.frontMatter.title)\n") }
    var line = lines.bodyStart
    for (index, cell) in notebook.cells.enumerated() {
      addText(lines.text(line..<cell.range.start.line, notebook, record))
      line = cell.range.end.line + 1
      let result = record.cells.indices.contains(index) ? record.cells[index] : CellResult(status: .disabled)
      cells.append(codeCell(cell, result))
    }
    addText(lines.text(line..<(lines.count + 1), notebook, record))
    let kernel = JSON.object(["display_name": .string("Swift"), "language": .string("swift"), "name": .string("swift")])
    let language = JSON.object(["name": .string("swift"), "file_extension": .string(".swift")])
    let file = JSON.object([
      "cells": .array(cells), "metadata": .object(["kernelspec": kernel, "language_info": language]),
      "nbformat": .integer(4), "nbformat_minor": .integer(5),
    ])
    return OutputFile(path: "\(slug)/\(slug).ipynb", text: file.prettyText)
  }

  private func codeCell(_ cell: Cell, _ result: CellResult) -> JSON {
    var outputs: [JSON] = []
    for item in result.items {
      switch item {
      case .standardOutput(let text): outputs.append(stream("stdout", text))
      case .standardError(let text): outputs.append(stream("stderr", text))
      case .output(let output): outputs += bundles(output)
      }
    }
    if case .failed(let failure) = result.status {
      let messages = failure.diagnostics.map(\.message)
      outputs.append(
        .object([
          "output_type": .string("error"), "ename": .string(failure.kind.rawValue),
          "evalue": .string(messages.first ?? ""), "traceback": .array((messages + failure.backtrace).map(JSON.string)),
        ])
      )
    }
    let number: JSON = result.status == .disabled ? .null : .integer(cell.index + 1)
    return .object([
      "cell_type": .string("code"), "execution_count": number, "id": .string(Slug.make("cell-\(cell.index + 1)")),
      "metadata": .object(["name": JSON.optional(cell.options.label)]), "outputs": .array(outputs),
      "source": Self.lines(cell.code),
    ])
  }

  private func stream(_ name: String, _ text: String) -> JSON {
    .object([
      "name": .string(name), "output_type": .string("stream"), "text": Self.lines(OutputText.shortened(text).text),
    ])
  }

  private func bundles(_ output: Output) -> [JSON] {
    var data: [JSON.Member] = []
    func add(_ type: String, _ value: JSON) { data.append(.init(name: type, value: value)) }
    switch output {
    case .group(let outputs): return outputs.flatMap(bundles)
    case .text(let text): add("text/plain", Self.lines(text))
    case .figure(let figure):
      if !figure.png.isEmpty { add("image/png", .string(figure.png.base64)) }
      if !figure.svg.isEmpty { add("image/svg+xml", Self.lines(SVGSieve.clean(figure.svg))) }
      add("text/plain", .string(figure.altText))
    case .picture(let picture):
      add("image/png", .string(picture.png.base64))
      add("text/plain", .string(picture.altText))
    case .table(let table):
      let layout = TableLayout(table, rows: table.showsAllRows ? .all : .cut)
      add("text/html", .string(layout.html(caption: (table.title ?? "").escaped, captionID: "caption")))
      add("text/plain", .string(MarkdownTableText.text(table, caption: nil)))
    case .audio(let audio):
      let source = "data:audio/wav;base64,\(audio.wav.base64)"
      add(
        "text/html",
        .string("<audio controls preload=\"none\" src=\"\(source)\" aria-label=\"\(audio.title.escaped)\"></audio>")
      )
      add("text/plain", .string("\(audio.title): \(audio.description)"))
    case .math(let tex):
      add("text/latex", .string("$$\(tex)$$"))
      add("text/plain", .string(tex))
    case .markdown(let source):
      add("text/markdown", Self.lines(source))
      add("text/plain", .string(source))
    case .html(let source):
      add("text/html", .string(HTMLSieve.clean(source).html))
      add("text/plain", .string("HTML"))
    case .claim(let claim):
      let text = "Claim \(claim.id): \(claim.statement): \(VerdictText.word(claim.verdict))"
      add("application/vnd.offprint.claim+json", Provenance.claim(claim))
      add("text/plain", .string(text))
    }
    return [.object(["data": .object(data), "metadata": .object([:]), "output_type": .string("display_data")])]
  }

  /// Text as Jupyter stores it: lines with their line feeds.
  static func lines(_ text: String) -> JSON {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let values = lines.enumerated().map { index, line in String(line) + (index < lines.count - 1 ? "\n" : "") }
    return .array(values.filter { !$0.isEmpty }.map(JSON.string))
  }
}
