internal import Yams

/// Reads the option lines of a fenced Swift block.
struct CellReader {
  private let source: SourceText
  private(set) var diagnostics: [Diagnostic] = []

  init(_ source: SourceText) { self.source = source }

  private static let keys = [
    "label", "caption", "alt", "echo", "eval", "include", "output", "error", "timeout", "layout", "subcaptions",
  ]

  /// Whether an info string asks for the block to run.
  static func runs(info: String) -> Bool {
    let word = info.prefix { !$0.isWhitespace }
    return word == "swift" || word == "{swift}" || (word == "{swift" && info.contains("}"))
  }

  /// Makes a cell from the text of a block, container indentation removed, that begins on a line of the notebook.
  mutating func read(index: Int, literal: String, line: Int, range: SourceRange) -> Cell {
    var lines = literal.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let optionCount = lines.prefix { $0.hasPrefix("//|") }.count
    let options = readOptions(Array(lines.prefix(optionCount)), line: line)
    let code = Array(lines.dropFirst(optionCount))
    let indentation = code.enumerated().map { offset, text in
      cutWidth(of: text, line: line + optionCount + offset)
    }
    return Cell(
      index: index,
      code: code.joined(separator: "\n"),
      line: line + optionCount,
      indentation: indentation,
      options: options,
      range: range
    )
  }

  /// Characters that containers cut from a line of code.
  private func cutWidth(of text: Substring, line: Int) -> Int {
    guard source.lines.indices.contains(line - 1), source.lines[line - 1].hasSuffix(text) else { return 0 }
    return source.lines[line - 1].count - text.count
  }

  private mutating func readOptions(_ lines: [Substring], line: Int) -> CellOptions {
    var options = CellOptions()
    guard !lines.isEmpty else { return options }
    let hasSpace = lines.allSatisfy { $0.dropFirst(3).isEmpty || $0.dropFirst(3).first == " " }
    let yaml = lines.map { $0.dropFirst(hasSpace ? 4 : 3) }.joined(separator: "\n")
    let cut = cutWidth(of: lines[0], line: line)
    var document = YAMLReader(source: source, firstLine: line, firstColumn: cut + (hasSpace ? 4 : 3))
    defer { diagnostics += document.diagnostics }
    guard let root = document.compose(yaml) else { return options }
    for (key, node) in document.entries(of: root, what: "cell options", keys: Self.keys) {
      options.ranges[key] = document.range(of: node)
      switch key {
      case "label":
        options.label = document.string(node, key)
        if let label = options.label, !Self.isLabel(label) {
          document.report(
            node,
            "'\(label)' cannot be a label",
            remedy: "use letters, digits, '-' and '_', beginning with a letter"
          )
        }
      case "caption": options.caption = document.string(node, key)
      case "alt": options.altText = document.string(node, key)
      case "echo": options.echo = document.choice(node, key)
      case "eval": options.evaluates = document.boolean(node, key) ?? true
      case "include": options.isIncluded = document.boolean(node, key) ?? true
      case "output": options.output = document.choice(node, key) ?? .shown
      case "error": options.allowsError = document.boolean(node, key)
      case "timeout": options.timeout = document.duration(node, key)
      case "layout": options.layout = Self.layout(node, &document)
      case "subcaptions": options.subcaptions = document.strings(node, key)
      default: break
      }
    }
    return options
  }

  private static func layout(_ node: Node, _ document: inout YAMLReader) -> CellOptions.Layout? {
    let text = node.scalar?.string ?? "a list"
    if text == "tabs" { return .tabs }
    if let count = Int(text), (1...12).contains(count) { return .columns(count) }
    document.report(node, "'layout' must be 'tabs' or a number of columns from 1 to 12, found '\(text)'")
    return nil
  }

  /// Labels may use letters of any script, so that a notebook can be written in its author's language.
  static func isLabel(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
  }
}
