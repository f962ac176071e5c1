internal import Notebook

/// What is to be compiled: the graph of cells, and the text of each cell and each group of inline expressions.
struct EvaluationPlan: Sendable {
  /// The module that holds each cell, by the cell's index.
  typealias Modules = [Int: CellSource]

  let graph: CellGraph
  /// Neighbouring cells that a cold run compiles as one module.
  let batches: [Range<Int>]
  /// One for each cell, as if each had a module of its own.
  ///
  /// Their keys say what is run, however it is compiled.
  private(set) var cells: [CellSource] = []
  /// One for each group of expressions, likewise.
  private(set) var groups: [CellSource] = []
  /// The module of the parameters, where cells need one and the same.
  let parameters: CellSource?
  /// Definitions of the parameters for each cell that reads them, where copies do: they cost no module.
  private let parameterCopy: String
  private let installation: Installation

  init(_ notebook: Notebook, installation: Installation) {
    graph = CellGraph(notebook)
    batches = CellBatches.find(graph)
    self.installation = installation
    let uses = graph.nodes.map(\.analysis.uses) + graph.expressionUses.values
    let declared = notebook.frontMatter.parameters
    let isShared = uses.contains(where: Self.usesParameters) && Self.needsOneModule(graph)
    parameters = isShared ? CellSource.parameters(declared, installation: installation) : nil
    parameterCopy = isShared ? "" : CellSource.definitions(of: declared)
    var modules: Modules = [:]
    for index in graph.nodes.indices {
      let source = source(ofCell: index, modules: modules)
      modules[index] = source
      cells.append(source)
    }
    groups = graph.groups.map { source(of: $0.expressions, in: $0, modules: modules) }
  }

  /// The text of a cell that gets a module of its own.
  func source(ofCell index: Int, modules: Modules) -> CellSource {
    let node = graph.nodes[index]
    let imports = imports(node.links, uses: node.analysis.uses, modules: modules)
    return CellSource.make(node, imports: imports, installation: installation)
  }

  /// The text of neighbouring cells that share a module.
  func source(ofBatch batch: Range<Int>, modules: Modules) -> CellSource {
    let nodes = graph.nodes[batch]
    var links = CellGraph.Links()
    links.imports = Set(nodes.flatMap(\.links.imports)).filter { $0 < batch.lowerBound }.sorted()
    for node in nodes {
      links.shadowed += node.links.shadowed.filter { new in
        new.cell < batch.lowerBound && !links.shadowed.contains { $0.definition == new.definition }
      }
    }
    // The first cell carries what came before; no later one of a batch brings an import of its own.
    links.carriedImports = nodes.first?.links.carriedImports ?? []
    let uses = nodes.reduce(into: Set<String>()) { $0.formUnion($1.analysis.uses) }
    return CellSource.make(nodes, imports: imports(links, uses: uses, modules: modules), installation: installation)
  }

  /// The text of some expressions of a group; the others were found to be broken.
  func source(
    of expressions: [InlineExpression],
    in group: CellGraph.ExpressionGroup,
    modules: Modules
  ) -> CellSource {
    var links = group.links
    let needed = Set(expressions.flatMap { group.reliances[$0.index]?.keys.map { $0 } ?? [] })
    links.imports.removeAll { !needed.contains($0) && !graph.nodes[$0].analysis.extendsOthers }
    links.shadowed.removeAll { !links.imports.contains($0.cell) }
    let uses = expressions.reduce(into: Set<String>()) { $0.formUnion(graph.expressionUses[$1.index] ?? []) }
    let imports = imports(links, uses: uses, modules: modules)
    return CellSource.make(expressions, imports: imports, installation: installation)
  }

  private func imports(_ links: CellGraph.Links, uses: Set<String>, modules: Modules) -> CellSource.Imports {
    let usesParameters = Self.usesParameters(uses)
    var imported = usesParameters ? [parameters].compactMap { $0 } : []
    for module in links.imports.compactMap({ modules[$0] }) where !imported.contains(where: { $0.key == module.key }) {
      imported.append(module)
    }
    return CellSource.Imports(
      modules: imported,
      shadowed: links.shadowed.compactMap { name in modules[name.cell].map { (name.definition, $0.module) } },
      carried: links.carriedImports,
      parameters: usesParameters ? parameterCopy : ""
    )
  }

  private static func usesParameters(_ names: Set<String>) -> Bool {
    names.contains("params") || names.contains("profile")
  }

  /// Whether copies would tell: the values are handed on as a whole, their type is named, or a cell defines such names.
  private static func needsOneModule(_ graph: CellGraph) -> Bool {
    graph.handsOnParameters
      || graph.nodes.contains { node in
        node.analysis.handsOnParameters || ["params", "profile", "Parameters"].contains(where: node.analysis.defines)
      }
  }

  /// The keys of everything that is run.
  var keys: [String] { cells.map(\.key) + groups.map(\.key) }
}
