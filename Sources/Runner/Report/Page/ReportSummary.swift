package import Display

/// What the site needs to know of a report; it is kept so that unchanged reports need not be rendered again.
package struct ReportSummary: Sendable, Hashable, Codable {
  package struct Claim: Sendable, Hashable, Codable {
    package var id: String
    /// Name of its place in the page.
    package var anchor: String
    package var statement: String
    package var source: String?
    package var paper: String?
    package var measured: String?
    package var value: Double?
    /// Raw value of `ClaimOutput.Verdict`.
    package var verdict: String

    package var outcome: ClaimOutput.Verdict { ClaimOutput.Verdict(rawValue: verdict) ?? .notAttempted }
  }

  package var slug: String
  package var title: String
  package var subtitle: String?
  package var authors: [String]
  package var date: String?
  package var abstract: String?
  package var tags: [String]
  /// Title of the replicated paper, with its year where known.
  package var paper: String?
  package var profile: String?
  package var claims: [Claim]
  package var cellCount: Int
  package var failedCells: Int
  /// Digest of the page: it changes when, and only when, what is shown changes.
  package var contentHash: String
  package var sections: [SearchSection]
  /// Bytes of the page and of all files beside it.
  package var pageBytes: Int
  package var totalBytes: Int

  package var verdicts: [ClaimOutput.Verdict] { claims.map(\.outcome) }
}
