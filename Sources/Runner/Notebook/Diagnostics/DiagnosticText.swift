/// Lays a diagnostic out for a terminal or a log: `file:line:column: error: message`, the source line, and a caret.
package struct DiagnosticText: Sendable {
  /// Whether colours may be used.
  package var usesColor: Bool

  package init(usesColor: Bool = false) { self.usesColor = usesColor }

  /// The text of one diagnostic, with an excerpt where the text of its file is given.
  package func text(_ diagnostic: Diagnostic, source: String? = nil) -> String {
    var place = diagnostic.file
    if let start = diagnostic.range?.start { place += ":\(start.line):\(start.column)" }
    var lines = ["\(bold(place)): \(severity(diagnostic.severity)): \(bold(diagnostic.message))"]
    if let start = diagnostic.range?.start, let source { lines += Self.excerpt(source, start) }
    lines += diagnostic.notes.map { "  note: \($0)" }
    if let remedy = diagnostic.remedy { lines.append("  \(bold("help")): \(remedy)") }
    return lines.joined(separator: "\n")
  }

  /// The source line with a caret under the column; long lines are cut round it.
  private static func excerpt(_ source: String, _ start: SourceLocation) -> [String] {
    let lines = source.split(omittingEmptySubsequences: false) { $0.isNewline }
    guard lines.indices.contains(start.line - 1) else { return [] }
    let characters = Array(lines[start.line - 1]).map { $0 == "\t" ? " " : $0 }
    let first = max(0, start.column - 80)
    let visible = characters.dropFirst(first).prefix(120)
    let number = String(start.line)
    let margin = String(repeating: " ", count: number.count)
    let caret = String(repeating: " ", count: max(0, start.column - 1 - first)) + "^"
    return ["\(number) | \(String(visible))", "\(margin) | \(caret)"]
  }

  private func bold(_ text: String) -> String { usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  private func severity(_ severity: Diagnostic.Severity) -> String {
    guard usesColor else { return severity.rawValue }
    let color =
      switch severity {
      case .error: 31
      case .warning: 33
      case .note: 36
      }
    return "\u{1B}[1;\(color)m\(severity.rawValue)\u{1B}[0m"
  }
}
