internal import Report

/// The rules for one page; each group of rules stands in a file of its own.
struct PageRules {
  let path: String
  let html: String
  let page: PageFacts
  let known: Set<String>
  let read: (String) -> [UInt8]?
  var findings: [Finding] = []
  var links: [PageLink] = []
  var ids: Set<String> = []

  init(path: String, html: String, known: Set<String>, read: @escaping (String) -> [UInt8]?) {
    self.path = path
    self.html = html
    page = PageFacts(html)
    self.known = known
    self.read = read
  }

  /// Whether the page is a report (it has an article), not a page of the site around them.
  var isReport: Bool { page.elements.contains { $0.name == "article" } }

  mutating func check() {
    checkSkeleton()
    checkHeadings()
    checkNames()
    checkAddresses()
    checkFigures()
    checkTables()
    checkSound()
    checkFormulas()
    checkSafety()
    checkWeight()
    if isReport { checkProvenance() }
  }

  mutating func find(_ rule: String, _ line: Int, _ message: String, _ remedy: String) {
    find(rule, .error, line, message, remedy)
  }

  mutating func find(_ rule: String, _ severity: Finding.Severity, _ line: Int, _ message: String, _ remedy: String) {
    findings.append(Finding(rule, severity, page: path, line: line, message, remedy: remedy))
  }

  // MARK: - Structure

  private mutating func checkSkeleton() {
    if !html.lowercased().hasPrefix("<!doctype html>") {
      find("STR-1", 1, "the page does not begin with <!doctype html>", "Begin the template with it.")
    }
    for name in ["h1", "main"] {
      let count = page.all(name).count
      if count != 1 { find("STR-1", 1, "\(count) <\(name)> elements; expected 1", "Keep exactly one.") }
    }
    let language = page.all("html").first?["lang"] ?? ""
    if language.wholeMatch(of: #/[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*/#) == nil {
      find("STR-1", 1, "the page's language is '\(language)'", "Give a tag such as 'en' in the front matter.")
    }
    if page.all("title").first?.text.squeezed().isEmpty ?? true {
      find("STR-6", 1, "the page has no title", "Give the notebook a title.")
    }
    let metas = page.all("meta")
    if metas.first?["charset"] == nil { find("STR-6", 1, "the first <meta> is not the charset", "Put it first.") }
    if let viewport = metas.first(where: { $0["name"] == "viewport" })?["content"] {
      if viewport.contains("maximum-scale") || viewport.contains("user-scalable") {
        find("STR-6", 1, "readers cannot enlarge the page", "Leave maximum-scale out of the viewport.")
      }
    } else {
      find("STR-6", 1, "the page has no viewport", "Add <meta name=\"viewport\">.")
    }
    for problem in page.unbalanced { find("STR-8", problem.line, problem.message, "Close elements in order.") }
    for element in page.elements {
      var names: Set<String> = []
      for attribute in element.attributes where !names.insert(attribute.name).inserted {
        find("STR-8", element.line, "<\(element.name)> has '\(attribute.name)' twice", "Keep one.")
      }
      if element.name == "p", page.isInside(element, where: { $0.name == "p" }) {
        find("STR-8", element.line, "a paragraph inside a paragraph", "End the outer one first.")
      }
    }
  }

  private mutating func checkHeadings() {
    var last = 0
    for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6") {
      let level = Int(heading.name.dropFirst()) ?? 1
      if level > last + 1 {
        find("STR-2", heading.line, "heading of level \(level) after level \(last)", "Use levels in order.")
      }
      if heading.text.squeezed().isEmpty { find("STR-2", heading.line, "a heading without text", "Give it words.") }
      last = level
    }
  }

  private mutating func checkNames() {
    for element in page.elements {
      guard let id = element["id"] else { continue }
      if id.isEmpty || !ids.insert(id).inserted {
        find("STR-3", element.line, "the name '\(id)' is used twice or empty", "Give each place its own label.")
      }
    }
    for element in page.elements {
      for attribute in ["aria-labelledby", "aria-describedby", "aria-controls", "for"] {
        for id in (element[attribute] ?? "").split(separator: " ") where !ids.contains(String(id)) {
          find("STR-3", element.line, "\(attribute) names '\(id)', which is nowhere", "Name an id of the page.")
        }
      }
    }
  }

  private mutating func checkAddresses() {
    for element in page.elements {
      for attribute in ["href", "src", "srcset", "data", "poster"] {
        guard let address = element[attribute] else { continue }
        check(
          address,
          element,
          isLoaded: attribute != "href" || element.name == "link" && element["rel"] == "stylesheet"
        )
      }
    }
    // Folders of machines end up in messages and titles; the site's own paths never look like these.
    for mark in ["/home/", "/Users/", "/root/", "/var/folders/", "C:\\Users\\"] where html.contains(mark) {
      find("PRV-1", 0, "the page holds a path of a machine ('\(mark)…')", "Leave paths of files out of outputs.")
    }
  }

  private mutating func check(_ address: String, _ element: PageFacts.Element, isLoaded: Bool) {
    let lower = address.lowercased().filter { !$0.isWhitespace }
    if lower.hasPrefix("data:") || lower.hasPrefix("mailto:") { return }
    if lower.hasPrefix("javascript:") || lower.hasPrefix("vbscript:") {
      find("SAF-1", element.line, "an address that runs a script", "Link to a page.")
    } else if lower.hasPrefix("http:") || lower.hasPrefix("https:") {
      if isLoaded {
        find("SAF-2", element.line, "the page loads '\(address.squeezed(limit: 80))'", "Keep the file beside the page.")
      }
    } else if lower.hasPrefix("/") || lower.hasPrefix("file:") || lower.hasPrefix("\\") {
      find("STR-7", element.line, "'\(address.squeezed(limit: 80))' is not relative", "Address files from the page.")
    } else if let target = PageLink.resolve(address, from: path) {
      links.append(PageLink(page: path, line: element.line, target: target.path, fragment: target.fragment))
    } else {
      find("STR-7", element.line, "'\(address.squeezed(limit: 80))' leaves the site", "Address files inside of it.")
    }
  }
}
