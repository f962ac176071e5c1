/// Something to tell the author: where, what, and what to do about it.
///
/// Causes are typed where they arise and turned to words there; a writer (terminal, JSON, GitHub, page) only lays out.
package struct Diagnostic: Sendable, Hashable, Codable, Error {
  package enum Severity: String, Sendable, Hashable, Codable, Comparable {
    case note
    case warning
    case error

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  package var severity: Severity
  /// Path of the notebook (or other file) as the author wrote it on the command line.
  package var file: String
  /// Place in that file; nil when the whole file is meant.
  package var range: SourceRange?
  /// What is wrong: lower case, no full stop, expected before found.
  package var message: String
  /// What to do, as a sentence; nil when the message says it already.
  package var remedy: String?
  /// Further places and facts, such as "first used here".
  package var notes: [String]

  package init(
    _ severity: Severity,
    file: String,
    range: SourceRange? = nil,
    _ message: String,
    remedy: String? = nil,
    notes: [String] = []
  ) {
    self.severity = severity
    self.file = file
    self.range = range
    self.message = message
    self.remedy = remedy
    self.notes = notes
  }
}
