public import Tensors

/// One direction of one layer of a recurrent network.
struct RecurrentCell: Sendable {
  var weights: RecurrentWeights<Float>

  init(inputSize: Int, hiddenSize: Int, gates: Int, _ random: inout RandomStream) {
    func make(_ shape: [Int]) -> Tensor<Float> { Initial.uniform(shape, fanIn: hiddenSize, &random) }
    weights = RecurrentWeights(
      input: make([gates * hiddenSize, inputSize]),
      hidden: make([gates * hiddenSize, hiddenSize]),
      inputBias: make([gates * hiddenSize]),
      hiddenBias: make([gates * hiddenSize])
    )
  }

  mutating func visit(_ suffix: String, _ visitor: inout some ParameterVisitor) {
    visitor.visit("weight_ih_\(suffix)", &weights.input)
    visitor.visit("weight_hh_\(suffix)", &weights.hidden)
    visitor.visit("bias_ih_\(suffix)", &weights.inputBias)
    visitor.visit("bias_hh_\(suffix)", &weights.hiddenBias)
  }
}

/// Layers of recurrent cells, each in one or both directions of time.
struct RecurrentStack: Sendable {
  var cells: [[RecurrentCell]]
  let hiddenSize: Int

  init(
    inputSize: Int,
    hiddenSize: Int,
    layers: Int,
    isBidirectional: Bool,
    gates: Int,
    _ random: inout RandomStream
  ) {
    precondition(layers > 0, "a recurrent network must have a layer at least, got \(layers)")
    self.hiddenSize = hiddenSize
    let directions = isBidirectional ? 2 : 1
    cells = (0..<layers).map { layer in
      let size = layer == 0 ? inputSize : hiddenSize * directions
      return (0..<directions).map { _ in
        RecurrentCell(inputSize: size, hiddenSize: hiddenSize, gates: gates, &random)
      }
    }
  }

  mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    for layer in cells.indices {
      for direction in cells[layer].indices {
        cells[layer][direction].visit("l\(layer)" + (direction == 1 ? "_reverse" : ""), &visitor)
      }
    }
  }
}

/// A long short-term memory of one or several layers, in one or both directions; names and gates as in PyTorch.
public struct LSTM: Module {
  private var stack: RecurrentStack

  /// h and c of all layers and directions, layer by layer, `[batch, hidden]` each.
  public typealias State = [(hidden: Tensor<Float>, cell: Tensor<Float>)]

  /// Makes a network with PyTorch's initial values: uniform within ±1/√hiddenSize.
  ///
  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of a state.
  ///   - layers: how many layers.
  ///   - isBidirectional: whether each layer also runs from the end of time.
  ///   - random: supplies the values.
  public init(
    inputSize: Int,
    hiddenSize: Int,
    layers: Int = 1,
    isBidirectional: Bool = false,
    random: inout RandomStream
  ) {
    stack = RecurrentStack(
      inputSize: inputSize,
      hiddenSize: hiddenSize,
      layers: layers,
      isBidirectional: isBidirectional,
      gates: 4,
      &random
    )
  }

  /// The states of the last layer after every step.
  ///
  /// - Parameters:
  ///   - x: `[time, batch, features]`.
  ///   - state: states before the first step; zeros where nil.
  /// - Returns: `[time, batch, hidden · directions]`, and the states after the last step.
  public func callAsFunction(_ x: Tensor<Float>, state: State? = nil) -> (output: Tensor<Float>, state: State) {
    var x = x
    var last: State = []
    for cells in stack.cells {
      let start = last.count
      let runs = cells.indices.map { direction in
        x.lstm(cells[direction].weights, state: state?[start + direction], backward: direction == 1)
      }
      for (direction, run) in runs.enumerated() {
        let place = direction == 1 ? 0 : x.shape[0] - 1
        last.append((run.hidden.selected(place), run.cell.selected(place)))
      }
      x = runs.count == 1 ? runs[0].hidden : .concatenated(runs.map(\.hidden), axis: 2)
    }
    return (x, last)
  }

  /// Shows `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0` and so on, `_reverse` for the other direction.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { stack.visitParameters(&visitor) }
}

/// A gated recurrent unit of one or several layers, in one or both directions; names and gates as in PyTorch.
public struct GRU: Module {
  private var stack: RecurrentStack

  /// Makes a network with PyTorch's initial values: uniform within ±1/√hiddenSize.
  ///
  /// - Parameters:
  ///   - inputSize: features of the input.
  ///   - hiddenSize: features of a state.
  ///   - layers: how many layers.
  ///   - isBidirectional: whether each layer also runs from the end of time.
  ///   - random: supplies the values.
  public init(
    inputSize: Int,
    hiddenSize: Int,
    layers: Int = 1,
    isBidirectional: Bool = false,
    random: inout RandomStream
  ) {
    stack = RecurrentStack(
      inputSize: inputSize,
      hiddenSize: hiddenSize,
      layers: layers,
      isBidirectional: isBidirectional,
      gates: 3,
      &random
    )
  }

  /// The states of the last layer after every step.
  ///
  /// - Parameters:
  ///   - x: `[time, batch, features]`.
  ///   - state: states before the first step, layer by layer; zeros where nil.
  /// - Returns: `[time, batch, hidden · directions]`, and the states after the last step.
  public func callAsFunction(
    _ x: Tensor<Float>,
    state: [Tensor<Float>]? = nil
  ) -> (output: Tensor<Float>, state: [Tensor<Float>]) {
    var x = x
    var last: [Tensor<Float>] = []
    for cells in stack.cells {
      let start = last.count
      let runs = cells.indices.map { direction in
        x.gru(cells[direction].weights, state: state?[start + direction], backward: direction == 1)
      }
      for (direction, run) in runs.enumerated() { last.append(run.selected(direction == 1 ? 0 : x.shape[0] - 1)) }
      x = runs.count == 1 ? runs[0] : .concatenated(runs, axis: 2)
    }
    return (x, last)
  }

  /// Shows `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0` and so on, `_reverse` for the other direction.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { stack.visitParameters(&visitor) }
}
