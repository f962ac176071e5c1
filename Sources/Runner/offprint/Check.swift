import ArgumentParser
import Foundation

/// Checks rendered reports.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check that every claim of the rendered reports holds.",
    discussion: "Exit status: 0 when every claim holds; 1 when one does not, or a cell failed; 2 for wrong usage."
  )

  @Argument(help: "Folder of the reports.")
  var output = "Output"

  /// The part of reports.json that is read.
  private struct Index: Decodable {
    struct Report: Decodable {
      struct Claim: Decodable {
        var id: String
        var statement: String
        var verdict: String
      }

      var title: String
      var slug: String
      var failedCells: Int?
      var claims: [Claim]
    }

    var reports: [Report]
  }

  func run() throws {
    let path = output + "/reports.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      FileHandle.standardError.write(
        Data("\(path): error: there are no reports here\n  help: run 'offprint render' first\n".utf8)
      )
      throw ExitCode(2)
    }
    let index = try JSONDecoder().decode(Index.self, from: data)
    var failures = 0
    for report in index.reports {
      if let failed = report.failedCells, failed > 0 {
        failures += 1
        print("\(report.slug): error: \(failed) of its cells failed")
      }
      for claim in report.claims where claim.verdict == "notReproduced" || claim.verdict == "not reproduced" {
        failures += 1
        print("\(report.slug): error: claim '\(claim.id)' is not reproduced: \(claim.statement)")
      }
    }
    let claims = index.reports.reduce(0) { $0 + $1.claims.count }
    print("\(index.reports.count) reports, \(claims) claims, \(failures) failures")
    if failures > 0 { throw ExitCode(1) }
  }
}
