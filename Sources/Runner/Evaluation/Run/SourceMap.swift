internal import Foundation
internal import Notebook
internal import Record

/// The way from generated text and compiled code back to the notebook.
struct SourceMap: Sendable {
  enum Origin: Sendable {
    case cell(Cell)
    case expression(InlineExpression)
  }

  let path: String
  private let origins: [String: Origin]
  private let lines: [Substring]

  init(_ notebook: Notebook, nodes: [CellGraph.Node], sources: [CellSource]) {
    path = notebook.path
    lines = notebook.source.split(omittingEmptySubsequences: false) { $0.isNewline }
    var origins: [String: Origin] = [:]
    for (node, source) in zip(nodes, sources) {
      origins[source.codeFile] = .cell(node.cell)
      for (file, expression) in zip(source.expressionFiles, node.expressions) { origins[file] = .expression(expression) }
    }
    self.origins = origins
  }

  /// The place in the notebook of a line and column under a generated name; nil for generated lines.
  func range(file: String, line: Int, column: Int) -> SourceRange? {
    guard let origin = origins[(file as NSString).lastPathComponent] else { return nil }
    let place: SourceLocation
    switch origin {
    case .cell(let cell): place = cell.location(line: line, column: column)
    case .expression(let expression):
      place = SourceLocation(line: expression.range.start.line + line - 1, column: start(of: expression) + column - 1)
    }
    return SourceRange(line: place.line, column: place.column)
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

  /// A message of the compiler as a diagnostic; what concerns generated lines is put at the start of the cell.
  func diagnostic(_ message: CompilerMessage, in cell: Cell) -> Diagnostic {
    let fallback = SourceRange(line: cell.line, column: 1)
    return Diagnostic(
      message.severity, file: path,
      range: range(file: message.file, line: message.line, column: message.column) ?? fallback,
      Self.readable(message.message), notes: message.notes.map(Self.readable))
  }

  /// Module names of cells are keys; nobody wants to read them.
  static func readable(_ text: String) -> String {
    text.replacing(/(Cell\d+|Parameters)_[0-9a-f]{16}(_main)?\.?/) { match in
      match.2 != nil ? "top level" : ""
    }
  }

  /// The inline expression of a generated name.
  func expression(file: String) -> InlineExpression? {
    guard case .expression(let expression)? = origins[(file as NSString).lastPathComponent] else { return nil }
    return expression
  }
}
