public import Tensors

/// Walks over a model's tensors by name; parameters are learned, state (such as running means) is not.
public protocol ParameterVisitor {
  /// Meets a parameter; may replace it.
  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>)
  /// Meets a tensor that belongs to the model but is not learned by gradients; may replace it.
  mutating func visitState(_ name: String, _ tensor: inout Tensor<Float>)
  /// Begins the tensors of a part with a name.
  mutating func enter(_ name: String)
  /// Ends the part that was begun last.
  mutating func leave()
}

extension ParameterVisitor {
  /// Meets state; does nothing unless a visitor says otherwise.
  public mutating func visitState(_ name: String, _ tensor: inout Tensor<Float>) {}
  /// Begins a part; does nothing unless a visitor says otherwise.
  public mutating func enter(_ name: String) {}
  /// Ends a part; does nothing unless a visitor says otherwise.
  public mutating func leave() {}

  /// Meets a parameter that may be missing.
  public mutating func visit(_ name: String, _ tensor: inout Tensor<Float>?) {
    guard var value = tensor else { return }
    tensor = nil
    visit(name, &value)
    tensor = value
  }

  /// Meets a part.
  public mutating func visit(_ name: String, _ module: inout some Module) {
    enter(name)
    module.visitParameters(&self)
    leave()
  }

  /// Meets a part that may be missing.
  public mutating func visit<Part: Module>(_ name: String, _ module: inout Part?) {
    guard var value = module else { return }
    module = nil
    visit(name, &value)
    module = value
  }

  /// Meets parts in a row, named "0", "1", ….
  public mutating func visit<Part: Module>(_ name: String, _ modules: inout [Part]) {
    enter(name)
    for index in modules.indices { visit("\(index)", &modules[index]) }
    leave()
  }

  /// Meets parameters in a row, named "0", "1", ….
  public mutating func visit(_ name: String, _ tensors: inout [Tensor<Float>]) {
    enter(name)
    for index in tensors.indices { visit("\(index)", &tensors[index]) }
    leave()
  }
}

/// A part of a model: hyper-parameters, tensors, and one line for each of them in `visitParameters`.
///
/// Names are those of the reference's state dict, so that weights of PyTorch load by name.
public protocol Module: Sendable {
  /// Shows all tensors and parts to a visitor, always in the same order.
  mutating func visitParameters(_ visitor: inout some ParameterVisitor)
}

/// Whether a model learns or is used: batch norms and dropouts differ.
public enum Mode: Sendable, Equatable {
  /// The model learns: batch statistics, dropout.
  case training
  /// The model is used: running statistics, no dropout.
  case evaluation
}

/// Joins names of nested parts with dots.
struct NamePath {
  private(set) var parts: [String] = []

  mutating func enter(_ name: String) { parts.append(name) }
  mutating func leave() { parts.removeLast() }
  func full(_ name: String) -> String { (parts + [name]).joined(separator: ".") }
}
