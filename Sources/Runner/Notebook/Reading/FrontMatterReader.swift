internal import Yams

/// Reads the YAML head of a notebook and checks it against the schema.
struct FrontMatterReader {
  private let source: SourceText
  /// Line of the notebook on which the YAML text begins.
  private let firstLine: Int
  private var diagnostics: [Diagnostic] = []

  /// Reads the head, if there is one.
  ///
  /// - Returns: the front matter and the line on which the body begins.
  static func read(_ source: SourceText) throws(NotebookError) -> (FrontMatter?, bodyLine: Int) {
    guard source.lines.first?.trailingTrimmed == "---" else { return (nil, 1) }
    let end = source.lines.dropFirst().firstIndex { $0.trailingTrimmed == "---" || $0.trailingTrimmed == "..." }
    guard let end else {
      throw NotebookError(
        source.error(
          line: 1,
          "the front matter is not closed",
          remedy: "end it with a line that holds only '---'"
        )
      )
    }
    let yaml = source.lines[1..<end].joined(separator: "\n")
    var reader = FrontMatterReader(source: source, firstLine: 2)
    let frontMatter = reader.decode(yaml)
    guard reader.diagnostics.isEmpty, let frontMatter else { throw NotebookError(reader.diagnostics) }
    return (frontMatter, end + 2)
  }

  private init(source: SourceText, firstLine: Int) {
    self.source = source
    self.firstLine = firstLine
  }

  private static let keys = [
    "title", "subtitle", "authors", "date", "language", "abstract", "tags", "paper", "params", "profiles", "data",
    "bibliography", "execute",
  ]

  private mutating func decode(_ yaml: String) -> FrontMatter? {
    var frontMatter = FrontMatter(title: "")
    var document = YAMLReader(source: source, firstLine: firstLine)
    defer { diagnostics += document.diagnostics }
    guard let root = document.compose(yaml) else { return document.diagnostics.isEmpty ? frontMatter : nil }
    let entries = document.entries(of: root, what: "front matter", keys: Self.keys)
    for (key, node) in entries {
      switch key {
      case "title": frontMatter.title = document.string(node, key) ?? ""
      case "subtitle": frontMatter.subtitle = document.string(node, key)
      case "authors": frontMatter.authors = authors(node, &document)
      case "date": frontMatter.date = date(node, &document)
      case "language": frontMatter.language = Self.language(node, &document) ?? "en"
      case "abstract": frontMatter.abstract = document.string(node, key)
      case "tags": frontMatter.tags = document.strings(node, key)
      case "paper": frontMatter.paper = paper(node, &document)
      case "params": frontMatter.parameters = parameters(node, &document)
      case "data": frontMatter.data = document.strings(node, key)
      case "bibliography": frontMatter.bibliography = document.strings(node, key)
      case "execute": frontMatter.execute = execute(node, &document)
      default: break
      }
    }
    if let node = entries.first(where: { $0.key == "profiles" })?.value {
      frontMatter.profiles = profiles(node, frontMatter.parameters, &document)
    }
    return frontMatter
  }

  private func authors(_ node: Node, _ document: inout YAMLReader) -> [Author] {
    document.elements(of: node).compactMap { element in
      guard element.mapping != nil else { return document.string(element, "authors").map { Author(name: $0) } }
      let entries = document.entries(of: element, what: "author", keys: ["name", "orcid", "affiliation"])
      let texts = Dictionary(
        entries.compactMap { key, node in document.string(node, key).map { (key, $0) } },
        uniquingKeysWith: { $1 }
      )
      guard let name = texts["name"] else {
        document.report(element, "an author needs a name", remedy: "write 'name: A. Author'")
        return nil
      }
      return Author(name: name, orcid: texts["orcid"], affiliation: texts["affiliation"])
    }
  }

  private func date(_ node: Node, _ document: inout YAMLReader) -> String? {
    guard let text = document.string(node, "date") else { return nil }
    guard text.wholeMatch(of: /\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/) != nil else {
      document.report(node, "expected a date such as 2026-01-31, found '\(text)'")
      return nil
    }
    return text
  }

  static func language(_ node: Node, _ document: inout YAMLReader) -> String? {
    guard let text = document.string(node, "language") else { return nil }
    guard text.wholeMatch(of: /[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*/) != nil else {
      document.report(node, "expected a language tag such as en or pt-BR, found '\(text)'")
      return nil
    }
    return text
  }

  private func paper(_ node: Node, _ document: inout YAMLReader) -> Paper? {
    let keys = ["title", "authors", "year", "venue", "arxiv", "doi", "code"]
    let entries = document.entries(of: node, what: "paper", keys: keys)
    guard let title = entries.first(where: { $0.key == "title" }).flatMap({ document.string($0.value, "title") }) else {
      document.report(node, "'paper' needs a title")
      return nil
    }
    var paper = Paper(title: title)
    for (key, node) in entries {
      switch key {
      case "authors": paper.authors = document.strings(node, key)
      case "year": paper.year = document.integer(node, key)
      case "venue": paper.venue = document.string(node, key)
      case "arxiv": paper.arxiv = document.string(node, key)
      case "doi": paper.doi = document.string(node, key)
      case "code": paper.code = document.string(node, key)
      default: break
      }
    }
    return paper
  }

  private func execute(_ node: Node, _ document: inout YAMLReader) -> ExecutionDefaults {
    var defaults = ExecutionDefaults()
    let keys = ["timeout", "echo", "error", "network", "memory"]
    for (key, node) in document.entries(of: node, what: "execute", keys: keys) {
      switch key {
      case "timeout": defaults.timeout = document.duration(node, key) ?? defaults.timeout
      case "echo": defaults.echo = document.choice(node, key) ?? defaults.echo
      case "error": defaults.allowsError = document.boolean(node, key) ?? false
      case "network": defaults.allowsNetwork = document.boolean(node, key) ?? false
      case "memory": defaults.memory = document.bytes(node, key) ?? defaults.memory
      default: break
      }
    }
    return defaults
  }

  private func parameters(_ node: Node, _ document: inout YAMLReader) -> [Parameter] {
    document.entries(of: node, what: "params", keys: nil).compactMap { key, node in
      guard key.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil, !ParameterValue.reservedNames.contains(key) else {
        document.report(node, "'\(key)' cannot be the name of a parameter", remedy: "use a Swift identifier")
        return nil
      }
      guard let value = ParameterValue(node) else {
        document.report(
          node,
          "parameter '\(key)' must be a number, a text, true or false, or a list of one of these"
        )
        return nil
      }
      return Parameter(name: key, value: value, range: document.range(of: node))
    }
  }

  private func profiles(
    _ node: Node,
    _ parameters: [Parameter],
    _ document: inout YAMLReader
  ) -> [String: [String: ParameterValue]] {
    var profiles: [String: [String: ParameterValue]] = [:]
    for (name, node) in document.entries(of: node, what: "profiles", keys: nil) {
      profiles[name] = [:]
      let known = parameters.map(\.name)
      for (key, node) in document.entries(of: node, what: "profile '\(name)'", keys: known) {
        guard let parameter = parameters.first(where: { $0.name == key }) else { continue }
        if let value = ParameterValue(node)?.converted(like: parameter.value) {
          profiles[name]?[key] = value
        } else {
          document.report(
            node,
            "parameter '\(key)' is of type \(parameter.value.typeName) by its default in 'params'"
          )
        }
      }
    }
    return profiles
  }
}

extension Substring {
  /// The line without white space at its end.
  var trailingTrimmed: Substring {
    var line = self
    while let last = line.last, last.isWhitespace { line.removeLast() }
    return line
  }
}
