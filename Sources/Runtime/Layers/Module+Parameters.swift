public import Tensors

/// A tensor of a model with its full name.
public struct NamedTensor: Sendable, Equatable {
  /// Names of all parts from the model down, joined by dots.
  public var name: String
  /// The values.
  public var tensor: Tensor<Float>
  /// Whether gradients change it.
  public var isLearned: Bool
}

private struct Collector: ParameterVisitor {
  var path = NamePath()
  var found: [NamedTensor] = []

  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>) {
    found.append(NamedTensor(name: path.full(name), tensor: tensor, isLearned: true))
  }
  mutating func visitState(_ name: String, _ tensor: inout Tensor<Float>) {
    found.append(NamedTensor(name: path.full(name), tensor: tensor, isLearned: false))
  }
  mutating func enter(_ name: String) { path.enter(name) }
  mutating func leave() { path.leave() }
}

private struct Mapper: ParameterVisitor {
  var path = NamePath()
  let body: (String, Tensor<Float>) -> Tensor<Float>
  let changesState: Bool

  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>) { tensor = body(path.full(name), tensor) }
  mutating func visitState(_ name: String, _ tensor: inout Tensor<Float>) {
    if changesState { tensor = body(path.full(name), tensor) }
  }
  mutating func enter(_ name: String) { path.enter(name) }
  mutating func leave() { path.leave() }
}

extension Module {
  /// All tensors with full names, in visiting order, state included.
  public var namedTensors: [NamedTensor] {
    var copy = self
    var collector = Collector()
    copy.visitParameters(&collector)
    return collector.found
  }

  /// The learned tensors in visiting order.
  public var parameters: [Tensor<Float>] { namedTensors.filter(\.isLearned).map(\.tensor) }

  /// Number of learned values.
  public var parameterCount: Int { namedTensors.reduce(0) { $0 + ($1.isLearned ? $1.tensor.count : 0) } }

  /// Replaces each learned tensor by what the body makes of it, and state too where asked.
  public mutating func updateParameters(
    includingState: Bool = false,
    _ body: (_ name: String, _ tensor: Tensor<Float>) -> Tensor<Float>
  ) {
    withoutActuallyEscaping(body) { body in
      var mapper = Mapper(body: body, changesState: includingState)
      visitParameters(&mapper)
    }
  }

  /// The model's parts, shapes and numbers of learned values as an indented list, the total last.
  public var summary: String {
    var lines: [String] = []
    var open: [String] = []
    for entry in namedTensors {
      let parts = entry.name.split(separator: ".").map(String.init)
      let parents = Array(parts.dropLast())
      let shared = zip(open, parents).prefix { $0 == $1 }.count
      for depth in shared..<max(shared, parents.count) {
        let prefix = parents[...depth].joined(separator: ".") + "."
        lines.append(String(repeating: "  ", count: depth) + parents[depth] + "  " + countText(prefix))
      }
      open = parents
      let note = entry.isLearned ? "" : "  state"
      lines.append(
        String(repeating: "  ", count: parents.count) + (parts.last ?? "") + "  \(entry.tensor.shape)" + note
      )
    }
    lines.append("total  \(parameterCount)")
    return lines.joined(separator: "\n")
  }

  private func countText(_ prefix: String) -> String {
    "(\(namedTensors.reduce(0) { $0 + ($1.isLearned && $1.name.hasPrefix(prefix) ? $1.tensor.count : 0) }))"
  }
}
