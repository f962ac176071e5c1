internal import Notebook

/// Which neighbouring cells a cold run compiles as one module.
///
/// A compilation costs a tenth of a second before it reads the first line, more than most cells take themselves. Cells
/// share one where that changes nothing but the time: what one defines must not change the meaning of those before it.
enum CellBatches {
  /// More would put the first result off: a batch runs when all of it is compiled.
  private static let largest = 8

  static func find(_ graph: CellGraph) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    for index in graph.nodes.indices {
      if let last = batches.last, fits(index, last, graph) {
        batches[batches.count - 1] = last.lowerBound..<index + 1
      } else {
        batches.append(index..<index + 1)
      }
    }
    return batches
  }

  private static func fits(_ index: Int, _ batch: Range<Int>, _ graph: CellGraph) -> Bool {
    let node = graph.nodes[index]
    let earlier = graph.nodes[batch]
    guard batch.count < largest, isPlain(node), earlier.allSatisfy(isPlain) else { return false }
    // Optimising what gains nothing from it costs more than a module.
    guard earlier.allSatisfy({ $0.analysis.isNumeric == node.analysis.isNumeric }) else { return false }
    // Extensions, operators and imports act on code that does not name them.
    guard !node.analysis.extendsOthers, node.analysis.imports.isEmpty else { return false }
    // Values in the prose that may change later are read here.
    guard !graph.groups.contains(where: { $0.after == index - 1 }) else { return false }
    return node.analysis.definitions.allSatisfy { definition in
      earlier.allSatisfy { !$0.analysis.uses.contains(definition.name) && !$0.analysis.defines(definition.name) }
    }
  }

  /// Whether a cell is expected to run to its end, and leaves nothing open that would reach into the next.
  private static func isPlain(_ node: CellGraph.Node) -> Bool {
    let analysis = node.analysis
    return node.cell.options.evaluates && node.cell.options.allowsError != true && analysis.guardBindings.isEmpty
      && analysis.topLevelAwait == nil && analysis.selfReferences.isEmpty && !analysis.hasTopLevelDefer
  }
}
