internal import Report

/// What a page holds, read in one pass: elements with their attributes and texts, in the order of the file.
struct PageFacts {
  struct Element {
    var name: String
    var attributes: [HTMLTokenizer.Attribute]
    var line: Int
    /// Positions in `elements` of the elements around it, outermost first.
    var ancestors: [Int]
    /// Text inside, character references resolved; long texts are cut.
    var text = ""

    subscript(attribute: String) -> String? {
      attributes.first { $0.name == attribute }.map { CharacterReferences.resolve($0.value) }
    }
  }

  /// A stretch of text that readers see, with its place.
  struct Text {
    var text: Substring
    var line: Int
    /// The element that holds it; nil at the top.
    var parent: Int?
  }

  var elements: [Element] = []
  var texts: [Text] = []
  /// Tags that do not match, with their lines.
  var unbalanced: [(line: Int, message: String)] = []

  private static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
  ]

  init(_ html: String) {
    var open: [Int] = []
    var line = 1
    var counted = 0
    let bytes = Array(html.utf8)
    var tokens = HTMLTokenizer(html)
    while true {
      let start = tokens.offset
      while counted < start {
        if bytes[counted] == 0x0A { line += 1 }
        counted += 1
      }
      guard let token = tokens.next() else { break }
      switch token {
      case .text(let text): add(text, line, open)
      case .other: continue
      case .open(let name, let attributes, let isSelfClosing):
        elements.append(Element(name: name, attributes: attributes, line: line, ancestors: open))
        if !Self.void.contains(name), !isSelfClosing { open.append(elements.count - 1) }
      case .close(let name): close(name, line, &open)
      }
    }
    for index in open.reversed() {
      unbalanced.append((elements[index].line, "<\(elements[index].name)> is never closed"))
    }
  }

  private mutating func add(_ text: Substring, _ line: Int, _ open: [Int]) {
    texts.append(Text(text: text, line: line, parent: open.last))
    guard !text.allSatisfy(\.isWhitespace) else { return }
    let resolved = CharacterReferences.resolve(text)
    for index in open where elements[index].text.utf8.count < 4_000 || elements[index].name == "script" {
      elements[index].text += resolved
    }
    // A script's text is compared with its digest: as it stands, and whole.
    if let last = open.last, elements[last].name == "script" || elements[last].name == "style" {
      elements[last].text = String(text)
    }
  }

  private mutating func close(_ name: String, _ line: Int, _ open: inout [Int]) {
    guard let position = open.lastIndex(where: { elements[$0].name == name }) else {
      unbalanced.append((line, "</\(name)> closes nothing"))
      return
    }
    for index in open[(position + 1)...] {
      unbalanced.append((elements[index].line, "<\(elements[index].name)> is not closed before </\(name)>"))
    }
    open.removeSubrange(position...)
  }

  func all(_ names: String...) -> [Element] { elements.filter { names.contains($0.name) } }

  func isInside(_ element: Element, where test: (Element) -> Bool) -> Bool {
    element.ancestors.contains { test(elements[$0]) }
  }

  /// Elements inside the element at this position.
  func descendants(of position: Int) -> [Element] {
    elements[(position + 1)...].prefix { $0.ancestors.contains(position) }.map { $0 }
  }
}
