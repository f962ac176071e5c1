internal import Foundation
internal import Record
internal import Report

extension PageRules {
  /// Limits of a page in bytes and elements.
  ///
  /// Those of the whole page grow with its cells: the first number is for ten cells or fewer, the second for a hundred
  /// or more.
  enum Budget {
    static let style = 24_000
    static let script = 12_000
    static let page = (100_000, 600_000)
    static let compressed = (30_000, 150_000)
    static let nodes = (6_000, 60_000)
    static let selfContained = 5_000_000

    static func limit(_ budget: (Int, Int), cells: Int) -> Int {
      budget.0 + (budget.1 - budget.0) * (min(max(cells, 10), 100) - 10) / 90
    }
  }

  mutating func checkSafety() {
    let policy =
      page.all("meta").first { $0["http-equiv"]?.lowercased() == "content-security-policy" }?["content"] ?? ""
    if !policy.contains("default-src 'none'") {
      find(
        "SAF-2",
        1,
        "the page has no content security policy that begins with nothing allowed",
        "Keep the template's policy."
      )
    }
    for element in page.elements {
      for attribute in element.attributes where attribute.name.hasPrefix("on") {
        find(
          "SAF-1",
          element.line,
          "<\(element.name)> runs a script by '\(attribute.name)'",
          "Leave the attribute out."
        )
      }
      switch element.name {
      case "iframe", "object", "embed", "form", "base", "applet", "frameset", "foreignobject":
        find("SAF-1", element.line, "<\(element.name)> has no place in a report", "Leave it out.")
      case "script": checkScript(element, policy)
      default: continue
      }
    }
  }

  private mutating func checkScript(_ script: PageFacts.Element, _ policy: String) {
    if let type = script["type"], type != "text/javascript", type != "module" {
      if type.hasSuffix("json"), (try? JSONSerialization.jsonObject(with: Data(script.text.utf8))) == nil {
        find("PRV-1", script.line, "data in the page that is not JSON", "Write it again.")
      }
      return
    }
    guard script["src"] == nil else { return }
    let hash = "'sha256-\(ContentHash(script.text).bytes.base64)'"
    if !policy.contains(hash) {
      find("SAF-2", script.line, "a script that the page's policy does not know", "Leave it out: browsers refuse it.")
    }
  }

  mutating func checkWeight() {
    let styles = page.all("style").reduce(0) { $0 + $1.text.utf8.count }
    let scripts = page.all("script").filter { $0["type"] == nil }.reduce(0) { $0 + $1.text.utf8.count }
    let isSelfContained = html.contains("src=\"data:image/")
    let cells = page.elements.filter { ($0["class"] ?? "").split(separator: " ").first == "cell" }.count
    let bytes = Array(html.utf8)
    var sizes = [("style sheet", styles, Budget.style), ("scripts", scripts, Budget.script)]
    if isSelfContained {
      sizes.append(("page", bytes.count, Budget.selfContained))
    } else if isReport {
      sizes.append(("page", bytes.count, Budget.limit(Budget.page, cells: cells)))
      let size = CompressedSize.gzip(bytes)
      sizes.append(("compressed page", size, Budget.limit(Budget.compressed, cells: cells)))
    }
    for (name, size, limit) in sizes where size > limit {
      find(
        "PERF",
        .warning,
        0,
        "\(name) of \(size) bytes; at most \(limit)",
        "Shorten long outputs or fold tables into files."
      )
    }
    let nodes = Budget.limit(Budget.nodes, cells: cells)
    if isReport, page.elements.count > nodes {
      find("PERF", .warning, 0, "\(page.elements.count) elements; at most \(nodes)", "Shorten long tables.")
    }
  }

  mutating func checkProvenance() {
    guard let data = page.all("script").first(where: { $0["id"] == "provenance-data" }) else {
      find("PRV-1", 0, "the page does not say where its numbers come from", "Keep the provenance block.")
      return
    }
    for key in ["notebook", "swift", "processor", "parameters", "cells"] where !data.text.contains("\"\(key)\":") {
      find("PRV-1", data.line, "provenance without '\(key)'", "Render the report again.")
    }
  }
}
