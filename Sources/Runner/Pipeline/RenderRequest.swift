package import Evaluation
internal import Notebook
package import Report

/// What is to be rendered, and how.
package struct RenderRequest: Sendable {
  /// Notebooks and folders of notebooks.
  package var paths: [String]
  package var output: String
  package var evaluation = EvaluationOptions()
  package var report = ReportOptions()
  /// What is written beside each page.
  package var formats: Set<ReportFormat> = [.html]
  /// Renders even what did not change.
  package var isForced = false

  package init(paths: [String], output: String) {
    self.paths = paths
    self.output = output
  }
}

/// What happens during a render, for a terminal or a log.
package enum RenderEvent: Sendable {
  case started(notebook: String, cells: Int)
  case evaluation(notebook: String, EvaluationEvent)
  case message(Message)
  case finished(notebook: String, ReportSummary, page: String, seconds: Double, isReused: Bool)

  /// A diagnostic, laid out for a terminal.
  package struct Message: Sendable {
    package var text: String
    package var isError: Bool
  }
}

/// How a render ended; the raw value is the exit status.
package enum RenderStatus: Int32, Sendable, Comparable {
  case success = 0
  /// A cell failed; its page shows it.
  case cellFailed = 1
  /// A notebook could not be read, or something could not be written.
  case unusable = 2

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
