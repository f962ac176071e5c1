internal import Notebook

/// What is to be compiled: the graph of cells, and the text of each cell and each group of inline expressions.
struct EvaluationPlan: Sendable {
  let graph: CellGraph
  /// One for each cell.
  private(set) var cells: [CellSource] = []
  /// One for each group of expressions.
  private(set) var groups: [CellSource] = []
  let parameters: CellSource?
  private let installation: Installation

  init(_ notebook: Notebook, installation: Installation) {
    graph = CellGraph(notebook)
    self.installation = installation
    let uses = graph.nodes.map(\.analysis.uses) + graph.expressionUses.values
    parameters =
      uses.contains(where: Self.usesParameters)
      ? CellSource.parameters(notebook.frontMatter.parameters, installation: installation) : nil
    for node in graph.nodes {
      let imports = imports(node.links, uses: node.analysis.uses)
      cells.append(CellSource.make(node, imports: imports, installation: installation))
    }
    groups = graph.groups.map { group in source(of: group.expressions, in: group) }
  }

  /// The text of some expressions of a group; the others were found to be broken.
  func source(of expressions: [InlineExpression], in group: CellGraph.ExpressionGroup) -> CellSource {
    var links = group.links
    let needed = Set(expressions.flatMap { group.reliances[$0.index]?.keys.map { $0 } ?? [] })
    links.imports.removeAll { !needed.contains($0) && !graph.nodes[$0].analysis.extendsOthers }
    links.shadowed.removeAll { !links.imports.contains($0.cell) }
    let uses = expressions.reduce(into: Set<String>()) { $0.formUnion(graph.expressionUses[$1.index] ?? []) }
    return CellSource.make(expressions, imports: imports(links, uses: uses), installation: installation)
  }

  private func imports(_ links: CellGraph.Links, uses: Set<String>) -> CellSource.Imports {
    let parameterModules = Self.usesParameters(uses) ? [parameters].compactMap { $0 } : []
    return CellSource.Imports(
      modules: parameterModules + links.imports.map { cells[$0] },
      shadowed: links.shadowed.map { ($0.definition, cells[$0.cell].module) },
      carried: links.carriedImports
    )
  }

  private static func usesParameters(_ names: Set<String>) -> Bool {
    names.contains("params") || names.contains("profile")
  }

  /// The keys of everything that is run.
  var keys: [String] { cells.map(\.key) + groups.map(\.key) }
}
