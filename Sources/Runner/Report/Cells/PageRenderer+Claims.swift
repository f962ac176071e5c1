package import Display
internal import Notebook
internal import Record

/// The fixed words for what became of a claim, each with a shape: colour alone tells nothing.
package enum VerdictText {
  package static func word(_ verdict: ClaimOutput.Verdict) -> String {
    switch verdict {
    case .reproduced: "reproduced"
    case .qualitative: "qualitatively"
    case .notReproduced: "not reproduced"
    case .undecided: "undecided"
    case .notAttempted: "not attempted"
    }
  }

  package static func shape(_ verdict: ClaimOutput.Verdict) -> String {
    switch verdict {
    case .reproduced: "✓"
    case .qualitative: "∼"
    case .notReproduced: "✗"
    case .undecided: "?"
    case .notAttempted: "–"
    }
  }

  package static func html(_ verdict: ClaimOutput.Verdict) -> String {
    "<span class=\"verdict \(verdict.rawValue)\"><span aria-hidden=\"true\">\(shape(verdict))</span> "
      + "\(word(verdict))</span>"
  }

  /// "3 of 5 claims reproduced, 1 qualitatively, 1 not attempted".
  package static func summary(_ verdicts: [ClaimOutput.Verdict]) -> String {
    guard !verdicts.isEmpty else { return "no claims" }
    let reproduced = verdicts.filter { $0 == .reproduced }.count
    var text = "\(reproduced) of \(verdicts.count) claim\(verdicts.count == 1 ? "" : "s") reproduced"
    for verdict in ClaimOutput.Verdict.allCases.dropFirst() {
      let count = verdicts.filter { $0 == verdict }.count
      if count > 0 { text += ", \(count) \(word(verdict))" }
    }
    return text
  }
}

extension ClaimOutput {
  /// The measured value with its spread and number of runs.
  package var measuredText: String? {
    var text: String
    if let value, let spread, spread > 0 {
      text = NumberFormat.string(value, uncertainty: spread)
    } else if let measured {
      text = measured
    } else {
      return nil
    }
    if let unit { text += "\u{A0}" + unit }
    if let count, count > 1 { text += " (\(count)\u{A0}runs)" }
    return text
  }

  package var paperText: String? {
    paper.map { text in unit.map { "\(text)\u{A0}\($0)" } ?? text }
  }

  /// How far the measured value is from the published one, in percent of it; nil where one of them is no number.
  package var differenceText: String? {
    guard let value, let published = paper.flatMap(Self.number), published != 0, value.isFinite else { return nil }
    let percent = (value - published) / published.magnitude * 100
    guard percent.magnitude < 1e6 else { return nil }
    let digits = percent.magnitude >= 10 ? 0 : 1
    let text = NumberFormat.decimals(digits).string(percent.magnitude)
    if text.allSatisfy({ "0.".contains($0) }) { return "0\u{A0}%" }
    return (percent < 0 ? "−" : "+") + text + "\u{A0}%"
  }

  /// A published value that is one number and nothing else.
  private static func number(_ text: String) -> Double? {
    Double(text.replacing("−", with: "-").filter { !$0.isWhitespace })
  }
}

extension PageRenderer {
  mutating func writeClaim(_ claim: ClaimOutput, id: String) {
    addSearchText(claim.statement)
    html += "<div class=\"claim \(claim.verdict.rawValue)\" id=\"\(id)\" role=\"group\" aria-labelledby=\"\(id)-t\">\n"
    html += "<p class=\"claim-title\" id=\"\(id)-t\"><b>Claim \(claim.id.escaped).</b> \(claim.statement.escaped) "
    html += "\(VerdictText.html(claim.verdict))</p>\n<dl>\n"
    let rows: [(String, String?)] = [
      ("In the paper", claim.source), ("Published", claim.paperText), ("Measured here", claim.measuredText),
      ("Difference", claim.differenceText),
      ("Condition", claim.condition == "nil" ? nil : claim.condition), ("Why", claim.reason),
    ]
    for (name, text) in rows {
      if let text { html += "<div><dt>\(name)</dt><dd>\(text.escaped)</dd></div>\n" }
    }
    html += "</dl>\n</div>\n"
  }

  /// The table of all claims at the top of the page.
  func glance() -> String {
    let claims = plan.cells.flatMap { Self.claims(in: $0.parts).map { ($0, $1) } }
    guard !claims.isEmpty else { return "" }
    let name = plan.own("at-a-glance")
    var html = "<section id=\"\(name)\" aria-labelledby=\"\(name)-h\">\n"
    html += "<h2 id=\"\(name)-h\">At a glance</h2>\n"
    html += openScroll(label: "aria-labelledby=\"\(name)-c\"", isWide: true)
    html +=
      "<table class=\"glance\">\n<caption id=\"\(name)-c\">Claims of the paper and what became of them here.</caption>\n"
    html += "<thead><tr><th scope=\"col\">Claim</th><th scope=\"col\">Verdict</th><th scope=\"col\">Published</th>"
    html += "<th scope=\"col\">Measured</th></tr></thead>\n<tbody>\n"
    for (claim, id) in claims {
      html += "<tr><th scope=\"row\"><a href=\"#\(id)\">\(claim.statement.escaped)</a>"
      if let source = claim.source { html += " <span class=\"muted\">\(source.escaped)</span>" }
      html += "</th><td>\(VerdictText.html(claim.verdict))</td><td>\(Self.orDash(claim.paperText))</td>"
      html += "<td>\(Self.orDash(claim.measuredText))"
      if let difference = claim.differenceText {
        html += " <span class=\"muted nw\">\(difference)<span class=\"vh\"> to the published value</span></span>"
      }
      html += "</td></tr>\n"
    }
    return html + "</tbody></table>\n</div>\n</section>\n"
  }

  static func claims(in parts: [CellPlan.Part]) -> [(ClaimOutput, String)] {
    parts.flatMap { part -> [(ClaimOutput, String)] in
      switch part {
      case .claim(let claim, let id): [(claim, id)]
      case .group(let parts): claims(in: parts)
      default: []
      }
    }
  }

  static func orDash(_ text: String?) -> String {
    text.map(\.escaped) ?? "–<span class=\"vh\"> not available</span>"
  }
}
