internal import Display
internal import Notebook
internal import Record

/// Facts about a run as JSON: where the numbers come from, without names of users, hosts or folders.
enum Provenance {
  static func json(_ notebook: Notebook, _ record: RunRecord) -> JSON {
    let environment = record.environment
    let data = environment.data.map { data -> JSON in
      .object(["name": .string(data.name), "sha256": .string(data.hash), "note": .string(data.note)])
    }
    return .object([
      "notebook": .string(environment.notebookHash), "offprint": .string(environment.offprintVersion),
      "swift": .string(environment.swiftVersion), "system": .string(environment.operatingSystem),
      "processor": .string(environment.processor), "cores": .integer(environment.cores),
      "threads": .integer(environment.threads), "linearAlgebra": .string(environment.linearAlgebra),
      "profile": JSON.optional(record.profile), "data": .array(data),
      "parameters": .object(
        record.parameters.map { JSON.Member(name: $0.name, value: .string($0.value)) }
      ),
      "cells": .array(cells(notebook, record)),
    ])
  }

  private static func cells(_ notebook: Notebook, _ record: RunRecord) -> [JSON] {
    zip(notebook.cells, record.cells).map { cell, result in
      let state = PageRenderer.word(of: result.status)
      return .object([
        "name": .string(cell.name), "line": .integer(cell.line), "state": .string(state.isEmpty ? "ran" : state),
        "key": .string(result.key), "outputs": .string(result.outputsHash),
      ])
    }
  }

  /// The whole of report.json; what differs from run to run stands in `volatile` only.
  static func report(_ notebook: Notebook, _ record: RunRecord, slug: String, provenance: JSON) -> JSON {
    let times = zip(notebook.cells, record.cells).map { cell, result -> JSON in
      .object([
        "name": .string(cell.name), "compileWall": .number(result.times.compileWall),
        "runWall": .number(result.times.runWall), "runProcessor": .number(result.times.runProcessor),
        "peakMemory": .integer(result.times.peakMemory),
      ])
    }
    let values = zip(notebook.expressions, record.expressions).map { expression, result -> JSON in
      switch result {
      case .value(let text, let machine):
        .object([
          "line": .integer(expression.range.start.line), "expression": .string(expression.code),
          "text": .string(text), "value": .string(machine),
        ])
      case .failed(let diagnostic):
        .object([
          "line": .integer(expression.range.start.line), "expression": .string(expression.code),
          "error": .string(diagnostic.message),
        ])
      case .skipped(let reason):
        .object([
          "line": .integer(expression.range.start.line), "expression": .string(expression.code),
          "skipped": .string(reason),
        ])
      }
    }
    return .object([
      "format": .string("offprint-report-1"), "slug": .string(slug), "title": .string(notebook.frontMatter.title),
      "claims": .array(record.claims.map(claim)), "values": .array(values),
      "failures": .array(failures(notebook, record)),
      "provenance": provenance, "volatile": .object(["cells": .array(times)]),
    ])
  }

  private static func failures(_ notebook: Notebook, _ record: RunRecord) -> [JSON] {
    zip(notebook.cells, record.cells).compactMap { cell, result in
      guard case .failed(let failure) = result.status else { return nil }
      let messages = failure.diagnostics.map { diagnostic -> JSON in
        .object([
          "line": diagnostic.range.map { .integer($0.start.line) },
          "column": diagnostic.range.map { .integer($0.start.column) },
          "severity": .string(diagnostic.severity.rawValue), "message": .string(diagnostic.message),
          "remedy": JSON.optional(diagnostic.remedy),
        ])
      }
      return .object([
        "cell": .string(cell.name), "kind": .string(failure.kind.rawValue), "messages": .array(messages),
      ])
    }
  }

  static func claim(_ claim: ClaimOutput) -> JSON {
    .object([
      "id": .string(claim.id), "statement": .string(claim.statement), "source": JSON.optional(claim.source),
      "paper": JSON.optional(claim.paper), "measured": JSON.optional(claim.measured),
      "value": claim.value.map(JSON.number), "spread": claim.spread.map(JSON.number),
      "count": claim.count.map(JSON.integer), "unit": JSON.optional(claim.unit),
      "condition": JSON.optional(claim.condition), "reason": JSON.optional(claim.reason),
      "verdict": .string(VerdictText.word(claim.verdict)), "line": .integer(claim.line),
    ])
  }
}
