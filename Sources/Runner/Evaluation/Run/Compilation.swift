internal import Foundation
internal import Notebook

/// Compiles what a plan holds, side by side: everything as soon as the modules that it imports are there.
///
/// A cold run compiles the cells of a batch together. Where a batch does not compile, or something changed since, its
/// cells get modules of their own, so that a mistake costs one cell only and an edit one compilation.
struct Compilation: Sendable {
  typealias Work = Task<CellCompiler.Outcome, Never>

  /// Cells that stand side by side, and what they became.
  private struct Piece: Sendable {
    var cells: Range<Int>
    var task: Task<Compiled, Never>
  }

  private struct Compiled: Sendable {
    var modules: EvaluationPlan.Modules = [:]
    var work: [Int: Work] = [:]
    var isTogether = false
  }

  /// Which batches are compiled together.
  private enum Manner: Sendable {
    case all
    /// Those that are in the cache already.
    case cached
    case none
  }

  private let plan: EvaluationPlan
  private let workshop: Workshop
  private let pieces: [Piece]
  private let groups: [Int: Work]
  private let parameters: Work?

  init(plan: EvaluationPlan, workshop: Workshop) {
    let parameters = plan.parameters.map { workshop.start($0, name: "parameters", needs: [], imports: []) }
    let manner = Self.isCold(plan, workshop) ? Manner.all : .cached
    self.init(plan: plan, workshop: workshop, parameters: parameters, known: nil, manner: manner)
  }

  /// `known` are the cells at the start that are compiled already.
  private init(plan: EvaluationPlan, workshop: Workshop, parameters: Work?, known: Piece?, manner: Manner) {
    self.plan = plan
    self.workshop = workshop
    self.parameters = parameters
    var pieces = [known].compactMap { $0 }
    let start = known?.cells.upperBound ?? 0
    func clipped(_ range: Range<Int>) -> Range<Int> { max(range.lowerBound, start)..<max(range.upperBound, start) }
    for cells in plan.batches.map(clipped) where !cells.isEmpty {
      let task = Self.compile(cells, plan, workshop, parameters: parameters, before: pieces, manner)
      pieces.append(Piece(cells: cells, task: task))
    }
    self.pieces = pieces
    var groups: [Int: Work] = [:]
    for (index, group) in plan.graph.groups.enumerated() where group.after >= start - 1 {
      groups[index] = Task { [pieces] in
        let compiled = await Self.compiled(group.links.imports, pieces)
        let source = plan.source(of: group.expressions, in: group, modules: compiled.modules)
        let needs = [parameters].compactMap { $0 } + group.links.imports.compactMap { compiled.work[$0] }
        return await workshop.start(
          source,
          name: "inline expressions",
          needs: needs,
          imports: group.links.carriedImports
        ).value
      }
    }
    self.groups = groups
  }

  /// Whether nothing of a plan was ever compiled.
  private static func isCold(_ plan: EvaluationPlan, _ workshop: Workshop) -> Bool {
    var modules: EvaluationPlan.Modules = [:]
    for batch in plan.batches {
      let source =
        batch.count > 1
        ? plan.source(ofBatch: batch, modules: modules) : plan.source(ofCell: batch.lowerBound, modules: modules)
      if workshop.has(source) { return false }
      for index in batch { modules[index] = source }
    }
    return !plan.cells.contains(where: workshop.has)
  }

  /// What is known of some cells.
  private static func compiled(_ cells: [Int], _ pieces: [Piece]) async -> Compiled {
    var all = Compiled()
    for piece in pieces where cells.contains(where: piece.cells.contains) {
      let compiled = await piece.task.value
      all.modules.merge(compiled.modules) { $1 }
      all.work.merge(compiled.work) { $1 }
    }
    return all
  }

  private static func compile(
    _ cells: Range<Int>,
    _ plan: EvaluationPlan,
    _ workshop: Workshop,
    parameters: Work?,
    before pieces: [Piece],
    _ manner: Manner
  ) -> Task<Compiled, Never> {
    Task {
      let nodes = plan.graph.nodes[cells]
      let earlier = await compiled(nodes.flatMap(\.links.imports), pieces)
      let base = [parameters].compactMap { $0 }
      if cells.count > 1, manner != .none {
        let source = plan.source(ofBatch: cells, modules: earlier.modules)
        if manner == .all || workshop.has(source) {
          let name = nodes.map(\.cell.name).joined(separator: ", ")
          let imports = nodes.flatMap { $0.analysis.imports + $0.links.carriedImports }
          let needs = base + nodes.flatMap { $0.links.imports.compactMap { earlier.work[$0] } }
          let work = workshop.start(source, name: name, needs: needs, imports: imports)
          if case .compiled = await work.value {
            return Compiled(
              modules: Dictionary(uniqueKeysWithValues: cells.map { ($0, source) }),
              work: Dictionary(uniqueKeysWithValues: cells.map { ($0, work) }),
              isTogether: true
            )
          }
        }
      }
      return compileApart(cells, plan, workshop, base, earlier)
    }
  }

