internal import Display
internal import Foundation
internal import Notebook
internal import Record

/// Runs one compiled cell (or group of inline expressions) in the kernel and collects what it leaves.
struct CellRun {
  /// What is run, and how.
  struct Order: Sendable {
    /// The cell; for inline expressions an empty one at the place of the first.
    var cell: Cell
    var product: CellCompiler.Product
    /// What the record names the cell's content by.
    var key: String
    /// Whether the kernel waits in the cell's module, behind the cell before.
    var goesOn = false
    var reporter: FailureReport
    var limits: FailureReport.Limits
  }

  private let kernel: KernelProcess
  private let order: Order
  private let conditions: ClaimConditions
  private let onProgress: (Double, String) -> Void

  private var items: [CellResult.Item] = []
  private var diagnostics: [Diagnostic] = []
  private var output: [UInt8] = []
  private var errors: [UInt8] = []
  private var allErrors: [UInt8] = []
  private var thrown: (description: String, type: String)?
  private var displayFailures: [Diagnostic] = []
  private var values: [ExpressionResult] = []

  struct Result: Sendable {
    var cell: CellResult
    /// Values of inline expressions, as many as were reached.
    var values: [ExpressionResult]
    /// Whether the kernel lives on.
    var kernelLives: Bool
  }

  init(kernel: KernelProcess, order: Order, onProgress: @escaping (Double, String) -> Void) {
    self.kernel = kernel
    self.order = order
    self.onProgress = onProgress
    conditions = ClaimConditions(code: order.cell.code)
  }

  /// How long a cell may take to react to its time limit before the kernel is ended.
  private static let patience = Duration.seconds(2)

  mutating func run() -> Result {
    if order.goesOn {
      kernel.runNext()
    } else {
      kernel.run(library: order.product.library, entry: order.product.source.entry)
    }
    var deadline = ContinuousClock.now + .seconds(order.limits.timeout)
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
        remedy: "print less, or write to a file"
      )
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
            claim.line = order.cell.location(line: claim.line, column: 1).line
            return claim
          }
        )
      )
    case .displayFailure(let text, let line):
      let place = order.cell.location(line: line, column: 1)
      displayFailures.append(
        Diagnostic(
          .error,
          file: order.reporter.map.path,
          range: SourceRange(line: place.line, column: place.column),
          text
        )
      )
    case .progress(let fraction, let label): onProgress(fraction, label)
    case .inlineValue(_, let text, let machine): values.append(.value(text: text, machine: machine))
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
    let place = SourceRange(line: order.cell.line, column: 1)
    diagnostics.append(Diagnostic(.warning, file: order.reporter.map.path, range: place, message, remedy: remedy))
  }

  private mutating func finish(_ report: KernelReport) -> Result {
    flush()
    guard report.outcome != .success else { return result(status: status(), report) }
    let text = String(decoding: allErrors, as: UTF8.self)
    let failure = order.reporter.failure(
      report,
      cell: order.cell,
      thrown: thrown,
      errors: text,
      limits: order.limits
    )
    if report.outcome == .trap { removeFatalMessage() }
    return result(status: .failed(failure), report)
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
    let place = SourceRange(line: order.cell.line, column: 1)
    let diagnostic = Diagnostic(
      .error,
      file: order.reporter.map.path,
      range: place,
      "the cell ran longer than \(order.limits.timeout) s and did not react; its kernel was ended",
      remedy: "set a longer 'timeout' in its options or in the front matter's 'execute'"
    )
    return result(status: .failed(Failure(kind: .timeout, diagnostics: [diagnostic])), nil, kernelLives: kernelLives)
  }

  private mutating func lost(_ reason: String, kind: Failure.Kind) -> Result {
    flush()
    let place = SourceRange(line: order.cell.line, column: 1)
    let diagnostic = Diagnostic(
      .error,
      file: order.reporter.map.path,
      range: place,
      reason,
      remedy: "cells after this one that need its kernel were not run"
    )
    return result(status: .failed(Failure(kind: kind, diagnostics: [diagnostic])), nil, kernelLives: false)
  }

  private func result(status: CellResult.Status, _ report: KernelReport?, kernelLives: Bool = true) -> Result {
    let fallback = SourceRange(line: order.cell.line, column: 1)
    let compilerWarnings = order.product.messages.filter { $0.severity == .warning }
      .map { order.reporter.map.diagnostic($0, fallback: fallback) }
    let cell = CellResult(
      status: status,
      items: items,
      diagnostics: compilerWarnings + diagnostics,
      key: order.key,
      times: CellResult.Times(
        compileWall: order.product.seconds,
        runWall: report?.wall ?? 0,
        runProcessor: report?.processor ?? 0,
        peakMemory: report?.peakMemory ?? 0
      )
    )
    return Result(cell: cell, values: values, kernelLives: kernelLives)
  }
}
