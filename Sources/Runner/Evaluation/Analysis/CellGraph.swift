internal import Notebook

/// Which cell needs which earlier ones, and when each inline expression is evaluated.
struct CellGraph: Sendable {
  /// What a piece of code takes from the cells before it.
  struct Links: Sendable {
    /// Indices of the cells that it imports, in order.
    var imports: [Int] = []
    /// Names that several imported cells define, with the cell whose definition holds.
    var shadowed: [(definition: CellAnalysis.Definition, cell: Int)] = []
    /// Import lines of earlier cells, which go on holding.
    var carriedImports: [String] = []
    /// Cells whose failure makes the code meaningless, with the name that links them.
    var reliances: [Int: String] = [:]
  }

  /// One cell with what is known of it.
  struct Node: Sendable {
    var cell: Cell
    var analysis: CellAnalysis
    var links = Links()
  }

  /// Inline expressions that are compiled together and evaluated after a cell.
  struct ExpressionGroup: Sendable {
    /// Index of the cell after which the group is evaluated; -1 before the first.
    var after: Int
    var expressions: [InlineExpression]
    var links: Links
    /// Names used, each with the cell that defines it.
    fileprivate var definers: [String: Int]
    /// The cells on which each expression relies, by its index in the notebook.
    var reliances: [Int: [Int: String]] = [:]
  }

  /// One for each cell of the notebook.
  private(set) var nodes: [Node]
  private(set) var groups: [ExpressionGroup] = []
  /// Names that each inline expression uses, by its index in the notebook.
  private(set) var expressionUses: [Int: Set<String>] = [:]
  /// Whether an inline expression uses the parameters as a whole.
  private(set) var handsOnParameters = false
  private(set) var diagnostics: [Diagnostic] = []

  init(_ notebook: Notebook) {
    nodes = notebook.cells.map { cell in
      Node(cell: cell, analysis: CellAnalysis(code: cell.options.evaluates ? cell.code : ""))
    }
    for index in nodes.indices { nodes[index].links = links(ofCell: index) }
    for expression in notebook.expressions { place(expression) }
    for index in groups.indices { groups[index].links = links(of: groups[index]) }
    groups.sort { $0.after < $1.after }
    diagnostics = CellPitfalls(notebook, nodes).diagnostics
  }

  private func links(ofCell index: Int) -> Links {
    let uses = nodes[index].analysis.uses
    var definers: [String: Int] = [:]
    for earlier in 0..<index {
      for definition in nodes[earlier].analysis.definitions where uses.contains(definition.name) {
        definers[definition.name] = earlier
      }
    }
    var links = links(before: index, uses: uses, definers: definers)
    addChangers(index, uses, to: &links)
    let own = nodes[index].analysis.imports
    links.carriedImports.removeAll { own.contains($0) }
    return links
  }

  private func links(of group: ExpressionGroup) -> Links {
    links(before: group.after + 1, uses: Set(group.definers.keys), definers: group.definers)
  }

  /// What code that stands before a cell takes from the earlier ones, when the definitions that hold are known.
  private func links(before end: Int, uses: Set<String>, definers: [String: Int]) -> Links {
    var links = Links()
    for earlier in 0..<end {
      let analysis = nodes[earlier].analysis
      let needed = analysis.definitions.first { uses.contains($0.name) }
      if needed != nil || analysis.extendsOthers {
        links.imports.append(earlier)
        links.reliances[earlier] = needed?.name ?? analysis.definitions.first?.name ?? "an extension"
      }
      links.carriedImports += analysis.imports.filter { !links.carriedImports.contains($0) }
    }
    for (name, cell) in definers.sorted(by: { $0.key < $1.key }) where isShadowed(name, in: links.imports) {
      guard let definition = nodes[cell].analysis.definitions.first(where: { $0.name == name }) else { continue }
      links.shadowed.append((definition, cell))
    }
    return links
  }

  /// Functions of several cells stay overloads; anything else is replaced by the definition that holds, and takes the place of
  /// what the runtime calls so, in its private parts too: those are open to cells.
  private func isShadowed(_ name: String, in cells: [Int]) -> Bool {
    let definitions = cells.map { nodes[$0].analysis.definitions.filter { $0.name == name } }.filter { !$0.isEmpty }
    let kinds = definitions.flatMap { $0.map(\.kind) }
    // Functions that are operators have no scoped import either.
    guard !kinds.isEmpty, !kinds.contains(.other), name.contains(where: { $0.isLetter || $0 == "_" }) else {
      return false
    }
    return definitions.count == 1 || !kinds.allSatisfy { $0 == .func }
  }

  /// A cell between may have changed a variable that this one reads: if it failed, the value is not what the text says.
  private func addChangers(_ index: Int, _ uses: Set<String>, to links: inout Links) {
    for earlier in 0..<index where links.reliances[earlier] == nil {
      let changed = nodes[0..<earlier].flatMap(\.analysis.definitions).first {
        $0.kind == .var && uses.contains($0.name) && nodes[earlier].analysis.uses.contains($0.name)
      }
      if let changed { links.reliances[earlier] = changed.name }
    }
  }

  /// An inline expression sees the cells above it; a name that is only defined below is taken from there.
  ///
  /// All expressions whose values cannot change any more are evaluated together at the end, which costs one compilation.
  private mutating func place(_ expression: InlineExpression) {
    let analysis = CellAnalysis(code: expression.code)
    let uses = analysis.uses
    if analysis.handsOnParameters { handsOnParameters = true }
    expressionUses[expression.index] = uses
    let above = nodes.lastIndex { $0.cell.range.start < expression.range.start } ?? -1
    var definers: [String: Int] = [:]
    for name in uses {
      let earlier = nodes[..<(above + 1)].lastIndex { $0.analysis.defines(name) }
      definers[name] = earlier ?? nodes[(above + 1)...].firstIndex { $0.analysis.defines(name) }
    }
    let ready = max(above, definers.values.max() ?? -1)
    let mayChange = definers.contains { name, cell in
      nodes[cell].analysis.definitions.contains { $0.name == name && $0.kind == .var }
        && nodes[(ready + 1)...].contains { $0.analysis.uses.contains(name) }
    }
    let after = mayChange ? ready : nodes.count - 1
    let fitting = groups.firstIndex { group in
      group.after == after && definers.allSatisfy { group.definers[$0.key] ?? $0.value == $0.value }
    }
    let reliances = Dictionary(definers.map { ($0.value, $0.key) }, uniquingKeysWith: min)
    if let fitting {
      groups[fitting].expressions.append(expression)
      groups[fitting].definers.merge(definers) { first, _ in first }
      groups[fitting].reliances[expression.index] = reliances
    } else {
      groups.append(
        ExpressionGroup(
          after: after,
          expressions: [expression],
          links: Links(),
          definers: definers,
          reliances: [expression.index: reliances]
        )
      )
    }
  }
}

extension CellAnalysis {
  func defines(_ name: String) -> Bool { definitions.contains { $0.name == name } }
}

extension Cell {
  func diagnostic(
    file: String,
    line codeLine: Int,
    column: Int,
    _ message: String,
    remedy: String? = nil
  ) -> Diagnostic {
    let place = location(line: codeLine, column: column)
    return Diagnostic(
      .error,
      file: file,
      range: SourceRange(line: place.line, column: place.column),
      message,
      remedy: remedy
    )
  }
}
