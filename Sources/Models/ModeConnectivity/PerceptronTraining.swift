public import Tensors

/// Gradient descent with momentum on mean cross-entropy, from epoch to epoch.
public struct PerceptronTraining: Sendable, Equatable {
  /// How the rate goes over a whole training.
  public enum Course: Sendable, Equatable {
    /// The same rate throughout.
    case constant
    /// The same rate for the first half, then down to zero along a line.
    case falling
  }

  /// Epochs of a whole training, E.
  public var epochs: Int
  /// Samples of a step; those left over at the end of an epoch are not used.
  public var batch: Int
  /// Size of a step at the beginning.
  public var rate: Double
  /// Share of the last step that is taken again.
  public var momentum: Double
  /// How the rate goes.
  public var course: Course

  /// Plans a training.
  public init(epochs: Int = 60, batch: Int = 64, rate: Double = 0.1, momentum: Double = 0.9, course: Course = .falling)
  {
    (self.epochs, self.batch, self.rate, self.momentum, self.course) = (epochs, batch, rate, momentum, course)
  }

  /// Trains through some epochs of the whole; the momentum starts from rest.
  ///
  /// - Parameters:
  ///   - network: where to start.
  ///   - data: the samples, at least as many as a batch.
  ///   - range: epochs to go through, within 0..<epochs; all where nil.
  ///   - random: source of the order of the samples.
  ///   - afterEpoch: called with the number of epochs behind and the network then.
  /// - Returns: the trained network.
  /// - Throws: `ConnectivityError.badSetting` for a batch larger than the data.
  public func run(
    _ network: Perceptron<Float>,
    _ data: ClassData<Float>,
    epochs range: Range<Int>? = nil,
    random: RandomStream,
    afterEpoch: (Int, Perceptron<Float>) -> Void = { _, _ in }
  ) throws(ConnectivityError) -> Perceptron<Float> {
    guard batch >= 1, batch <= data.count else {
      throw .badSetting(setting: "the batch", expected: "1 to \(data.count), the samples", got: Double(batch))
    }
    var state = DescentState(network)
    let steps = data.count / batch
    for epoch in range ?? 0..<epochs {
      var stream = random.stream(UInt64(epoch))
      let order = stream.permutation(data.count)
      for step in 0..<steps {
        let part = data.selected(Array(order[step * batch..<(step + 1) * batch]))
        state.step(part, rate: rate * factor(Double(epoch) + Double(step) / Double(steps)), momentum: momentum)
      }
      afterEpoch(epoch + 1, state.network)
    }
    return state.network
  }

  private func factor(_ epoch: Double) -> Double {
    switch course {
    case .constant: 1
    case .falling: min(1, 2 * (1 - epoch / Double(epochs)))
    }
  }
}

/// A network on its way, with its velocity.
///
/// Forward and backward are written out: for networks this small a tape costs as much
/// as the products.
private struct DescentState {
  var network: Perceptron<Float>
  private var weightVelocities: [Tensor<Float>]
  private var biasVelocities: [Tensor<Float>]

  init(_ network: Perceptron<Float>) {
    self.network = network
    weightVelocities = network.weights.map { .zeros($0.shape) }
    biasVelocities = network.biases.map { .zeros($0.shape) }
  }

  mutating func step(_ data: ClassData<Float>, rate: Double, momentum: Double) {
    var inputs = [data.inputs]
    for layer in network.weights.indices {
      let sums = inputs[layer].matmul(network.weights[layer], transposesRight: true) + network.biases[layer]
      inputs.append(layer == network.layers - 1 ? sums.softmax() : sums.relu())
    }
    // Derivative of the mean cross-entropy by the last sums.
    var slopes = inputs[network.layers]
    for (row, label) in data.labels.enumerated() { slopes[row, label] -= 1 }
    slopes = slopes * (1 / Float(data.count))
    let rule = DescentStep(rate: Float(rate), momentum: Float(momentum), damping: 0, l2: 0, isNesterov: false)
    for layer in network.weights.indices.reversed() {
      let gradient = slopes.matmul(inputs[layer], transposesLeft: true)
      let shift = slopes.sum(0)
      if layer > 0 {
        slopes = slopes.matmul(network.weights[layer])
        slopes = slopes.masked(by: inputs[layer])
      }
      rule.run(&network.weights[layer], gradient, &weightVelocities[layer])
      rule.run(&network.biases[layer], shift, &biasVelocities[layer])
    }
  }
}
