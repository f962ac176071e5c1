internal import Display
internal import Foundation
internal import Report

/// What a folder of reports says of its claims, and what its pages get wrong.
package struct SiteCheck: Sendable {
  /// A report as `reports.json` lists it.
  package struct Report: Sendable, Decodable {
    package struct Claim: Sendable, Decodable {
      package var id: String
      package var statement: String
      package var verdict: String
      package var paper: String?
      package var measured: String?
      package var line: Int?

      /// Whether the claim was tested and does not hold.
      package var isBroken: Bool { verdict == VerdictText.word(.notReproduced) }
      /// Whether this run did not settle it.
      package var isOpen: Bool { [VerdictText.word(.undecided), VerdictText.word(.notAttempted)].contains(verdict) }
    }

    package var slug: String
    package var title: String
    package var notebook: String?
    package var cells: Int
    package var failedCells: Int
    package var claims: [Claim]
  }

  /// Why a folder cannot be checked.
  package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    case noReports(String)
    case unreadable(String, cause: String)

    package var description: String {
      switch self {
      case .noReports(let path): "\(path): error: there are no reports here\n  help: run 'offprint render' first"
      case .unreadable(let path, let cause):
        "\(path): error: the list of reports cannot be read: \(cause)\n  help: render the reports again"
      }
    }
  }

  private struct Index: Decodable { var reports: [Report] }

  package let folder: String
  package let reports: [Report]
  package let findings: [Finding]

  /// Reads a folder of reports and checks all of its pages.
  ///
  /// - Throws: `Failure` when the folder holds no readable list of reports.
  package init(folder: String) throws(Failure) {
    let path = folder + "/reports.json"
    guard let data = FileManager.default.contents(atPath: path) else { throw .noReports(path) }
    do {
      reports = try JSONDecoder().decode(Index.self, from: data).reports
    } catch {
      throw .unreadable(path, cause: "\(error)".squeezed(limit: 200))
    }
    self.folder = folder
    let names = (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String]) ?? []
    let files = names.filter { name in !name.split(separator: "/").contains { $0.hasPrefix(".") } }
    let checker = PageChecker { name in FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init) }
    findings = checker.check(files)
  }

  package var claimCount: Int { reports.reduce(0) { $0 + $1.claims.count } }

  /// Broken claims, reports with failed cells, and errors of pages.
  package var failureCount: Int {
    reports.reduce(0) { $0 + ($1.failedCells > 0 ? 1 : 0) + $1.claims.filter(\.isBroken).count }
      + findings.filter { $0.severity == .error }.count
  }
}
