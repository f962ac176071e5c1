internal import Foundation
internal import Notebook

/// Compiles the cells of a plan side by side, each as soon as the cells that it imports are there.
struct Compilation: Sendable {
  private let tasks: [Task<CellCompiler.Outcome, Never>?]

  init(
    plan: EvaluationPlan,
    installation: Installation,
    notebook: Notebook,
    jobs: Int,
    onStart: @escaping @Sendable (String) -> Void
  ) {
    let compiler = CellCompiler(installation: installation, notebookName: notebook.path)
    let slots = Slots(jobs)
    let parameters = plan.parameters.map { source in
      Task { await slots.use { await compiler.compile(source, imports: []) } }
    }
    var tasks: [Task<CellCompiler.Outcome, Never>?] = []
    for (index, node) in plan.graph.nodes.enumerated() {
      guard plan.isCompiled(index) else {
        tasks.append(nil)
        continue
      }
      let source = plan.sources[index]
      let needed = node.imports.compactMap { tasks[$0] } + [parameters].compactMap { $0 }
      let failures = plan.graph.diagnostics.filter { node.contains($0) }
      tasks.append(
        Task {
          if !failures.isEmpty { return .failed(failures.map { CompilerMessage($0, in: node.cell) }, seconds: 0) }
          for task in needed {
            if case .failed = await task.value { return .failed([], seconds: 0) }
          }
          if let product = compiler.cached(source) { return .compiled(product) }
          return await slots.use {
            onStart(node.cell.name)
            return await compiler.compile(source, imports: node.analysis.imports + node.carriedImports)
          }
        })
    }
    self.tasks = tasks
  }

  /// What became of a node that is compiled.
  func outcome(_ index: Int) async -> CellCompiler.Outcome {
    await tasks[index]?.value ?? .failed([], seconds: 0)
  }
}

extension CellGraph.Node {
  /// Whether a diagnostic of the graph concerns this cell.
  fileprivate func contains(_ diagnostic: Diagnostic) -> Bool {
    guard let line = diagnostic.range?.start.line, cell.index >= 0 else { return false }
    return (cell.range.start.line...max(cell.range.start.line, cell.range.end.line)).contains(line)
  }
}

extension CompilerMessage {
  /// A diagnostic of ours, as if the compiler had said it.
  fileprivate init(_ diagnostic: Diagnostic, in cell: Cell) {
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
