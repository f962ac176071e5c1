package import Notebook

/// Which cell needs which earlier ones, and where each inline expression is evaluated.
struct CellGraph: Sendable {
  /// One cell with what is known of it.
  struct Node: Sendable {
    var cell: Cell
    var analysis: CellAnalysis
    /// Indices of the earlier cells that this one imports, in order.
    var imports: [Int] = []
    /// Names that several imported cells define, with the cell whose definition holds here.
    var shadowed: [(definition: CellAnalysis.Definition, cell: Int)] = []
    /// Import lines of earlier cells, which go on holding.
    var carriedImports: [String] = []
    /// Inline expressions that are evaluated at the end of this cell.
    var expressions: [InlineExpression] = []
    /// Earlier cells whose failure makes this one meaningless, with the name that links them.
    var reliances: [Int: String] = [:]
  }

  /// Nodes in the order of the text. Index 0 is an empty cell before the first one: inline expressions that need no cell
  /// are evaluated there. Node i+1 is the notebook's cell i.
  private(set) var nodes: [Node]
  private(set) var diagnostics: [Diagnostic] = []

  init(_ notebook: Notebook) {
    let preamble = Cell(index: -1, code: "", line: 1, range: SourceRange(line: 1, column: 1))
    nodes = ([preamble] + notebook.cells).map { cell in
      let code = cell.options.evaluates ? cell.code : ""
      return Node(cell: cell, analysis: CellAnalysis(code: code))
    }
    for expression in notebook.expressions { place(expression) }
    for index in nodes.indices { link(index) }
    findUnusable(notebook)
  }

  /// An inline expression sees the cells above it; a name that is only defined below is taken from there.
  private mutating func place(_ expression: InlineExpression) {
    let names = CellAnalysis(expression: expression.code).uses
    let above = nodes.lastIndex { $0.cell.index >= 0 && $0.cell.range.start < expression.range.start } ?? 0
    var target = above
    for name in names where !definesName(name, upTo: above) {
      if let below = nodes.indices.first(where: { $0 > above && defines(nodes[$0], name) }) {
        target = max(target, below)
      }
    }
    nodes[target].expressions.append(expression)
  }

  private func defines(_ node: Node, _ name: String) -> Bool { node.analysis.definitions.contains { $0.name == name } }

  private func definesName(_ name: String, upTo index: Int) -> Bool { nodes[...index].contains { defines($0, name) } }

  private mutating func link(_ index: Int) {
    var uses = nodes[index].analysis.uses
    for expression in nodes[index].expressions { uses.formUnion(CellAnalysis(expression: expression.code).uses) }
    var lastDefinition: [String: (CellAnalysis.Definition, Int)] = [:]
    var definers: [String: Set<Int>] = [:]
    for earlier in 0..<index {
      let analysis = nodes[earlier].analysis
      let needed = analysis.definitions.filter { uses.contains($0.name) }
      for definition in needed {
        definers[definition.name, default: []].insert(earlier)
        lastDefinition[definition.name] = (definition, earlier)
        nodes[index].reliances[earlier] = definition.name
      }
      if analysis.extendsOthers || !needed.isEmpty { nodes[index].imports.append(earlier) }
      if analysis.extendsOthers, nodes[index].reliances[earlier] == nil {
        nodes[index].reliances[earlier] = analysis.definitions.first?.name ?? "an extension"
      }
      nodes[index].carriedImports += analysis.imports.filter { !nodes[index].carriedImports.contains($0) }
    }
    let own = nodes[index].analysis.imports
    nodes[index].carriedImports.removeAll { own.contains($0) }
    for (name, cells) in definers.sorted(by: { $0.key < $1.key }) where cells.count > 1 {
      guard let (definition, cell) = lastDefinition[name], isShadowing(name, cells) else { continue }
      nodes[index].shadowed.append((definition, cell))
    }
    addChangers(index, uses)
  }

  /// Functions of one name stay overloads; anything else is replaced by the later definition.
  private func isShadowing(_ name: String, _ cells: Set<Int>) -> Bool {
    let kinds = cells.flatMap { nodes[$0].analysis.definitions.filter { $0.name == name }.map(\.kind) }
    return !kinds.allSatisfy { $0 == .func } && !kinds.contains(.other)
  }

  /// A cell between may have changed a variable that this one reads: if it failed, the value is not what the text says.
  private mutating func addChangers(_ index: Int, _ uses: Set<String>) {
    for earlier in 0..<index where nodes[index].reliances[earlier] == nil {
      let changed = nodes[0..<earlier].flatMap(\.analysis.definitions).first {
        $0.kind == .var && uses.contains($0.name) && nodes[earlier].analysis.uses.contains($0.name)
      }
      if let changed { nodes[index].reliances[earlier] = changed.name }
    }
  }

  /// What the compiler would only say obscurely: names of a top-level `guard let` used later, and `await`.
  private mutating func findUnusable(_ notebook: Notebook) {
    for (index, node) in nodes.enumerated() {
      if let (line, column) = node.analysis.topLevelAwait {
        diagnostics.append(
          node.cell.diagnostic(
            file: notebook.path, line: line, column: column, "'await' cannot stand at the top level of a cell",
            remedy: "write 'let value = try waitFor { try await … }', which blocks until the result is there"))
      }
      for (name, line) in node.analysis.guardBindings.sorted(by: { $0.key < $1.key }) {
        let user = nodes[(index + 1)...].first { later in
          later.analysis.uses.contains(name) && !definesName(name, upTo: index)
            && !later.analysis.definitions.contains { $0.name == name }
        }
        guard let user else { continue }
        diagnostics.append(
          node.cell.diagnostic(
            file: notebook.path, line: line, column: 1,
            "'\(name)' is bound by a 'guard' at the top level, so later cells (\(user.cell.name)) cannot see it",
            remedy: "write 'let \(name) = try require(…)', which throws where the value is missing"))
      }
    }
  }

  /// Index of the node of a cell.
  static func node(ofCell index: Int) -> Int { index + 1 }
}

extension Cell {
  /// The place in the notebook of a line and column in the cell's code, both counted from 1.
  package func location(line codeLine: Int, column: Int) -> SourceLocation {
    let indent = indentation.indices.contains(codeLine - 1) ? indentation[codeLine - 1] : 0
    return SourceLocation(line: line + codeLine - 1, column: column + indent)
  }

  func diagnostic(
    file: String,
    line codeLine: Int,
    column: Int,
    _ message: String,
    remedy: String? = nil
  ) -> Diagnostic {
    let place = location(line: codeLine, column: column)
    return Diagnostic(
      .error, file: file, range: SourceRange(line: place.line, column: place.column), message, remedy: remedy)
  }
}
