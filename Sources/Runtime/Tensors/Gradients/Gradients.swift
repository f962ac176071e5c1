/// Takes gradients of values with respect to watched tensors; lives within `withGradient`.
public struct GradientTape<Scalar: TensorScalar> {
  package let tape: Tape<Scalar>

  /// The tensor as an input of what follows: operations on it are noted down.
  public func watch(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
    precondition(
      !tensor.isRecorded || tensor.tape === tape,
      "withGradient: the watched tensor belongs to an outer gradient; gradients of gradients are not supported"
    )
    return tape.watch(tensor)
  }

  /// Gradients of a value with respect to watched tensors; can be asked once.
  ///
  /// - Parameters:
  ///   - value: result of operations on the watched tensors; where it has more than one element, their sum is meant.
  ///   - inputs: what `watch` returned.
  /// - Returns: one gradient an input, of its shape; zeros where the value does not depend on it.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func gradients(of value: Tensor<Scalar>, at inputs: [Tensor<Scalar>]) -> [Tensor<Scalar>] {
    tape.run(from: value, seed: .ones(value.shape)) { $0.formSum(with: $1) }
    return inputs.map { tape.gradient(at: $0) ?? .zeros($0.shape) }
  }
}

/// The innermost tape of a task, for what must find it without a tensor at hand.
enum CurrentTape {
  @TaskLocal static var tape: (any Sendable)?
}

/// Runs a body whose operations on watched tensors are noted down, so that gradients can be taken.
///
/// - Parameters:
///   - type: Float or Double.
///   - body: watches inputs, computes, asks for gradients; its tensors are constants afterwards.
/// - Returns: what the body returns.
public func withGradient<Scalar: TensorScalar, Result>(
  of type: Scalar.Type,
  _ body: (GradientTape<Scalar>) throws -> Result
) rethrows -> Result {
  let tape = Tape<Scalar>()
  defer { tape.close() }
  return try CurrentTape.$tape.withValue(tape) { try body(GradientTape(tape: tape)) }
}

/// A function's value and its gradients at several tensors.
///
/// - Parameters:
///   - inputs: where to take it.
///   - body: the function; the sum of its result's elements is differentiated.
/// - Returns: the value, and one gradient for each input.
public func valueWithGradient<Scalar: TensorScalar>(
  at inputs: [Tensor<Scalar>],
  in body: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradients: [Tensor<Scalar>]) {
  try withGradient(of: Scalar.self) { tape in
    let watched = inputs.map(tape.watch)
    let value = try body(watched)
    return (value.withoutGradient(), tape.gradients(of: value, at: watched))
  }
}

/// A function's value and its gradient at one tensor.
///
/// - Parameters:
///   - input: where to take it.
///   - body: the function; the sum of its result's elements is differentiated.
/// - Returns: the value, and the gradient in the shape of the input.
public func valueWithGradient<Scalar: TensorScalar>(
  at input: Tensor<Scalar>,
  in body: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
  let (value, gradients) = try valueWithGradient(at: [input]) { try body($0[0]) }
  return (value, gradients[0])
}

/// A function's gradient at one tensor.
///
/// - Parameters:
///   - input: where to take it.
///   - body: the function; the sum of its result's elements is differentiated.
/// - Returns: the gradient in the shape of the input.
public func gradient<Scalar: TensorScalar>(
  at input: Tensor<Scalar>,
  in body: (Tensor<Scalar>) throws -> Tensor<Scalar>
) rethrows -> Tensor<Scalar> {
  try valueWithGradient(at: input, in: body).gradient
}

/// The same values as a constant: no gradient passes through.
public func stopGradient<Scalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> { tensor.withoutGradient() }

/// Runs a body without noting down operations for the innermost gradient of this scalar type.
///
/// - Parameters:
///   - type: the scalar type of the tensors concerned.
///   - body: what to run.
/// - Returns: what the body returns.
public func noGradient<Scalar: TensorScalar, Result>(
  of type: Scalar.Type = Float.self,
  _ body: () throws -> Result
) rethrows -> Result {
  guard let tape = CurrentTape.tape as? Tape<Scalar> else { return try body() }
  return try tape.paused(body)
}

/// A segment whose intermediate values are not kept, but computed again on the way back.
///
/// Saves memory for the time of one more forward run. Tensors that the body captures receive gradients too. The body must
/// give the same values each time: random numbers come from a stream that it holds by value.
///
/// - Parameters:
///   - inputs: what the segment starts from.
///   - body: the segment.
/// - Returns: the segment's result.
public func checkpointed<Scalar: TensorScalar>(
  _ inputs: [Tensor<Scalar>],
  _ body: @escaping ([Tensor<Scalar>]) -> Tensor<Scalar>
) -> Tensor<Scalar> {
  let own = inputs.lazy.compactMap { $0.isRecorded ? $0.tape : nil }.first
  guard let tape = own ?? CurrentTape.tape as? Tape<Scalar>, tape.isRecording else { return body(inputs) }
  let result = tape.paused { body(inputs) }
  return tape.record("checkpointed", result.withoutGradient(), .replay { body(inputs) })
}
