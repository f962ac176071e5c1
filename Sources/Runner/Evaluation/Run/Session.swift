internal import Foundation
internal import Notebook
internal import Record

/// The state of one run from top to bottom: results so far, and which cells may still be run.
struct Session {
  private let plan: EvaluationPlan
  private let notebook: Notebook
  private let reporter: FailureReport
  private let report: @Sendable (EvaluationEvent) -> Void
  private(set) var record: RunRecord
  /// Cells whose definitions cannot be relied on, with the reason.
  private var broken: [Int: String] = [:]
  /// Why nothing more can run; nil while the kernel lives.
  private var end: String?

  init(
    plan: EvaluationPlan,
    notebook: Notebook,
    installation: Installation,
    report: @escaping @Sendable (EvaluationEvent) -> Void
  ) {
    self.plan = plan
    self.notebook = notebook
    self.report = report
    let demangler = (installation.frontend as NSString).deletingLastPathComponent + "/swift-demangle"
    reporter = FailureReport(
      map: SourceMap(notebook, plan),
      symbolizer: Symbolizer(program: installation.symbolizer),
      demangler: demangler
    )
    record = RunRecord(
      cells: notebook.cells.map { _ in CellResult() },
      expressions: notebook.expressions.map { _ in .skipped(reason: "not reached") }
    )
  }

  /// Runs everything in order.
  mutating func run(_ compilation: Compilation, _ kernel: LazyKernel) async throws {
    var compilation = compilation
    if let product = await compilation.parameterProduct() { try await runParameters(product, kernel) }
    try await runGroups(after: -1, compilation, kernel)
    for index in plan.graph.nodes.indices {
      if !plan.graph.nodes[index].cell.options.evaluates {
        record.cells[index] = CellResult(status: .disabled)
      } else if let reason = reasonToSkip(plan.graph.nodes[index].links.reliances) {
        skip(index, reason: reason)
      } else {
        let step = await compilation.step(ofCell: index)
        switch step.outcome {
        case .compiled(let product): try await run(index, product, goesOn: index > step.module.lowerBound, kernel)
        case .failed(let messages, let seconds): fail(index, messages, seconds: seconds)
        }
      }
      if broken[index] != nil, end == nil, await compilation.step(ofCell: index).module.upperBound > index + 1 {
        compilation = await compilation.apart(after: index)
      }
      try await runGroups(after: index, compilation, kernel)
    }
  }

  /// Why code cannot run that relies on some cells, if it cannot.
  private func reasonToSkip(_ reliances: [Int: String]) -> String? {
    if let end { return end }
    for (cell, name) in reliances.sorted(by: { $0.key < $1.key }) {
      guard let reason = broken[cell] else { continue }
      return "\(plan.graph.nodes[cell].cell.name), on whose '\(name)' this relies, \(reason)"
    }
    return nil
  }

  private mutating func skip(_ index: Int, reason: String) {
    broken[index] = "was not run"
    record.cells[index] = CellResult(status: .skipped(reason: reason))
    finish(index, "not run")
  }

  /// Records a cell that does not compile.
  private mutating func fail(_ index: Int, _ messages: [CompilerMessage], seconds: Double) {
    let cell = plan.graph.nodes[index].cell
    let fallback = SourceRange(line: cell.line, column: 1)
    let diagnostics = messages.map { reporter.map.diagnostic($0, fallback: fallback) }
    var errors = diagnostics.filter { $0.severity == .error }
    if errors.isEmpty {
      errors = [Diagnostic(.error, file: notebook.path, range: fallback, "a cell that this one needs does not compile")]
    }
    broken[index] = "does not compile"
    record.cells[index] = CellResult(
      status: .failed(Failure(kind: .compilation, diagnostics: errors)),
      diagnostics: diagnostics.filter { $0.severity != .error },
      key: plan.cells[index].key,
      times: CellResult.Times(compileWall: seconds)
    )
    finish(index, "does not compile")
  }

  /// Runs the module of the parameters, which every cell that uses them imports.
  private mutating func runParameters(_ product: CellCompiler.Product, _ kernel: LazyKernel) async throws {
    let result = try await kernel.run(order(emptyCell(line: 1), product))
    if case .failed(let failure) = result.cell.status { end = failure.diagnostics.first?.message ?? "no parameters" }
  }

