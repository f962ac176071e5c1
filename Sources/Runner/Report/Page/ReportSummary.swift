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
    /// Line of the notebook that states it.
    package var line = 0
    /// Raw value of `ClaimOutput.Verdict`.
    package var verdict: String

    package init(id: String, anchor: String, statement: String, verdict: ClaimOutput.Verdict) {
      self.id = id
      self.anchor = anchor
      self.statement = statement
      self.verdict = verdict.rawValue
    }

    package var outcome: ClaimOutput.Verdict { ClaimOutput.Verdict(rawValue: verdict) ?? .notAttempted }
  }

  package var slug: String
  package var title: String
  /// Path of the notebook as the author wrote it; nil where it would name a folder of the machine.
  package var notebook: String?
  package var subtitle: String?
  package var authors: [String] = []
  package var date: String?
  package var abstract: String?
  package var tags: [String] = []
  /// Title of the replicated paper, with its year where known.
  package var paper: String?
  package var profile: String?
  package var claims: [Claim] = []
  package var cellCount = 0
  package var failedCells = 0
  /// Digest of the page: it changes when, and only when, what is shown changes.
  package var contentHash = ""
  package var sections: [SearchSection] = []
  /// Bytes of the page and of all files beside it.
  package var pageBytes = 0
  package var totalBytes = 0

  package init(slug: String, title: String) {
    self.slug = slug
    self.title = title
  }

  package var verdicts: [ClaimOutput.Verdict] { claims.map(\.outcome) }
}
