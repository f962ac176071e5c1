internal import Yams

/// Typed access to YAML nodes that collects what is wrong with place, cause and remedy.
struct YAMLReader {
  let source: SourceText
  /// Line of the notebook on which the YAML text begins.
  let firstLine: Int
  /// Characters before the YAML text on each of its lines (the `//| ` of cell options).
  var firstColumn = 0
  private(set) var diagnostics: [Diagnostic] = []

  init(source: SourceText, firstLine: Int, firstColumn: Int = 0) {
    self.source = source
    self.firstLine = firstLine
    self.firstColumn = firstColumn
  }

  /// Parses the text; nil when it is empty or broken.
  mutating func compose(_ yaml: String) -> Node? {
    do {
      return try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      report(error)
    } catch {
      diagnostics.append(source.error(line: firstLine, "the YAML text cannot be read: \(error)"))
    }
    return nil
  }

  private mutating func report(_ error: YamlError) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      diagnostics.append(
        source.error(
          line: firstLine + mark.line - 1,
          column: firstColumn + mark.column,
          "broken YAML: \(problem)",
          remedy: "check indentation, quotes and the colon after the key"
        )
      )
    case .duplicatedKeysInMapping(let duplicates, let context):
      let name = duplicates.map(\.description).joined(separator: "', '")
      diagnostics.append(
        source.error(
          line: firstLine + context.mark.line - 1,
          column: firstColumn + context.mark.column,
          "the key '\(name)' stands twice",
          remedy: "keep one of them"
        )
      )
    default:
      diagnostics.append(source.error(line: firstLine, "broken YAML: \(error)"))
    }
  }

  func range(of node: Node) -> SourceRange {
    guard let mark = node.mark else { return SourceRange(line: firstLine, column: 1) }
    return SourceRange(line: firstLine + mark.line - 1, column: firstColumn + mark.column)
  }

  mutating func report(_ node: Node, _ message: String, remedy: String? = nil) {
    diagnostics.append(Diagnostic(.error, file: source.path, range: range(of: node), message, remedy: remedy))
  }

  /// The entries of a mapping in the order of the text; unknown keys are reported with the nearest known one.
  mutating func entries(of node: Node, what: String, keys: [String]?) -> [(key: String, value: Node)] {
    guard let mapping = node.mapping else {
      if case .scalar(let scalar) = node, scalar.string.isEmpty { return [] }
      report(node, "\(what) must be a mapping of keys to values")
      return []
    }
    return mapping.compactMap { keyNode, value in
      guard let key = keyNode.string else { return nil }
      guard let keys, !keys.contains(key) else { return (key, value) }
      let nearest = suggestion(for: key, among: keys)
      let known = keys.isEmpty ? "none" : keys.sorted().joined(separator: ", ")
      report(keyNode, "unknown key '\(key)' in \(what)\(nearest) (known: \(known))")
      return nil
    }
  }

  /// The elements of a list, or the node itself where one value stands for a list of one.
  func elements(of node: Node) -> [Node] { node.sequence.map(Array.init) ?? [node] }

  mutating func string(_ node: Node, _ key: String) -> String? {
    guard let text = node.scalar?.string else {
      report(node, "'\(key)' must be a text")
      return nil
    }
    return text
  }

  mutating func strings(_ node: Node, _ key: String) -> [String] {
    elements(of: node).compactMap { string($0, key) }
  }

  mutating func integer(_ node: Node, _ key: String) -> Int? {
    guard let value = node.scalar.flatMap({ Int($0.string) }) else {
      report(node, "'\(key)' must be a whole number, found '\(node.scalar?.string ?? "a list")'")
      return nil
    }
    return value
  }

  mutating func boolean(_ node: Node, _ key: String) -> Bool? {
    guard let value = node.scalar.flatMap({ Bool($0.string) }) else {
      report(node, "'\(key)' must be true or false, found '\(node.scalar?.string ?? "a list")'")
      return nil
    }
    return value
  }

  mutating func choice<Choice>(_ node: Node, _ key: String) -> Choice?
  where Choice: RawRepresentable<String> & CaseIterable {
    guard let text = node.scalar?.string, let value = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      report(node, "'\(key)' must be one of \(known), found '\(node.scalar?.string ?? "a list")'")
      return nil
    }
    return value
  }

  /// A time such as `120s`, `2m` or `500ms`; a bare number means seconds.
  mutating func duration(_ node: Node, _ key: String) -> Double? {
    let units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
    guard let value = node.scalar.flatMap({ Self.quantity($0.string, units: units) }), value > 0 else {
      report(node, "'\(key)' must be a time such as 120s or 5m, found '\(node.scalar?.string ?? "a list")'")
      return nil
    }
    return value
  }

  /// An amount of memory such as `512MB` or `8GB`, in bytes.
  mutating func bytes(_ node: Node, _ key: String) -> Int? {
    let units: [(String, Double)] = [("kB", 0x1p10), ("MB", 0x1p20), ("GB", 0x1p30)]
    guard let value = node.scalar.flatMap({ Self.quantity($0.string, units: units) }), value >= 1 else {
      report(node, "'\(key)' must be an amount such as 512MB or 8GB, found '\(node.scalar?.string ?? "a list")'")
      return nil
    }
    return Int(min(value, 0x1p62))
  }

  private static func quantity(_ text: String, units: [(suffix: String, factor: Double)]) -> Double? {
    if let value = Double(text) { return value.isFinite ? value : nil }
    for unit in units where text.lowercased().hasSuffix(unit.suffix.lowercased()) {
      let number = text.dropLast(unit.suffix.count)
      if let value = Double(number.trailingTrimmed), value.isFinite { return value * unit.factor }
    }
    return nil
  }
}
