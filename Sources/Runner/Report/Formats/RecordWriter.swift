internal import Display
package import Notebook
package import Record

/// The whole record as one JSON file: every output with its data, for programs that want more than report.json holds.
package struct RecordWriter: Sendable {
  package init() {}

  package func write(_ notebook: Notebook, _ record: RunRecord, slug: String) -> OutputFile {
    let provenance = Provenance.json(notebook, record)
    let cells = zip(notebook.cells, record.cells).map { cell, result -> JSON in
      .object([
        "name": .string(cell.name), "line": .integer(cell.line), "code": .string(cell.code), "key": .string(result.key),
        "state": .string({ $0.isEmpty ? "ran" : $0 }(PageRenderer.word(of: result.status))),
        "items": .array(result.items.map(item)),
      ])
    }
    let report = Provenance.report(notebook, record, slug: slug, provenance: provenance)
    guard case .object(let members) = report else {
      return OutputFile(path: "\(slug)/record.json", text: report.prettyText)
    }
    let whole = JSON.object(members + [JSON.Member(name: "cells", value: .array(cells))])
    return OutputFile(path: "\(slug)/record.json", text: whole.prettyText)
  }

  private func item(_ item: CellResult.Item) -> JSON {
    switch item {
    case .standardOutput(let text): .object(["stdout": .string(text)])
    case .standardError(let text): .object(["stderr": .string(text)])
    case .output(let output): self.output(output)
    }
  }

  private func output(_ output: Output) -> JSON {
    switch output {
    case .text(let text): .object(["text": .string(text)])
    case .figure(let figure):
      .object([
        "figure": .object([
          "title": JSON.optional(figure.title), "alt": .string(figure.altText), "width": .integer(figure.width),
          "height": .integer(figure.height), "svg": .string(figure.svg), "png": .string(figure.png.base64),
          "data": .array(figure.data.map(table)),
        ])
      ])
    case .table(let table): .object(["table": self.table(table)])
    case .picture(let picture):
      .object([
        "picture": .object(["alt": .string(picture.altText), "png": .string(picture.png.base64)])
      ])
    case .audio(let audio):
      .object([
        "audio": .object([
          "title": .string(audio.title), "description": .string(audio.description),
          "sampleRate": .integer(audio.sampleRate), "duration": .number(audio.duration),
          "wav": .string(audio.wav.base64),
        ])
      ])
    case .math(let tex): .object(["math": .string(tex)])
    case .markdown(let source): .object(["markdown": .string(source)])
    case .html(let source): .object(["html": .string(source)])
    case .claim(let claim): .object(["claim": Provenance.claim(claim)])
    case .group(let outputs): .object(["group": .array(outputs.map(self.output))])
    }
  }

  private func table(_ table: TableOutput) -> JSON {
    let columns = table.columns.map { column -> JSON in
      let values: [JSON] =
        switch column.values {
        case .numbers(let values): values.map(JSON.number)
        case .integers(let values): values.map(JSON.integer)
        case .texts(let values): values.map { $0.map(JSON.string) ?? .null }
        case .flags(let values): values.map(JSON.bool)
        }
      return .object(["name": .string(column.name), "unit": JSON.optional(column.unit), "values": .array(values)])
    }
    return .object(["title": JSON.optional(table.title), "columns": .array(columns)])
  }
}
