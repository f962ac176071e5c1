internal import Display
internal import Foundation
internal import Notebook
internal import Record

/// Runs one compiled cell in the kernel and collects what it leaves.
struct CellRun {
  let kernel: KernelProcess
  let node: CellGraph.Node
  let product: CellCompiler.Product
  let reporter: FailureReport
  let limits: FailureReport.Limits
  let conditions: ClaimConditions
  let onProgress: (Double, String) -> Void

  private var items: [CellResult.Item] = []
  private var diagnostics: [Diagnostic] = []
  private var output: [UInt8] = []
  private var errors: [UInt8] = []
  private var allErrors: [UInt8] = []
  private var thrown: (description: String, type: String)?
  private var displayFailures: [Diagnostic] = []
  private var codeHasEnded = false
  private var values: [ExpressionResult] = []

  struct Result {
    var cell: CellResult
    /// One for each inline expression of the node.
    var expressions: [ExpressionResult]
    /// Whether the kernel lives on.
    var kernelLives: Bool
  }

  init(
    kernel: KernelProcess,
    node: CellGraph.Node,
    product: CellCompiler.Product,
    reporter: FailureReport,
    limits: FailureReport.Limits,
    onProgress: @escaping (Double, String) -> Void
  ) {
    self.kernel = kernel
    self.node = node
    self.product = product
    self.reporter = reporter
    self.limits = limits
    self.onProgress = onProgress
    conditions = ClaimConditions(code: node.cell.code)
  }

  /// How long a cell may take to react to its time limit before the kernel is ended.
  private static let patience = Duration.seconds(2)

  mutating func run() -> Result {
    kernel.run(library: product.library, entry: product.source.entry)
    var deadline = ContinuousClock.now + .seconds(limits.timeout)
    var wasInterrupted = false
    while true {
      switch kernel.nextFrame(deadline: deadline) {
      case .frame(.done(let report)): return finish(report)
      case .frame(.fatal(let reason)): return lost(reason, kind: .kernelLost)
      case .frame(let frame): take(frame)
      case .lost(let reason):
        return wasInterrupted ? timedOut(kernelLives: false) : lost(reason, kind: .kernelLost)
      case .deadline:
        if wasInterrupted {
          kernel.terminate()
          return timedOut(kernelLives: false)
        }
        kernel.interrupt()
        wasInterrupted = true
        deadline = .now + Self.patience
      }
    }
  }

  private mutating func take(_ frame: KernelFrame) {
    switch frame {
    case .standardOutput(let bytes):
      flushErrors()
      output += bytes
    case .standardError(let bytes):
      flushOutput()
      errors += bytes
      allErrors += bytes
    case .cut(let count):
      flush()
      warn(
        "the cell printed \(count) bytes beyond the limit of 1 MiB; they are not shown",
        remedy: "print less, or write to a file")
    case .message(let message):
      flush()
      take(message)
    case .ready, .done, .fatal: break
    }
  }

  private mutating func take(_ message: Message) {
    switch message {
    case .output(let output):
      items.append(
        .output(
          output.mappingClaims { claim in
            var claim = claim
            claim.condition = claim.condition ?? conditions.text(line: claim.line)
            claim.line = node.cell.location(line: claim.line, column: 1).line
            return claim
          }))
    case .displayFailure(let text, let line):
      let place = node.cell.location(line: line, column: 1)
      displayFailures.append(
        Diagnostic(.error, file: reporter.map.path, range: SourceRange(line: place.line, column: place.column), text))
    case .progress(let fraction, let label): onProgress(fraction, label)
    case .inlineValue(_, let text, let machine): values.append(.value(text: text, machine: machine))
    case .endOfCode: codeHasEnded = true
    case .thrownError(let description, let type): thrown = (description, type)
    }
  }

  private mutating func flush() {
    flushOutput()
    flushErrors()
  }

  private mutating func flushOutput() {
    guard !output.isEmpty else { return }
    items.append(.standardOutput(text(output)))
    output = []
  }

  private mutating func flushErrors() {
    guard !errors.isEmpty else { return }
    items.append(.standardError(text(errors)))
    errors = []
  }

  private mutating func text(_ bytes: [UInt8]) -> String {
    if String(validating: bytes, as: UTF8.self) == nil {
      warn("the cell printed bytes that are not UTF-8; they are shown as \u{FFFD}", remedy: "print text, not raw bytes")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func warn(_ message: String, remedy: String) {
    let place = SourceRange(line: node.cell.line, column: 1)
    diagnostics.append(Diagnostic(.warning, file: reporter.map.path, range: place, message, remedy: remedy))
  }

  private mutating func finish(_ report: KernelReport) -> Result {
    flush()
    guard report.outcome != .success else { return result(status: status(), report) }
    let text = String(decoding: allErrors, as: UTF8.self)
    let failure = reporter.failure(report, cell: node.cell, thrown: thrown, errors: text, limits: limits)
    if report.outcome == .trap { removeFatalMessage() }
    guard codeHasEnded, let diagnostic = failure.diagnostics.first else {
      return result(status: .failed(failure), report)
    }
    values.append(.failed(diagnostic))
    return result(status: status(), report)
  }

  private func status() -> CellResult.Status {
    displayFailures.isEmpty ? .succeeded : .failed(Failure(kind: .display, diagnostics: displayFailures))
  }

  /// The message of a trap stands in the failure; it need not be shown again as output.
  private mutating func removeFatalMessage() {
    items = items.compactMap { item in
      guard case .standardError(let text) = item else { return item }
      let rest = FailureReport.withoutFatalMessage(text)
      return rest.allSatisfy(\.isWhitespace) ? nil : .standardError(rest)
    }
  }

  private mutating func timedOut(kernelLives: Bool) -> Result {
    flush()
    let place = SourceRange(line: node.cell.line, column: 1)
    let diagnostic = Diagnostic(
      .error, file: reporter.map.path, range: place,
      "the cell ran longer than \(limits.timeout) s and did not react; its kernel was ended",
      remedy: "set a longer 'timeout' in its options or in the front matter's 'execute'")
    return result(status: .failed(Failure(kind: .timeout, diagnostics: [diagnostic])), nil, kernelLives: kernelLives)
  }

  private mutating func lost(_ reason: String, kind: Failure.Kind) -> Result {
    flush()
    let place = SourceRange(line: node.cell.line, column: 1)
    let diagnostic = Diagnostic(
      .error, file: reporter.map.path, range: place, reason,
      remedy: "cells after this one that need its kernel were not run")
    return result(status: .failed(Failure(kind: kind, diagnostics: [diagnostic])), nil, kernelLives: false)
  }

  private func result(status: CellResult.Status, _ report: KernelReport?, kernelLives: Bool = true) -> Result {
    var expressions = values
    while expressions.count < node.expressions.count {
      expressions.append(.skipped(reason: "the cell or an expression before it failed"))
    }
    let compilerWarnings = product.messages.filter { $0.severity == .warning }
      .map { reporter.map.diagnostic($0, in: node.cell) }
    let cell = CellResult(
      status: status, items: items, diagnostics: compilerWarnings + diagnostics, key: product.source.key,
      times: CellResult.Times(
        compileWall: product.seconds, runWall: report?.wall ?? 0, runProcessor: report?.processor ?? 0))
    return Result(cell: cell, expressions: expressions, kernelLives: kernelLives)
  }
}
