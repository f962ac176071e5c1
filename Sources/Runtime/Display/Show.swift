/// Shows a value at this point of the cell.
///
/// A value that cannot be drawn (a plot without data, say) is reported as a failure of the cell at this line.
@_semantics("optimize.no.crossmodule")
public func show<Value>(_ value: Value, line: Int = #line) {
  do {
    if let output = try Output.of(value) { Channel.current.send(.output(output)) }
  } catch {
    Channel.current.send(.displayFailure(message: String(describing: error), line: line))
  }
}

/// Shows that a long computation goes on: a bar in the terminal, nothing in the report.
///
/// - Parameters:
///   - fraction: share done, 0…1.
///   - label: what is being done.
public func progress(_ fraction: Double, _ label: String = "") {
  Channel.current.send(.progress(fraction: fraction, label: label))
}
