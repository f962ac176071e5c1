internal import Foundation
internal import Notebook
internal import Record

/// The way from generated text and compiled code back to the notebook.
struct SourceMap: Sendable {
  private enum Origin: Sendable {
    /// A cell, with the place in its code before which a call was put.
    case cell(Cell, callLine: Int, callColumn: Int)
    case expression(InlineExpression, callWidth: Int)
  }

  let path: String
  private let origins: [String: Origin]
  private let lines: [Substring]

  init(_ notebook: Notebook, _ plan: EvaluationPlan) {
    path = notebook.path
    lines = notebook.source.split(omittingEmptySubsequences: false) { $0.isNewline }
    var origins: [String: Origin] = [:]
    for node in plan.graph.nodes {
      let call = node.analysis.lastExpression.map { Self.place(ofByte: $0.lowerBound, in: node.cell.code) }
      origins[CellSource.file(of: node.cell)] = .cell(
        node.cell,
        callLine: call?.line ?? 0,
        callColumn: call?.column ?? 0
      )
    }
    for group in plan.graph.groups {
      for (index, expression) in group.expressions.enumerated() {
        let file = CellSource.file(of: expression)
        origins[file] = .expression(expression, callWidth: CellSource.inlineCall(index).count)
      }
    }
    self.origins = origins
  }

  /// The place in the notebook of a line and column under a generated name; nil for generated lines.
  func range(file: String, line: Int, column: Int) -> SourceRange? {
    guard let origin = origins[(file as NSString).lastPathComponent] else { return nil }
    let place: SourceLocation
    switch origin {
    case .cell(let cell, let callLine, let callColumn):
      let isShifted = line == callLine && column > callColumn
      place = cell.location(
        line: line,
        column: isShifted ? max(callColumn, column - CellSource.displayCall.count) : column
      )
    case .expression(let expression, let callWidth):
      let shift = line == 1 ? start(of: expression) - 1 - callWidth : 0
      place = SourceLocation(line: expression.range.start.line + line - 1, column: max(1, column + shift))
    }
    return SourceRange(line: place.line, column: place.column)
  }

  private static func place(ofByte offset: Int, in code: String) -> SourceLocation {
    let before = String(decoding: code.utf8.prefix(offset), as: UTF8.self)
    let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
    return SourceLocation(line: lines.count, column: (lines.last?.count ?? 0) + 1)
  }

  /// Column in which the code of an inline expression begins, behind the back quote and `{swift}`.
  private func start(of expression: InlineExpression) -> Int {
    let place = expression.range.start
    guard lines.indices.contains(place.line - 1) else { return place.column }
    let line = lines[place.line - 1]
    let from = line.index(line.startIndex, offsetBy: place.column - 1, limitedBy: line.endIndex) ?? line.endIndex
    guard let found = line[from...].range(of: expression.code) else { return place.column }
    return line.distance(from: line.startIndex, to: found.lowerBound) + 1
  }

  /// A message of the compiler as a diagnostic; what concerns generated lines is put at the fallback.
  func diagnostic(_ message: CompilerMessage, fallback: SourceRange) -> Diagnostic {
    if let finished = message.finished { return finished }
    return Diagnostic(
      message.severity,
      file: path,
      range: range(file: message.file, line: message.line, column: message.column) ?? fallback,
      Self.readable(message.message),
      notes: message.notes.map(Self.readable)
    )
  }

  /// Module names of cells are keys; nobody wants to read them.
  static func readable(_ text: String) -> String {
    text.replacing(/(Cell\d+|Cells\d+to\d+|Inline|Parameters)_[0-9a-f]{16}(_main)?\.?/) { match in
      match.2 != nil ? "top level" : ""
    }
  }
}
