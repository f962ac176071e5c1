internal import Notebook
package import Report

/// Something that a page gets wrong: where, what, and what to do.
package struct Finding: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable {
    case warning
    case error
  }

  /// The rule it breaks, as the page standard numbers them: "STR-3", "TAB-1".
  package var rule: String
  package var severity: Severity
  /// Path of the page in the site.
  package var page: String
  /// Line of the HTML file, from 1; 0 for the whole file.
  package var line: Int
  package var message: String
  package var remedy: String

  package init(
    _ rule: String,
    _ severity: Severity = .error,
    page: String,
    line: Int,
    _ message: String,
    remedy: String
  ) {
    self.rule = rule
    self.severity = severity
    self.page = page
    self.line = line
    self.message = message
    self.remedy = remedy
  }
}

/// Findings for people and for programs.
package enum FindingText {
  /// One line for each finding: "page:line: error: message [rule] remedy".
  package static func human(_ findings: [Finding]) -> String {
    findings.map { finding in
      let place = finding.line > 0 ? "\(finding.page):\(finding.line)" : finding.page
      return "\(place): \(finding.severity.rawValue): \(finding.message) [\(finding.rule)]\n  \(finding.remedy)\n"
    }.joined()
  }

  package static func json(_ findings: [Finding]) -> JSON {
    .array(
      findings.map { finding in
        .object([
          "rule": .string(finding.rule), "severity": .string(finding.severity.rawValue), "page": .string(finding.page),
          "line": .integer(finding.line), "message": .string(finding.message), "remedy": .string(finding.remedy),
        ])
      }
    )
  }
}
