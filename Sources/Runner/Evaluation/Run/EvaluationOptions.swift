internal import Notebook

/// Settings of one render.
package struct EvaluationOptions: Sendable {
  package var profile: String?
  /// Values given by `-P`, as text.
  package var overrides: [(name: String, value: String)] = []
  /// Number of cells compiled at once.
  package var jobs = 2
  package var isSandboxed = true
  /// Whether a notebook that asks for the network gets it.
  package var allowsNetwork = false
  /// Runs every cell even if a record of the same notebook is at hand.
  package var ignoresRecords = false

  package init() {}
}

/// What happens while a notebook is evaluated, for a terminal or a log.
package enum EvaluationEvent: Sendable {
  case reused(notebook: String)
  case compiling(cell: String)
  case running(cell: String, index: Int, count: Int)
  case progress(cell: String, fraction: Double, label: String)
  case finished(cell: String, status: String)
}
