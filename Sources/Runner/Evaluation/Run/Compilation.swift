internal import Foundation
internal import Notebook

/// Compiles the cells of a plan side by side, each as soon as the cells that it imports are there.
struct Compilation: Sendable {
  typealias Work = Task<CellCompiler.Outcome, Never>

  private let compiler: CellCompiler
  private let cells: [Work?]
  private let groups: [Work]
  private let parameters: Work?

  init(
    plan: EvaluationPlan,
    installation: Installation,
    notebook: Notebook,
    jobs: Int,
    onStart: @escaping @Sendable (String) -> Void
  ) {
    let compiler = CellCompiler(installation: installation)
    self.compiler = compiler
    let slots = Slots(jobs)
    func start(_ source: CellSource, name: String, needs: [Work], imports: [String]) -> Work {
      Task {
        for work in needs {
          if case .failed(let messages, _) = await work.value { return .failed(messages, seconds: 0) }
        }
        if let product = compiler.cached(source) { return .compiled(product) }
        return await slots.use {
          onStart(name)
          return await compiler.compile(source, imports: imports)
        }
      }
    }
    let parameters = plan.parameters.map { start($0, name: "parameters", needs: [], imports: []) }
    self.parameters = parameters
    let base = [parameters].compactMap { $0 }
    var cells: [Work?] = []
    for (node, source) in zip(plan.graph.nodes, plan.cells) {
      guard node.cell.options.evaluates else {
        cells.append(nil)
        continue
      }
      let pitfalls = plan.graph.diagnostics.filter { node.cell.contains($0) }
      if !pitfalls.isEmpty {
        cells.append(Task { .failed(pitfalls.map(CompilerMessage.init), seconds: 0) })
        continue
      }
      cells.append(
        start(
          source,
          name: node.cell.name,
          needs: base + node.links.imports.compactMap { cells[$0] },
          imports: node.analysis.imports + node.links.carriedImports
        )
      )
    }
    self.cells = cells
    groups = zip(plan.graph.groups, plan.groups).map { group, source in
      start(
        source,
        name: "inline expressions",
        needs: base + group.links.imports.compactMap { cells[$0] },
        imports: group.links.carriedImports
      )
    }
  }

  /// What became of a cell that is compiled.
  func outcome(ofCell index: Int) async -> CellCompiler.Outcome {
    await cells[index]?.value ?? .failed([], seconds: 0)
  }

  /// What became of a group of expressions.
  func outcome(ofGroup index: Int) async -> CellCompiler.Outcome { await groups[index].value }

  /// Compiles what is left of a group after some of its expressions were found to be broken.
  func compile(_ source: CellSource, imports: [String]) async -> CellCompiler.Outcome {
    await compiler.compile(source, imports: imports)
  }

  /// The compiled module of the parameters, if the notebook uses them.
  func parameterProduct() async -> CellCompiler.Product? {
    guard case .compiled(let product)? = await parameters?.value else { return nil }
    return product
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

/// A number of places for work that may go on at once.
private actor Slots {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = max(count, 1) }

  nonisolated func use<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
    await take()
    let result = await body()
    await giveBack()
    return result
  }

  private func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func giveBack() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
