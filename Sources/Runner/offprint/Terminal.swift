import Display
import Evaluation
import Foundation
import Pipeline
import Report
import Synchronization

/// Shows what a render does: one bar for the running notebook on a terminal, plain lines elsewhere.
final class Terminal: Sendable {
  let usesColor: Bool
  private let isQuiet: Bool
  private let isInteractive: Bool
  private let state = Mutex(State())

  private struct State {
    var notebook = ""
    var cells = 0
    var done = 0
    var hasBar = false
  }

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    isInteractive = isatty(2) != 0 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    usesColor = isInteractive && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
  }

  func show(_ event: RenderEvent) {
    state.withLock { state in
      switch event {
      case .started(let notebook, let cells): state = State(notebook: notebook, cells: cells, hasBar: state.hasBar)
      case .evaluation(_, let event): show(event, &state)
      case .message(let message):
        clearBar(&state)
        write(message.text + "\n")
      case .finished(let notebook, let summary, let page, let seconds, let isReused):
        clearBar(&state)
        guard !isQuiet else { return }
        print("\(notebook) → \(page) (\(Self.facts(summary, seconds: seconds, isReused: isReused)))")
      }
    }
  }

  private func show(_ event: EvaluationEvent, _ state: inout State) {
    guard isInteractive, !isQuiet else { return }
    switch event {
    case .running(let cell, let index, _):
      state.done = index
      drawBar(&state, cell)
    case .progress(let cell, let fraction, let label):
      drawBar(&state, "\(cell): \(Int(fraction * 100)) % \(label)")
    case .compiling(let cell) where state.done == 0: drawBar(&state, "compiling \(cell)")
    case .compiling, .finished, .reused: break
    }
  }

  private func drawBar(_ state: inout State, _ text: String) {
    let width = 20
    let filled = state.cells == 0 ? 0 : width * state.done / state.cells
    let bar = String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
    let line = "\(state.notebook) \(bar) \(state.done)/\(state.cells) \(text)"
    write("\r\u{1B}[K" + String(line.prefix(100)))
    state.hasBar = true
  }

  private func clearBar(_ state: inout State) {
    if state.hasBar { write("\r\u{1B}[K") }
    state.hasBar = false
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// What a line says of a finished report.
  private static func facts(_ summary: ReportSummary, seconds: Double, isReused: Bool) -> String {
    var facts = ["\(summary.cellCount) \(summary.cellCount == 1 ? "cell" : "cells")"]
    if summary.failedCells > 0 { facts.append("\(summary.failedCells) failed") }
    if !summary.claims.isEmpty {
      let good = summary.verdicts.filter { $0 == .reproduced || $0 == .qualitative }.count
      facts.append("\(good) of \(summary.claims.count) claims reproduced")
    }
    facts.append(isReused ? "unchanged" : "\((seconds * 10).rounded() / 10) s")
    return facts.joined(separator: ", ")
  }
}
