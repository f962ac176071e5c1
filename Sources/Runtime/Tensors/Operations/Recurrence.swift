/// Weights of one direction of a recurrent layer, in PyTorch's order of gates.
public struct RecurrentWeights<Scalar: TensorScalar>: Sendable {
  /// From the input, `[gates · hidden, input]`.
  public var input: Tensor<Scalar>
  /// From the state before, `[gates · hidden, hidden]`.
  public var hidden: Tensor<Scalar>
  /// Added to the input's part, `[gates · hidden]`.
  public var inputBias: Tensor<Scalar>
  /// Added to the state's part, `[gates · hidden]`.
  public var hiddenBias: Tensor<Scalar>

  /// Makes weights.
  ///
  /// - Parameters:
  ///   - input: from the input, `[gates · hidden, input]`.
  ///   - hidden: from the state, `[gates · hidden, hidden]`.
  ///   - inputBias: for the input's part, `[gates · hidden]`.
  ///   - hiddenBias: for the state's part, `[gates · hidden]`.
  public init(
    input: Tensor<Scalar>,
    hidden: Tensor<Scalar>,
    inputBias: Tensor<Scalar>,
    hiddenBias: Tensor<Scalar>
  ) {
    (self.input, self.hidden, self.inputBias, self.hiddenBias) = (input, hidden, inputBias, hiddenBias)
  }

  func check(_ x: Tensor<Scalar>, gates: Int, _ name: StaticString) -> Int {
    precondition(x.rank == 3, "\(name): input has shape \(x.shape), expected [time, batch, features]")
    let size = hidden.shape.last ?? 0
    precondition(
      x.shape[0] > 0 && input.shape == [gates * size, x.shape[2]] && hidden.shape == [gates * size, size]
        && inputBias.shape == [gates * size] && hiddenBias.shape == [gates * size],
      "\(name): weights \(input.shape), \(hidden.shape) and biases \(inputBias.shape), \(hiddenBias.shape) do not fit input \(x.shape)"
    )
    return size
  }
}

extension Tensor where Scalar: TensorScalar {
  /// A long short-term memory over the first axis.
  ///
  /// i, f, g, o = σ, σ, tanh, σ of W x + U h + b; c' = f c + i g; h' = o tanh c'.
  ///
  /// - Parameters:
  ///   - weights: with gates in the order i, f, g, o.
  ///   - state: h and c before the first step, `[batch, hidden]` each; zeros where nil.
  ///   - backward: whether time runs from the end.
  /// - Returns: h and c after every step, `[time, batch, hidden]` each, both with gradients.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func lstm(
    _ weights: RecurrentWeights<Scalar>,
    state: (hidden: Tensor, cell: Tensor)? = nil,
    backward: Bool = false
  ) -> (hidden: Tensor, cell: Tensor) {
    let size = weights.check(self, gates: 4, "lstm")
    let start = state ?? (.zeros([shape[1], size]), .zeros([shape[1], size]))
    precondition(
      start.hidden.shape == [shape[1], size] && start.cell.shape == [shape[1], size],
      "lstm: state has shapes \(start.hidden.shape) and \(start.cell.shape), expected [\(shape[1]), \(size)]"
    )
    let run = LSTMRun(x: self, weights, start, backward: backward)
    let inputs = [self, weights.input, weights.hidden, weights.inputBias, weights.hiddenBias, start.hidden, start.cell]
    let packed = run.states.recorded("lstm", from: inputs) { gradient, _ in run.pull(gradient) }
    return (packed.selected(0), packed.selected(1))
  }

  /// A gated recurrent unit over the first axis, as PyTorch defines it.
  ///
  /// r, z = σ(W x + U h + b); n = tanh(W x + b + r (U h + b')); h' = (1 - z) n + z h.
  ///
  /// - Parameters:
  ///   - weights: with gates in the order r, z, n.
  ///   - state: h before the first step, `[batch, hidden]`; zeros where nil.
  ///   - backward: whether time runs from the end.
  /// - Returns: h after every step, `[time, batch, hidden]`.
  @_semantics("optimize.no.crossmodule")
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func gru(_ weights: RecurrentWeights<Scalar>, state: Tensor? = nil, backward: Bool = false) -> Tensor {
    let size = weights.check(self, gates: 3, "gru")
    let start = state ?? .zeros([shape[1], size])
    precondition(
      start.shape == [shape[1], size],
      "gru: state has shape \(start.shape), expected [\(shape[1]), \(size)]"
    )
    let run = GRURun(x: self, weights, start, backward: backward)
    let inputs = [self, weights.input, weights.hidden, weights.inputBias, weights.hiddenBias, start]
    return run.states.recorded("gru", from: inputs) { gradient, _ in run.pull(gradient) }
  }
}

/// What the way back from a recurrence shares between cells: gradients of the weights from those of the gates.
struct RecurrentGradients<Scalar: TensorScalar> {
  /// Gradients of W, both biases and x from those of all gates, `[time, batch, gates]`.
  static func input(
    _ gates: Tensor<Scalar>,
    _ x: Tensor<Scalar>,
    _ weights: Tensor<Scalar>
  ) -> (x: Tensor<Scalar>, weights: Tensor<Scalar>, bias: Tensor<Scalar>) {
    let rows = gates.shape[0] * gates.shape[1]
    let flat = gates.withShape([rows, gates.shape[2]])
    let dx = flat.matmul(weights).withShape(x.shape)
    let dw = flat.matmul(x.withShape([rows, x.shape[2]]), transposesLeft: true)
    return (dx, dw, flat.reducedRaw(.sum, axes: [0]))
  }

  /// Gradient of U: gates of each step with the state before it.
  static func hidden(
    _ gates: Tensor<Scalar>,
    _ states: Tensor<Scalar>,
    _ start: Tensor<Scalar>,
    backward: Bool
  ) -> Tensor<Scalar> {
    let time = gates.shape[0]
    let first = backward ? time - 1 : 0
    var sum = gates.slicedRaw(first..<first + 1, 0, 1).withShape(Array(gates.shape.dropFirst()))
      .matmul(start, transposesLeft: true)
    guard time > 1 else { return sum }
    let later = gates.slicedRaw(backward ? 0..<time - 1 : 1..<time, 0, 1)
    let before = states.slicedRaw(backward ? 1..<time : 0..<time - 1, 0, 1)
    let rows = (time - 1) * gates.shape[1]
    sum += later.withShape([rows, gates.shape[2]])
      .matmul(before.withShape([rows, start.shape[1]]), transposesLeft: true)
    return sum
  }
}
