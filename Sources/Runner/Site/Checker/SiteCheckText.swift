package import Report

/// The outcome of a check for people and for the programs that run it.
package enum SiteCheckText {
  /// Lines that editors jump to: "notebook:line: error: …", and a last line that sums up.
  package static func human(_ check: SiteCheck) -> String {
    var text = ""
    for report in check.reports {
      if report.failedCells > 0 { text += "\(place(report)): error: \(cells(report))\n" }
      for claim in report.claims where claim.isBroken {
        text += "\(place(report, claim.line)): error: \(message(claim))\n"
      }
    }
    text += FindingText.human(check.findings)
    let warnings = check.findings.filter { $0.severity == .warning }.count
    text += "\(counted(check.reports.count, "report")), \(counted(check.claimCount, "claim")), "
    text += "\(counted(check.failureCount, "failure"))"
    return text + (warnings > 0 ? ", \(counted(warnings, "warning"))\n" : "\n")
  }

  package static func json(_ check: SiteCheck) -> JSON {
    let reports = check.reports.map { report -> JSON in
      .object([
        "slug": .string(report.slug), "notebook": JSON.optional(report.notebook), "cells": .integer(report.cells),
        "failedCells": .integer(report.failedCells),
        "claims": .array(
          report.claims.map { claim in
            .object([
              "id": .string(claim.id), "statement": .string(claim.statement), "line": claim.line.map(JSON.integer),
              "paper": JSON.optional(claim.paper), "measured": JSON.optional(claim.measured),
              "verdict": .string(claim.verdict), "holds": claim.isOpen ? .null : .bool(!claim.isBroken),
            ])
          }
        ),
      ])
    }
    return .object([
      "format": .string("offprint-check-1"), "failures": .integer(check.failureCount), "reports": .array(reports),
      "findings": FindingText.json(check.findings),
    ])
  }

  /// Commands that GitHub turns into annotations of the changed files.
  package static func github(_ check: SiteCheck) -> String {
    var text = ""
    for report in check.reports {
      let file = report.notebook ?? "\(check.folder)/\(report.slug)/index.html"
      if report.failedCells > 0 { text += annotation("error", file, nil, "Cells failed", cells(report)) }
      for claim in report.claims where claim.isBroken {
        text += annotation("error", file, report.notebook == nil ? nil : claim.line, "Claim", message(claim))
      }
    }
    for finding in check.findings {
      let line = finding.line > 0 ? finding.line : nil
      let message = "\(finding.message). \(finding.remedy)"
      text += annotation(finding.severity.rawValue, "\(check.folder)/\(finding.page)", line, finding.rule, message)
    }
    return text
  }

  /// A suite for each report, with a case for its cells, each claim and its page, and one suite for all other pages.
  package static func junit(_ check: SiteCheck) -> String {
    var suites = ""
    var (tests, failures) = (0, 0)
    func add(_ name: String, _ cases: [JUnitCase]) {
      guard !cases.isEmpty else { return }
      let failed = cases.filter(\.isFailed).count
      tests += cases.count
      failures += failed
      suites += "<testsuite name=\"\(xml(name))\" tests=\"\(cases.count)\" failures=\"\(failed)\" "
      suites += "skipped=\"\(cases.filter { $0.skipped != nil }.count)\">\n"
      suites += cases.map { $0.text(suite: xml(name)) }.joined() + "</testsuite>\n"
    }
    for report in check.reports {
      let findings = check.findings.filter { $0.page.hasPrefix("\(report.slug)/") && $0.severity == .error }
      var cases = [JUnitCase(name: "cells", failure: report.failedCells > 0 ? cells(report) : nil)]
      cases += report.claims.map { claim in
        JUnitCase(
          name: "claim \(claim.id): \(claim.statement)",
          failure: claim.isBroken ? message(claim) : nil,
          skipped: claim.isOpen ? claim.verdict : nil
        )
      }
      cases.append(JUnitCase(name: "page", failure: findings.isEmpty ? nil : FindingText.human(findings)))
      add(report.slug, cases)
    }
    let slugs = Set(check.reports.map(\.slug))
    let others = check.findings.filter { finding in
      finding.severity == .error && !slugs.contains(String(finding.page.prefix { $0 != "/" }))
    }
    add("site", [JUnitCase(name: "pages", failure: others.isEmpty ? nil : FindingText.human(others))])
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<testsuites tests=\"\(tests)\" failures=\"\(failures)\">\n\(suites)</testsuites>\n"
  }

  // MARK: - Words

  private static func place(_ report: SiteCheck.Report, _ line: Int? = nil) -> String {
    guard let notebook = report.notebook else { return report.slug }
    return line.map { $0 > 0 ? "\(notebook):\($0)" : notebook } ?? notebook
  }

  private static func cells(_ report: SiteCheck.Report) -> String {
    "\(report.failedCells) of \(counted(report.cells, "cell")) failed"
  }

  private static func message(_ claim: SiteCheck.Report.Claim) -> String {
    let values = [claim.paper.map { "published \($0)" }, claim.measured.map { "measured \($0)" }].compactMap { $0 }
    let facts = values.isEmpty ? "" : " (\(values.joined(separator: ", ")))"
    return "claim '\(claim.id)' is not reproduced: \(claim.statement)\(facts)"
  }

  private static func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

  private static func annotation(_ kind: String, _ file: String, _ line: Int?, _ title: String, _ message: String)
    -> String
  {
    func escaped(_ text: String) -> String {
      text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
    func property(_ text: String) -> String {
      escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
    let place = "file=\(property(file))" + (line.map { ",line=\($0)" } ?? "")
    return "::\(kind) \(place),title=\(property(title))::\(escaped(message))\n"
  }

  /// Text as XML may hold it: escaped, without control characters.
  fileprivate static func xml(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\n" || $0 == "\t" }))
      .escaped
  }
}

/// One case of a JUnit report.
private struct JUnitCase {
  var name: String
  var failure: String?
  var skipped: String?

  var isFailed: Bool { failure != nil }

  func text(suite: String) -> String {
    let head = "<testcase classname=\"\(suite)\" name=\"\(SiteCheckText.xml(name.squeezed(limit: 200)))\""
    if let failure {
      let message = SiteCheckText.xml(failure.squeezed(limit: 300))
      return "\(head)><failure message=\"\(message)\">\(SiteCheckText.xml(failure))</failure></testcase>\n"
    }
    return skipped.map { "\(head)><skipped message=\"\(SiteCheckText.xml($0))\"/></testcase>\n" } ?? "\(head)/>\n"
  }
}
