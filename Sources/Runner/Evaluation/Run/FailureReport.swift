internal import Foundation
internal import Notebook
internal import Record

/// Turns the way in which a cell ended into words at the author's place.
struct FailureReport: Sendable {
  let map: SourceMap
  let symbolizer: Symbolizer
  let demangler: String

  /// What the kernel reported for a cell that did not succeed.
  func failure(
    _ report: KernelReport,
    cell: Cell,
    thrown: (description: String, type: String)?,
    errors: String,
    limits: Limits
  )
    -> Failure
  {
    let frames = symbolizer.frames(report.frames)
    let authored = frames.compactMap { frame in
      map.range(file: frame.file, line: frame.line, column: frame.column).map { (frame: frame, range: $0) }
    }.filter { $0.frame.line > 0 }
    let place = authored.first?.range ?? SourceRange(line: cell.line, column: 1)
    let names = functionNames(authored.map(\.frame.function))
    let backtrace = zip(names, authored).map { name, entry in
      "\(name) at \(map.path):\(entry.range.start.line):\(entry.range.start.column)"
    }
    let (kind, message, remedy) = words(report, thrown: thrown, errors: errors, frames: frames, limits: limits)
    return Failure(
      kind: kind,
      diagnostics: [Diagnostic(.error, file: map.path, range: place, message, remedy: remedy)],
      backtrace: backtrace.withoutRepeats
    )
  }

  struct Limits: Sendable {
    var timeout: Double
    var memory: Int
  }

  private func words(
    _ report: KernelReport,
    thrown: (description: String, type: String)?,
    errors: String,
    frames: [Symbolizer.Frame],
    limits: Limits
  ) -> (Failure.Kind, String, String?) {
    switch report.outcome {
    case .error:
      let (description, type) = thrown ?? ("an error", "Error")
      return (.thrownError, "\(type) thrown: \(description)", nil)
    case .exit:
      return (
        .exit, "the cell called exit(\(report.detail))", "a cell ends by itself; throw an error to stop with a reason"
      )
    case .interrupt:
      return (
        .timeout, "the cell ran longer than \(Self.seconds(limits.timeout))",
        "set a longer 'timeout' in its options or in the front matter's 'execute'"
      )
    case .load:
      return (.kernelLost, "the cell cannot be loaded: \(errors.trimmingCharacters(in: .whitespacesAndNewlines))", nil)
    case .trap, .success: return trap(report, errors: errors, frames: frames, limits: limits)
    }
  }

  private func trap(
    _ report: KernelReport,
    errors: String,
    frames: [Symbolizer.Frame],
    limits: Limits
  ) -> (Failure.Kind, String, String?) {
    if report.detail == KernelReport.stackOverflow {
      return (.trap, "stack overflow", "look for a function that calls itself without end")
    }
    if errors.contains("Fatal error: failed to allocate") {
      let limit = "\(limits.memory >> 20) MB"
      return (
        .memoryLimit, "the cell needs more memory than the limit of \(limit)",
        "work on smaller pieces, or raise 'memory' in the front matter's 'execute'"
      )
    }
    if let text = Self.fatalMessage(errors) { return (.trap, text, nil) }
    if let inlined = frames.first(where: { $0.function.hasPrefix("Swift runtime failure: ") }) {
      return (.trap, "fatal error: " + inlined.function.dropFirst("Swift runtime failure: ".count), nil)
    }
    let name = strsignal(report.detail).map { String(cString: $0) } ?? "signal"
    return (.trap, "the cell trapped: \(name) (signal \(report.detail))", nil)
  }

  /// The last message of the Swift runtime before a trap, without the path of the library's source.
  static func fatalMessage(_ errors: String) -> String? {
    let words = /(Fatal error|Precondition failed|Assertion failed)(?:: (.*))?$/
    guard let match = errors.split(separator: "\n").compactMap({ $0.firstMatch(of: words) }).last else { return nil }
    let text = match.2.map(String.init) ?? ""
    // A precondition of the runtime says all itself: which operation, which shapes.
    if match.1 == "Precondition failed", !text.isEmpty { return text }
    return match.1.lowercased() + (text.isEmpty ? "" : ": \(text)")
  }

  /// The text of standard error without the line that became the failure's message.
  static func withoutFatalMessage(_ errors: String) -> String {
    errors.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.contains(/^(\S+\.swift:\d+: |\S+\/\S+: )?(Fatal error|Precondition failed|Assertion failed)/) }
      .joined(separator: "\n")
  }

  private static func seconds(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value)) s" : "\(value) s"
  }

  private func functionNames(_ mangled: [String]) -> [String] {
    guard !mangled.isEmpty else { return [] }
    let output = (try? Subprocess.run(demangler, ["-compact", "-simplified"] + mangled))?.output ?? ""
    let lines = output.split(separator: "\n").map { SourceMap.readable(String($0)) }
    return lines.count == mangled.count ? lines : mangled.map(SourceMap.readable)
  }
}

extension KernelReport {
  /// Stands in `detail` for a trap on the guard page of the stack.
  static let stackOverflow: Int32 = 1000
}

extension [String] {
  /// Recursion fills a backtrace with one line: repeats are counted.
  fileprivate var withoutRepeats: [String] {
    var result: [String] = []
    var index = startIndex
    while index < endIndex {
      let run = self[index...].prefix { $0 == self[index] }.count
      result.append(run > 1 ? "\(self[index]) (\(run) times)" : self[index])
      index += run
    }
    return result
  }
}
