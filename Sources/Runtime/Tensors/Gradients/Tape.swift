internal import Glibc

/// Operations in the order in which they ran, each with the way back from its result to its inputs.
///
/// Sendable because only the thread that made a tape writes to it; that is checked.
package final class Tape<Scalar: TensorElement>: @unchecked Sendable {
  package typealias Pull = (Tensor<Scalar>) -> Tensor<Scalar>

  /// The way from a result's gradient to those of the inputs.
  enum Pullback {
    case one(Int, Pull)
    case two(Int, Pull, Int, Pull)
    case many([Int], (Tensor<Scalar>) -> [Tensor<Scalar>?])
    /// Runs a segment again and yields its result, whose own entries then lie at the end of the tape.
    case replay(() -> Tensor<Scalar>)
  }

  struct Entry {
    let name: StaticString
    let output: Int
    let pullback: Pullback
  }

  private var entries: [Entry] = []
  private var gradients: [Tensor<Scalar>?] = []
  package private(set) var isRecording = true
  private let owner = pthread_self()
  private let guardian = FiniteGuard.current

  package init() {}

  /// Gives a constant a slot, so that operations on it are recorded.
  package func watch(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
    var watched = tensor
    watched.tape = self
    watched.slot = gradients.count
    gradients.append(nil)
    return watched
  }

  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func record(_ name: StaticString, _ result: Tensor<Scalar>, _ pullback: Pullback) -> Tensor<Scalar> {
    precondition(
      pthread_equal(owner, pthread_self()) != 0,
      "\(name): a tensor that a gradient is taken of is used on another thread"
    )
    if let guardian { guardian.check(result, name: name, entry: entries.count, phase: .forward) }
    let output = watch(result)
    entries.append(Entry(name: name, output: output.slot, pullback: pullback))
    return output
  }

  /// Runs without recording.
  package func paused<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = isRecording
    isRecording = false
    defer { isRecording = before }
    return try body()
  }

  /// Adds to the gradient in a slot.
  private func accumulate(_ gradient: Tensor<Scalar>, at slot: Int, add: (inout Tensor<Scalar>, Tensor<Scalar>) -> Void)
  {
    guard var sum = gradients[slot].take() else {
      gradients[slot] = gradient
      return
    }
    add(&sum, gradient)
    gradients[slot] = sum
  }

  /// Follows the tape back from a result; leaves gradients in the slots of watched constants only.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package func run(
    from result: Tensor<Scalar>,
    seed: Tensor<Scalar>,
    add: (inout Tensor<Scalar>, Tensor<Scalar>) -> Void
  ) {
    isRecording = false
    if result.tape === self { gradients[result.slot] = seed }
    while let entry = entries.popLast() {
      guard let gradient = gradients[entry.output].take() else { continue }
      if let guardian { guardian.check(gradient, name: entry.name, entry: entries.count, phase: .backward) }
      switch entry.pullback {
      case .one(let slot, let pull): accumulate(pull(gradient), at: slot, add: add)
      case .two(let first, let pullFirst, let second, let pullSecond):
        accumulate(pullFirst(gradient), at: first, add: add)
        accumulate(pullSecond(gradient), at: second, add: add)
      case .many(let slots, let pull):
        for (slot, part) in zip(slots, pull(gradient)) where slot >= 0 {
          if let part { accumulate(part, at: slot, add: add) }
        }
      case .replay(let body):
        isRecording = true
        let again = body()
        isRecording = false
        if again.tape === self { accumulate(gradient, at: again.slot, add: add) }
      }
    }
  }

  /// The gradient that arrived at a watched constant.
  package func gradient(at tensor: Tensor<Scalar>) -> Tensor<Scalar>? {
    tensor.tape === self ? gradients[tensor.slot] : nil
  }

  /// Lets go of everything; tensors that were recorded are constants from here on.
  package func close() {
    isRecording = false
    entries = []
    gradients = []
  }
}

extension Optional {
  /// The value, leaving nil: so that the taker is the only owner.
  mutating func take() -> Wrapped? {
    let value = self
    self = nil
    return value
  }
}

extension Tensor {
  /// Whether operations on this tensor are noted down for a gradient.
  package var isRecorded: Bool { tape?.isRecording ?? false }

  /// The same values as a constant: no gradient passes through.
  public func withoutGradient() -> Tensor {
    var result = self
    result.tape = nil
    result.slot = -1
    return result
  }

  private var recordingTape: Tape<Scalar>? {
    guard let tape, tape.isRecording else { return nil }
    return tape
  }

  /// Notes down how this result came from one input.
  package func recorded(
    _ name: StaticString,
    from input: Tensor,
    _ pull: @escaping Tape<Scalar>.Pull
  ) -> Tensor {
    guard let tape = input.recordingTape else { return self }
    return tape.record(name, self, .one(input.slot, pull))
  }

  /// Notes down how this result came from two inputs.
  package func recorded(
    _ name: StaticString,
    from first: Tensor,
    _ pullFirst: @escaping Tape<Scalar>.Pull,
    from second: Tensor,
    _ pullSecond: @escaping Tape<Scalar>.Pull
  ) -> Tensor {
    switch (first.recordingTape, second.recordingTape) {
    case (nil, nil): return self
    case (let tape?, nil): return tape.record(name, self, .one(first.slot, pullFirst))
    case (nil, let tape?): return tape.record(name, self, .one(second.slot, pullSecond))
    case (let tape?, let other?):
      checkSameTape(name, tape, other)
      return tape.record(name, self, .two(first.slot, pullFirst, second.slot, pullSecond))
    }
  }

  /// Notes down how this result came from several inputs; the pullback gives nil where no gradient is needed.
  package func recorded(
    _ name: StaticString,
    from inputs: [Tensor],
    _ pull: @escaping (_ gradient: Tensor, _ needed: [Bool]) -> [Tensor?]
  ) -> Tensor {
    guard let tape = inputs.lazy.compactMap(\.recordingTape).first else { return self }
    var slots: [Int] = []
    for input in inputs {
      if let other = input.recordingTape { checkSameTape(name, tape, other) }
      slots.append(input.recordingTape == nil ? -1 : input.slot)
    }
    let needed = slots.map { $0 >= 0 }
    return tape.record(name, self, .many(slots) { pull($0, needed) })
  }
}

private func checkSameTape<Scalar>(_ name: StaticString, _ tape: Tape<Scalar>, _ other: Tape<Scalar>) {
  precondition(
    tape === other,
    "\(name): its inputs belong to two gradients, one within the other; gradients of gradients are not supported"
  )
}