  private static func compileApart(
    _ cells: Range<Int>,
    _ plan: EvaluationPlan,
    _ workshop: Workshop,
    _ base: [Work],
    _ earlier: Compiled
  ) -> Compiled {
    var all = earlier
    for index in cells {
      let node = plan.graph.nodes[index]
      let source = plan.source(ofCell: index, modules: all.modules)
      all.modules[index] = source
      guard node.cell.options.evaluates else { continue }
      let pitfalls = plan.graph.diagnostics.filter { node.cell.contains($0) }
      if !pitfalls.isEmpty {
        all.work[index] = Task { .failed(pitfalls.map(CompilerMessage.init), seconds: 0) }
        continue
      }
      all.work[index] = workshop.start(
        source,
        name: node.cell.name,
        needs: base + node.links.imports.compactMap { all.work[$0] },
        imports: node.analysis.imports + node.links.carriedImports
      )
    }
    all.modules = all.modules.filter { cells.contains($0.key) }
    all.work = all.work.filter { cells.contains($0.key) }
    return all
  }
}

// MARK: - What a session asks for

extension Compilation {
  /// What became of a cell.
  struct Step: Sendable {
    var outcome: CellCompiler.Outcome
    /// The cells that its module holds.
    var module: Range<Int>
  }

  func step(ofCell index: Int) async -> Step {
    guard let piece = pieces.first(where: { $0.cells.contains(index) }) else {
      return Step(outcome: .failed([], seconds: 0), module: index..<index + 1)
    }
    let compiled = await piece.task.value
    let outcome = await compiled.work[index]?.value ?? .failed([], seconds: 0)
    guard compiled.isTogether, case .compiled(var product) = outcome else {
      return Step(outcome: outcome, module: index..<index + 1)
    }
    let file = CellSource.file(of: plan.graph.nodes[index].cell)
    product.messages.removeAll { $0.file != file }
    if index > piece.cells.lowerBound { product.seconds = 0 }
    return Step(outcome: .compiled(product), module: piece.cells)
  }

  /// What became of a group of expressions.
  func outcome(ofGroup index: Int) async -> CellCompiler.Outcome {
    await groups[index]?.value ?? .failed([], seconds: 0)
  }

  /// Compiles what is left of a group after some of its expressions were found to be broken.
  func compile(
    _ expressions: [InlineExpression],
    in group: CellGraph.ExpressionGroup
  ) async -> CellCompiler.Outcome {
    let compiled = await Self.compiled(group.links.imports, pieces)
    let source = plan.source(of: expressions, in: group, modules: compiled.modules)
    return await workshop.start(source, name: "inline expressions", needs: [], imports: group.links.carriedImports)
      .value
  }

  /// The compiled module of the parameters, if the notebook uses them.
  func parameterProduct() async -> CellCompiler.Product? {
    guard case .compiled(let product)? = await parameters?.value else { return nil }
    return product
  }

  /// Compiles everything behind a cell anew, each cell apart: the rest of that cell's module cannot be run any more.
  func apart(after index: Int) async -> Compilation {
    var known = await Self.compiled(Array(0...index), pieces)
    known.modules = known.modules.filter { $0.key <= index }
    known.work = known.work.filter { $0.key <= index }
    let piece = Piece(cells: 0..<index + 1, task: Task { [known] in known })
    return Compilation(plan: plan, workshop: workshop, parameters: parameters, known: piece, manner: .none)
  }
}

extension Cell {
  /// Whether a diagnostic concerns this cell.
  fileprivate func contains(_ diagnostic: Diagnostic) -> Bool {
    guard let line = diagnostic.range?.start.line else { return false }
    return (range.start.line...max(range.start.line, range.end.line)).contains(line)
  }
}

extension CompilerMessage {
  /// A diagnostic of ours, as if the compiler had said it.
  fileprivate init(_ diagnostic: Diagnostic) {
    self.init(message: diagnostic.message)
    finished = diagnostic
  }
}
