import ArgumentParser
import Foundation
import Report
import Site

/// Checks rendered reports.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check that every claim of the rendered reports holds and that their pages are sound.",
    discussion: """
      Pages are checked without a browser: structure, links, figures, tables, sound, formulas, weight, safety and \
      provenance.

      Exit status: 0 when every claim holds and no page has an error; 1 when one does not, a cell failed or a page has \
      an error; 2 for wrong usage, or where there are no reports. Claims that were not tested and warnings do not fail.
      """
  )

  @Argument(help: "Folder of the reports.")
  var output = "Output"

  @Flag(help: "Print the outcome as JSON.")
  var json = false

  @Option(help: ArgumentHelp("Also write a JUnit report to a file.", valueName: "file"))
  var junit: String?

  @Flag(help: "Also print annotations that GitHub shows beside the changed lines.")
  var github = false

  func validate() throws {
    if json, github { throw ValidationError("'--json' and '--github' both print the outcome: choose one") }
  }

  func run() throws {
    let check: SiteCheck
    do throws(SiteCheck.Failure) {
      check = try SiteCheck(folder: output)
    } catch {
      throw refused("\(error)")
    }
    if let junit { try write(SiteCheckText.junit(check), to: junit) }
    if github { print(SiteCheckText.github(check), terminator: "") }
    print(json ? SiteCheckText.json(check).prettyText : SiteCheckText.human(check), terminator: "")
    if check.failureCount > 0 { throw ExitCode(1) }
  }

  private func write(_ text: String, to path: String) throws {
    do {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw refused("\(path): error: the file cannot be written\n  help: name a file in a folder that exists")
    }
  }

  /// Wrong usage: says why and ends with status 2.
  private func refused(_ message: String) -> ExitCode {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    return ExitCode(2)
  }
}
