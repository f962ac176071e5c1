import ArgumentParser
import Evaluation
import Foundation
import Notebook
import Pipeline
import Report

/// Renders notebooks into reports.
struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render notebooks into static reports.",
    discussion: """
      With no arguments, renders the folder Notebooks into the folder Output.

      Exit status: 0 when all is rendered; 1 when a cell failed (its page shows the failure in its place); 2 for wrong \
      usage or a notebook that cannot be read.
      """
  )

  @Argument(help: "Notebooks, and folders of notebooks.")
  var paths: [String] = []

  @Option(name: .shortAndLong, help: "Folder for the reports.")
  var output = "Output"

  @Option(help: "Profile of parameters that the notebook defines.")
  var profile: String?

  @Option(name: .customShort("P"), help: ArgumentHelp("Value of a parameter.", valueName: "key=value"))
  var parameters: [String] = []

  @Option(help: "Number of cells compiled at once.")
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "Run every cell, even if nothing changed.")
  var force = false

  @Option(help: "What to write beside each page, parted by commas: html, markdown, ipynb, json, pdf.")
  var format = "html"

  @Flag(help: "Write each report as one file with everything inside.")
  var selfContained = false

  @Flag(help: "Take figures without a text alternative, and the like, for errors.")
  var strict = false

  @Flag(help: "Let cells read and write where the user may.")
  var unsandboxed = false

  @Flag(help: "Pass raw HTML of notebooks and cells through.")
  var allowHtml = false

  @Flag(help: "Let notebooks that ask for it use the network.")
  var allowNetwork = false

  @Flag(name: .shortAndLong, help: "Print errors and warnings only.")
  var quiet = false

  func validate() throws {
    guard jobs >= 1 else { throw ValidationError("'--jobs' must be at least 1, found \(jobs)") }
    for parameter in parameters where !parameter.contains("=") || parameter.hasPrefix("=") {
      throw ValidationError("'-P \(parameter)' must have the form key=value")
    }
  }

  func run() async throws {
    let formats: Set<ReportFormat>
    do throws(ReportFormat.UnknownFormat) {
      formats = try ReportFormat.list(format)
    } catch {
      throw ValidationError("\(error)")
    }
    var request = RenderRequest(paths: paths.isEmpty ? ["Notebooks"] : paths, output: output)
    request.isForced = force
    request.evaluation.profile = profile
    request.evaluation.overrides = parameters.map { parameter in
      let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), String(parts[1]))
    }
    request.evaluation.jobs = jobs
    request.evaluation.isSandboxed = !unsandboxed
    request.evaluation.allowsNetwork = allowNetwork
    request.evaluation.ignoresRecords = force
    request.formats = formats
    request.report.isStrict = strict
    request.report.isTrusted = allowHtml
    request.report.isSelfContained = selfContained
    let terminal = Terminal(isQuiet: quiet)
    let render = SiteRender(request, text: DiagnosticText(usesColor: terminal.usesColor)) { terminal.show($0) }
    let status = await render.run()
    if status != .success { throw ExitCode(status.rawValue) }
  }
}