  private mutating func run(
    _ index: Int,
    _ product: CellCompiler.Product,
    goesOn: Bool,
    _ kernel: LazyKernel
  ) async throws {
    let cell = plan.graph.nodes[index].cell
    report(.running(cell: cell.name, index: index, count: notebook.cells.count))
    var order = order(cell, product)
    order.key = plan.cells[index].key
    order.goesOn = goesOn
    let result = try await kernel.run(order) { [report] fraction, label in
      report(.progress(cell: cell.name, fraction: fraction, label: label))
    }
    record.cells[index] = result.cell
    if case .failed = result.cell.status { broken[index] = "failed" }
    if !result.kernelLives { end = "the kernel ended in \(cell.name)" }
    finish(index, broken[index] ?? "done")
  }

  private func order(_ cell: Cell, _ product: CellCompiler.Product) -> CellRun.Order {
    let defaults = notebook.frontMatter.execute
    let limits = FailureReport.Limits(timeout: cell.options.timeout ?? defaults.timeout, memory: defaults.memory)
    return CellRun.Order(
      cell: cell,
      product: product,
      key: product.source.key,
      reporter: reporter,
      limits: limits
    )
  }

  private func emptyCell(line: Int) -> Cell {
    Cell(index: -1, code: "", line: line, range: SourceRange(line: line, column: 1))
  }

  private func finish(_ index: Int, _ status: String) {
    report(.finished(cell: plan.graph.nodes[index].cell.name, status: status))
  }
}

// MARK: - Inline expressions

extension Session {
  private mutating func runGroups(after cell: Int, _ compilation: Compilation, _ kernel: LazyKernel) async throws {
    for (index, group) in plan.graph.groups.enumerated() where group.after == cell {
      try await run(group, await compilation.outcome(ofGroup: index), compilation, kernel)
    }
  }

  /// Evaluates a group; an expression that is broken is left out and the rest is tried again, so that one mistake in the
  /// prose does not take the other values with it.
  private mutating func run(
    _ group: CellGraph.ExpressionGroup,
    _ first: CellCompiler.Outcome,
    _ compilation: Compilation,
    _ kernel: LazyKernel
  ) async throws {
    var left = group.expressions
    var outcome: CellCompiler.Outcome? = first
    left.removeAll { expression in
      guard let reason = reasonToSkip(group.reliances[expression.index] ?? [:]) else { return false }
      record.expressions[expression.index] = .skipped(reason: reason)
      outcome = nil
      return true
    }
    while !left.isEmpty {
      let count = left.count
      let current: CellCompiler.Outcome
      if let outcome {
        current = outcome
      } else {
        current = await compilation.compile(left, in: group)
      }
      switch current {
      case .failed(let messages, _): dropUncompiled(&left, messages)
      case .compiled(let product): try await evaluate(&left, product, kernel)
      }
      if left.count == count { return }
      outcome = nil
    }
  }

  /// Takes out the expressions that the compiler complained about.
  private mutating func dropUncompiled(
    _ left: inout [InlineExpression],
    _ messages: [CompilerMessage]
  ) {
    var kept: [InlineExpression] = []
    for expression in left {
      let file = CellSource.file(of: expression)
      if let message = messages.first(where: { $0.severity == .error && $0.file == file }) {
        let diagnostic = reporter.map.diagnostic(message, fallback: expression.range)
        record.expressions[expression.index] = .failed(diagnostic)
      } else {
        kept.append(expression)
      }
    }
    if kept.count == left.count, let message = messages.first {
      for expression in left {
        let diagnostic = reporter.map.diagnostic(message, fallback: expression.range)
        record.expressions[expression.index] = .failed(diagnostic)
      }
    }
    left = kept
  }

  /// Evaluates expressions up to the first that fails at run time.
  private mutating func evaluate(
    _ left: inout [InlineExpression],
    _ product: CellCompiler.Product,
    _ kernel: LazyKernel
  ) async throws {
    let result = try await kernel.run(order(emptyCell(line: left[0].range.start.line), product))
    for (expression, value) in zip(left, result.values) { record.expressions[expression.index] = value }
    left.removeFirst(min(result.values.count, left.count))
    guard case .failed(let failure) = result.cell.status, let culprit = left.first else { return }
    var diagnostic = failure.diagnostics.first ?? Diagnostic(.error, file: notebook.path, "the expression failed")
    if failure.backtrace.isEmpty { diagnostic.range = culprit.range }
    record.expressions[culprit.index] = .failed(diagnostic)
    left.removeFirst()
    if !result.kernelLives { end = "the kernel ended in an inline expression" }
  }
}
