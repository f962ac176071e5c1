internal import Notebook
internal import Record

extension PageRenderer {
  /// On which machine, at which scale and with which parameters the numbers were made.
  ///
  /// A profile named `paper` holds the paper's own parameters: what differs from it is put beside it.
  func scale() -> String {
    let environment = record.environment
    var facts: [String] = []
    if let profile = record.profile { facts.append("profile <code>\(profile.escaped)</code>") }
    if environment.cores > 0 {
      facts.append("\(environment.cores)\u{A0}core\(environment.cores == 1 ? "" : "s")")
    }
    if !environment.processor.isEmpty { facts.append(environment.processor.escaped) }
    if options.showsTimes {
      facts.append(Self.time(record.cells.reduce(0) { $0 + $1.times.runWall }).escaped)
    }
    let rows = scaleRows
    guard record.profile != nil || !rows.isEmpty || !record.claims.isEmpty, !facts.isEmpty else { return "" }
    let scale = scaleRatios(rows)
    var html = "<p class=\"scale\"><b>Scale of this run:</b> \(facts.joined(separator: ", "))"
    html += scale.isEmpty ? ".</p>\n" : "; \(scale).</p>\n"
    return rows.isEmpty ? html : html + table(rows)
  }

  private struct ScaleRow {
    var name: String
    var value: String
    var standard: String
    var paper: String?
  }

  /// Parameters that differ from the notebook's defaults or from the paper's.
  private var scaleRows: [ScaleRow] {
    let profile = notebook.frontMatter.profiles["paper"]
    return record.parameters.compactMap { parameter in
      let standard = parameter.defaultValue ?? parameter.value
      // What the profile leaves out is in the paper as it is by default.
      let paper = profile.map { $0[parameter.name]?.text ?? standard }
      guard parameter.defaultValue != nil || paper != nil && paper != parameter.value else { return nil }
      return ScaleRow(name: parameter.name, value: parameter.value, standard: standard, paper: paper)
    }
  }

  /// "steps 1/100 of the paper's": for numbers that are smaller or larger here by a factor.
  private func scaleRatios(_ rows: [ScaleRow]) -> String {
    let parts = rows.compactMap { row -> String? in
      guard let paper = row.paper.flatMap(Double.init), let value = Double(row.value), paper > 0, value > 0 else {
        return nil
      }
      let factor = max(paper / value, value / paper)
      guard factor >= 2, factor < 1e9 else { return nil }
      let text = factor >= 10 ? NumberText.fixed(factor, 0) : NumberText.fixed(factor, 1)
      let ratio = value < paper ? "1/\(text) of" : "\(text)\u{A0}times"
      return "<code>\(row.name.escaped)</code> is \(ratio) the paper’s"
    }
    return parts.joined(separator: ", ")
  }

  private func table(_ rows: [ScaleRow]) -> String {
    let id = plan.own("scale")
    let hasPaper = rows.contains { $0.paper != nil }
    var html = openScroll(label: "aria-labelledby=\"\(id)-c\"")
    html += "<table class=\"parameters\"><caption id=\"\(id)-c\">Parameters that were changed.</caption>\n<thead><tr>"
    html += "<th scope=\"col\">Parameter</th><th scope=\"col\">Here</th><th scope=\"col\">Default</th>"
    html += hasPaper ? "<th scope=\"col\">In the paper</th></tr></thead>\n<tbody>\n" : "</tr></thead>\n<tbody>\n"
    for row in rows {
      html += "<tr><th scope=\"row\"><code>\(row.name.escaped)</code></th>"
      for text in [row.value, row.standard] { html += "<td>\(text.squeezed(limit: 80).escaped)</td>" }
      html += hasPaper ? "<td>\(Self.orDash(row.paper?.squeezed(limit: 80)))</td></tr>\n" : "</tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }
}
