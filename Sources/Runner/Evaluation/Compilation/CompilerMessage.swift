internal import Notebook

/// One message of the compiler, at a place of the generated text.
struct CompilerMessage: Sendable, Hashable {
  /// Name given by `#sourceLocation`, or the generated file.
  var file = ""
  var line = 1
  var column = 1
  var severity: Diagnostic.Severity = .error
  var message: String
  var notes: [String] = []
  /// Set for messages that are ours and already have their place.
  var finished: Diagnostic?

  /// Reads the compiler's output in LLVM style; source excerpts are left out, the report shows its own.
  static func parse(_ text: String) -> [CompilerMessage] {
    var messages: [CompilerMessage] = []
    for line in text.split(separator: "\n") {
      guard let match = line.wholeMatch(of: /(.+?):(\d+):(\d+): (error|warning|note): (.+)/),
        let row = Int(match.2), let column = Int(match.3)
      else {
        if let match = line.wholeMatch(of: /(?:<unknown>:0: )?error: (.+)/) {
          messages.append(CompilerMessage(message: String(match.1)))
        }
        continue
      }
      if match.4 == "note" {
        if !messages.isEmpty { messages[messages.count - 1].notes.append(String(match.5)) }
      } else {
        let severity: Diagnostic.Severity = match.4 == "error" ? .error : .warning
        messages.append(
          CompilerMessage(
            file: String(match.1),
            line: row,
            column: column,
            severity: severity,
            message: String(match.5)
          )
        )
      }
    }
    return messages
  }
}
