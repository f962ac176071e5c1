public import Tensors

/// Gradients of a model's parameters in visiting order; nil where a parameter is frozen.
public struct Gradients: Sendable {
  /// One gradient a parameter.
  public var tensors: [Tensor<Float>?]

  /// Makes gradients from tensors in visiting order.
  public init(_ tensors: [Tensor<Float>?]) { self.tensors = tensors }

  /// The Euclidean norm of all gradients together.
  public var norm: Float {
    Float(tensors.reduce(0.0) { $0 + ($1.map { $0.dotProduct($0) } ?? 0) }.squareRoot())
  }

  /// Scales all gradients so that their common norm is at most `limit`, as PyTorch's `clip_grad_norm_` does.
  ///
  /// - Parameter limit: largest norm.
  /// - Returns: the norm before.
  @discardableResult public mutating func clip(toNorm limit: Float) -> Float {
    let norm = norm
    let factor = limit / (norm + 1e-6)
    if factor < 1 { self *= factor }
    return norm
  }

  /// Moves every gradient's values into -limit…limit.
  public mutating func clip(toValue limit: Float) {
    for index in tensors.indices { tensors[index] = tensors[index]?.clamped(to: -limit...limit) }
  }

  /// Multiplies all gradients.
  public static func *= (gradients: inout Gradients, factor: Float) {
    for index in gradients.tensors.indices { gradients.tensors[index] = gradients.tensors[index].map { $0 * factor } }
  }

  /// Adds gradients of another batch of the same model.
  public static func += (a: inout Gradients, b: Gradients) {
    precondition(
      a.tensors.count == b.tensors.count,
      "Gradients: \(a.tensors.count) and \(b.tensors.count) parameters belong to different models"
    )
    for index in a.tensors.indices {
      guard let other = b.tensors[index] else { continue }
      if a.tensors[index] == nil { a.tensors[index] = other } else { a.tensors[index]? += other }
    }
  }
}

private struct Watcher: ParameterVisitor {
  let tape: GradientTape<Float>
  let selects: ((String) -> Bool)?
  var path = NamePath()
  var watched: [Tensor<Float>?] = []

  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>) {
    if let selects, !selects(path.full(name)) {
      watched.append(nil)
      return
    }
    tensor = tape.watch(tensor)
    watched.append(tensor)
  }
  mutating func enter(_ name: String) { if selects != nil { path.enter(name) } }
  mutating func leave() { if selects != nil { path.leave() } }
}

/// Makes constants of all tensors again.
private struct Releaser: ParameterVisitor {
  mutating func visit(_ name: String, _ tensor: inout Tensor<Float>) { tensor = tensor.withoutGradient() }
  mutating func visitState(_ name: String, _ tensor: inout Tensor<Float>) { tensor = tensor.withoutGradient() }
}

/// A loss and its gradients for the parameters of a model.
///
/// - Parameters:
///   - model: the model; state that it updates (running means) stays updated, its parameters do not change.
///   - selects: which parameters get gradients, by full name; the others are frozen. All where nil.
///   - body: computes the loss with the model it is given.
/// - Returns: the loss, and one gradient a parameter.
public func valueWithGradient<Model: Module>(
  at model: inout Model,
  where selects: ((String) -> Bool)? = nil,
  in body: (inout Model) throws -> Tensor<Float>
) rethrows -> (value: Tensor<Float>, gradients: Gradients) {
  try withGradient(of: Float.self) { tape in
    var watcher = Watcher(tape: tape, selects: selects)
    model.visitParameters(&watcher)
    defer {
      var releaser = Releaser()
      model.visitParameters(&releaser)
    }
    let value = try body(&model)
    let wanted = watcher.watched.compactMap { $0 }
    var found = tape.gradients(of: value, at: wanted)[...]
    return (value.withoutGradient(), Gradients(watcher.watched.map { $0 == nil ? nil : found.popFirst() }))
  }
}
