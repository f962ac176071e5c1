internal import Notebook

/// Finds what the compiler would only say obscurely, or not at all: names of a top-level `guard let` that are used later,
/// `await` at the top level, and a variable that is used in its own definition.
struct CellPitfalls {
  private(set) var diagnostics: [Diagnostic] = []

  init(_ notebook: Notebook, _ nodes: [CellGraph.Node]) {
    for (index, node) in nodes.enumerated() {
      if let place = node.analysis.topLevelAwait {
        diagnostics.append(
          node.cell.diagnostic(
            file: notebook.path,
            line: place.line,
            column: place.column,
            "'await' cannot stand at the top level of a cell",
            remedy: "write 'let value = try waitFor { try await … }', which blocks until the result is there"
          )
        )
      }
      for use in node.analysis.selfReferences {
        diagnostics.append(
          node.cell.diagnostic(
            file: notebook.path,
            line: use.line,
            column: use.column,
            "'\(use.name)' is used in its own definition",
            remedy: "give the new value another name, or assign to a 'var' of an earlier cell"
          )
        )
      }
      findGuards(notebook, nodes, index)
    }
  }

  private mutating func findGuards(_ notebook: Notebook, _ nodes: [CellGraph.Node], _ index: Int) {
    let node = nodes[index]
    for (name, line) in node.analysis.guardBindings.sorted(by: { $0.key < $1.key }) {
      guard !nodes[...index].contains(where: { $0.analysis.defines(name) }) else { continue }
      let user = nodes[(index + 1)...].first { $0.analysis.uses.contains(name) && !$0.analysis.defines(name) }
      guard let user else { continue }
      diagnostics.append(
        node.cell.diagnostic(
          file: notebook.path,
          line: line,
          column: 1,
          "'\(name)' is bound by a 'guard' at the top level, so later cells (\(user.cell.name)) cannot see it",
          remedy: "write 'let \(name) = try require(…)', which throws where the value is missing"
        )
      )
    }
  }
}
