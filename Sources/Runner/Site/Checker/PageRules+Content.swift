internal import Report

extension PageRules {
  // MARK: - Figures

  mutating func checkFigures() {
    for (position, element) in page.elements.enumerated() {
      if element.name == "img" { checkPicture(element) }
      if element.name == "figure" { checkFigure(element, at: position) }
    }
  }

  private mutating func checkPicture(_ image: PageFacts.Element) {
    for attribute in ["width", "height"] where Int(image[attribute] ?? "") == nil {
      find("FIG-1", image.line, "a picture without \(attribute): the page jumps while it loads", "Give its size.")
    }
    guard let alt = image["alt"] else {
      find("FIG-2", image.line, "a picture without alt", "Say what it shows.")
      return
    }
    guard page.isInside(image, where: { $0.name == "figure" }) else { return }
    let name = (image["src"] ?? "").split(separator: "/").last.map(String.init) ?? ""
    let isPlaceholder =
      alt.contains("No description") || alt == name || ["image", "figure", "plot"].contains(alt.lowercased())
    if alt.isEmpty || isPlaceholder {
      find(
        "FIG-2",
        image.line,
        "the picture's text alternative says nothing: '\(alt)'",
        "Say what it shows, with //| alt: …"
      )
    } else if !(20...600).contains(alt.count) {
      find(
        "FIG-2",
        .warning,
        image.line,
        "text alternative of \(alt.count) characters; 20 to 300 serve readers best",
        "Say what the figure shows in one or two sentences."
      )
    }
  }

  private mutating func checkFigure(_ figure: PageFacts.Element, at position: Int) {
    let inside = page.descendants(of: position)
    guard !page.isInside(figure, where: { $0.name == "figure" }) else { return }
    let caption = inside.first { $0.name == "figcaption" }
    if caption == nil { find("FIG-4", figure.line, "a figure without a caption", "Give it one, with //| caption: …") }
    let drawing = inside.first { $0.name == "img" && ($0["src"] ?? "").contains(".svg") }
    guard let drawing, let id = figure["id"], figure["class"] != "audio" else { return }
    if let text = caption?.text.squeezed(), drawing["alt"]?.squeezed() == text {
      find("FIG-2", drawing.line, "the text alternative repeats the caption", "Say what the figure shows.")
    }
    guard !(drawing["src"] ?? "").hasPrefix("data:") else { return }
    let data = inside.compactMap { $0["href"] }.filter { $0.hasSuffix(".csv") }
    if data.isEmpty {
      find(
        "FIG-3",
        .warning,
        figure.line,
        "figure '\(id)' does not link to its data",
        "Draw it with marks that carry data."
      )
    }
    for file in data {
      guard let target = PageLink.resolve(file, from: path), let bytes = read(target.path) else { continue }
      if !Self.isTable(bytes) { find("FIG-3", figure.line, "'\(file)' is not a table", "Write it again.") }
    }
  }

  /// Whether all rows of comma-separated values have as many fields as the first.
  static func isTable(_ bytes: [UInt8]) -> Bool {
    var isQuoted = false
    var fields = 1
    var expected: Int?
    for byte in bytes {
      switch byte {
      case 0x22: isQuoted.toggle()
      case 0x2C where !isQuoted: fields += 1
      case 0x0A where !isQuoted:
        if let expected, expected != fields { return false }
        expected = fields
        fields = 1
      default: continue
      }
    }
    return !isQuoted && expected != nil
  }

  // MARK: - Tables, sound, formulas

  mutating func checkTables() {
    for (position, element) in page.elements.enumerated() {
      if element.name == "th", element["scope"] == nil {
        find("TAB-1", element.line, "a heading cell without scope", "Say whether it heads a row or a column.")
      }
      guard element.name == "table", isReport, !page.isInside(element, where: { $0["class"] == "html" }) else {
        continue
      }
      let inside = page.descendants(of: position)
      if !inside.contains(where: { $0.name == "th" }) {
        find("TAB-1", .warning, element.line, "a table without heading cells", "Name its columns.")
      }
    }
  }

  mutating func checkSound() {
    for audio in page.all("audio") {
      if audio["controls"] == nil { find("AUD-1", audio.line, "a player without controls", "Show them.") }
      if audio["autoplay"] != nil {
        find("AUD-2", audio.line, "sound that plays by itself", "Let the reader start it.")
      }
      if (audio["aria-label"] ?? "").squeezed().isEmpty {
        find("AUD-1", audio.line, "a player without a name", "Give the clip a title.")
      }
      let figure = audio.ancestors.last { page.elements[$0].name == "figure" }
      if let figure, page.elements[figure].text.squeezed().count < 40 {
        find("AUD-2", audio.line, "sound without a text alternative", "Give a transcript or say what to listen for.")
      }
    }
  }

  mutating func checkFormulas() {
    for math in page.all("math") where (math["alttext"] ?? "").isEmpty {
      find("MAT-1", math.line, "a formula without its source as text", "Write it through the formula writer.")
    }
    for text in page.texts {
      guard let parent = text.parent, text.text.utf8.contains(0x24) || text.text.utf8.contains(0x5C) else { continue }
      let around = [page.elements[parent]] + page.elements[parent].ancestors.map { page.elements[$0] }
      if around.contains(where: { ["code", "pre", "script", "style", "annotation", "head"].contains($0.name) }) {
        continue
      }
      if text.text.contains("$$") || text.text.contains(#/\\\(|\\\[|\\begin\{/#) {
        find(
          "MAT-1",
          .warning,
          text.line,
          "TeX that was not typeset: '\(text.text.squeezed(limit: 60))'",
          "Put it between dollar signs in the notebook."
        )
      }
    }
  }
}
