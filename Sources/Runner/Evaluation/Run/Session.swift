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
  /// Nodes whose definitions cannot be relied on, with the reason.
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
      map: SourceMap(notebook, nodes: plan.graph.nodes, sources: plan.sources),
      symbolizer: Symbolizer(program: installation.symbolizer), demangler: demangler)
    record = RunRecord(
      cells: notebook.cells.map { _ in CellResult() },
      expressions: notebook.expressions.map { _ in .skipped(reason: "not reached") })
  }

  /// Why a node cannot run, if it cannot.
  func reasonToSkip(_ index: Int) -> String? {
    if let end { return end }
    for (earlier, name) in plan.graph.nodes[index].reliances.sorted(by: { $0.key < $1.key }) {
      guard let reason = broken[earlier] else { continue }
      return "\(plan.graph.nodes[earlier].cell.name), on whose '\(name)' this relies, \(reason)"
    }
    return nil
  }

  mutating func disable(_ index: Int) {
    guard index > 0 else { return }
    set(index, CellResult(status: .disabled))
  }

  mutating func skip(_ index: Int, reason: String) {
    broken[index] = "was not run"
    set(index, CellResult(status: .skipped(reason: reason)))
    setExpressions(index, plan.graph.nodes[index].expressions.map { _ in .skipped(reason: reason) })
    finish(index, "not run")
  }

  /// Records a cell that does not compile.
  mutating func fail(_ index: Int, _ messages: [CompilerMessage], seconds: Double) {
    let node = plan.graph.nodes[index]
    let diagnostics = messages.map { $0.finished ?? reporter.map.diagnostic($0, in: node.cell) }
    var errors = diagnostics.filter { $0.severity == .error }
    if errors.isEmpty {
      let place = SourceRange(line: node.cell.line, column: 1)
      errors = [Diagnostic(.error, file: notebook.path, range: place, "a cell that this one imports does not compile")]
    }
    broken[index] = "does not compile"
    set(
      index,
      CellResult(
        status: .failed(Failure(kind: .compilation, diagnostics: errors)),
        diagnostics: diagnostics.filter { $0.severity != .error }, key: plan.sources[index].key,
        times: CellResult.Times(compileWall: seconds)))
    setExpressions(index, node.expressions.map { _ in .skipped(reason: "\(node.cell.name) does not compile") })
    finish(index, "does not compile")
  }

  /// Runs a compiled cell.
  mutating func run(_ index: Int, _ product: CellCompiler.Product, _ kernel: LazyKernel) async throws {
    let node = plan.graph.nodes[index]
    let defaults = notebook.frontMatter.execute
    let limits = FailureReport.Limits(
      timeout: node.cell.options.timeout ?? defaults.timeout, memory: defaults.memory)
    report(.running(cell: node.cell.name, index: node.cell.index, count: notebook.cells.count))
    let result = try await kernel.run(node, product, reporter, limits) { [report] fraction, label in
      report(.progress(cell: node.cell.name, fraction: fraction, label: label))
    }
    set(index, result.cell)
    setExpressions(index, result.expressions)
    if case .failed = result.cell.status { broken[index] = "failed" }
    if !result.kernelLives { end = "the kernel ended in \(node.cell.name)" }
    finish(index, broken[index] ?? "done")
  }

  private mutating func set(_ index: Int, _ result: CellResult) {
    guard index > 0 else { return }
    record.cells[index - 1] = result
  }

  private mutating func setExpressions(_ index: Int, _ results: [ExpressionResult]) {
    for (expression, result) in zip(plan.graph.nodes[index].expressions, results) {
      record.expressions[expression.index] = result
    }
  }

  private func finish(_ index: Int, _ status: String) {
    report(.finished(cell: plan.graph.nodes[index].cell.name, status: status))
  }
}
