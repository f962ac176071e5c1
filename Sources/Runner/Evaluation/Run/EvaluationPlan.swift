internal import Notebook

/// What is to be compiled: the graph of cells and the text of each.
struct EvaluationPlan: Sendable {
  var graph: CellGraph
  /// One for each node of the graph.
  var sources: [CellSource]
  var parameters: CellSource?

  init(_ notebook: Notebook, installation: Installation) {
    graph = CellGraph(notebook)
    let usesParameters = graph.nodes.map { node in
      let names = node.expressions.reduce(node.analysis.uses) { $0.union(CellAnalysis(expression: $1.code).uses) }
      return names.contains("params") || names.contains("profile")
    }
    let parameters =
      usesParameters.contains(true)
      ? CellSource.parameters(notebook.frontMatter.parameters, installation: installation) : nil
    self.parameters = parameters
    sources = []
    for (index, node) in graph.nodes.enumerated() {
      let shadowed = node.shadowed.map { (definition: $0.definition, module: sources[$0.cell].module) }
      sources.append(
        CellSource.make(
          node: node, imported: node.imports.map { sources[$0] }, shadowed: shadowed,
          parameters: usesParameters[index] ? parameters : nil, installation: installation))
    }
  }

  /// Whether a node has anything to compile.
  func isCompiled(_ index: Int) -> Bool {
    let node = graph.nodes[index]
    if index == 0 { return !node.expressions.isEmpty }
    return node.cell.options.evaluates || !node.expressions.isEmpty
  }
}
