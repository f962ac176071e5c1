internal import Glibc
public import Tensors

/// A network of linear layers with max(·, 0) between them; a point of the landscape.
public struct Perceptron<Scalar: TensorScalar>: Sendable, Equatable {
  /// Weights of the layers, `[outputs, inputs]` each.
  public internal(set) var weights: [Tensor<Scalar>]
  /// Biases of the layers, `[outputs]` each.
  public internal(set) var biases: [Tensor<Scalar>]

  /// Makes a network of given values.
  public init(weights: [Tensor<Scalar>], biases: [Tensor<Scalar>]) {
    precondition(
      !weights.isEmpty && weights.count == biases.count
        && zip(weights, biases).allSatisfy { $0.rank == 2 && $1.shape == [$0.shape[0]] }
        && zip(weights, weights.dropFirst()).allSatisfy { $0.shape[0] == $1.shape[1] },
      "Perceptron: weights \(weights.map(\.shape)) and biases \(biases.map(\.shape)) do not follow each other"
    )
    (self.weights, self.biases) = (weights, biases)
  }

  /// Draws weights from N(0, 2 / inputs), as He and others for this non-linearity; biases are zero.
  ///
  /// - Parameters:
  ///   - widths: inputs, hidden units and outputs, two numbers at least.
  ///   - random: source of random numbers.
  public init(widths: [Int], random: inout RandomStream) {
    self.init(
      weights: zip(widths, widths.dropFirst()).map { inputs, outputs in
        random.normal([outputs, inputs], deviation: (2 / Double(inputs)).squareRoot(), of: Scalar.self)
      },
      biases: widths.dropFirst().map { .zeros([$0]) }
    )
  }

  /// Inputs, hidden units and outputs.
  public var widths: [Int] { [weights[0].shape[1]] + weights.map { $0.shape[0] } }
  /// Number of layers.
  public var layers: Int { weights.count }
  /// Number of all weights and biases.
  public var parameterCount: Int { (weights + biases).reduce(0) { $0 + $1.count } }

  /// Outputs for inputs `[count, inputs]`, `[count, outputs]`.
  public func callAsFunction(_ inputs: Tensor<Scalar>) -> Tensor<Scalar> {
    weights.indices.reduce(inputs) { values, layer in
      let sums = values.matmul(weights[layer], transposesRight: true) + biases[layer]
      return layer == layers - 1 ? sums : sums.relu()
    }
  }

  /// Mean cross-entropy over samples, in nats.
  public func loss(_ data: ClassData<Scalar>) -> Double { judged(data).loss }

  /// Share of samples whose largest output is not their label's.
  public func error(_ data: ClassData<Scalar>) -> Double { judged(data).error }

  /// Mean cross-entropy and share of errors.
  public func judged(_ data: ClassData<Scalar>) -> (loss: Double, error: Double) {
    let logs = self(data.inputs).logSoftmax().values
    let classes = widths[layers]
    var (loss, wrong) = (0.0, 0)
    for (index, label) in data.labels.enumerated() {
      let row = logs[index * classes..<(index + 1) * classes]
      loss -= row[row.startIndex + label].asDouble
      if row.max() ?? 0 > row[row.startIndex + label] { wrong += 1 }
    }
    return (loss / Double(data.labels.count), Double(wrong) / Double(data.labels.count))
  }

  /// The point (1 - t) θ_A + t θ_B of the line from this network to another.
  ///
  /// - Throws: `ConnectivityError.mismatchedArchitectures`.
  public func interpolated(
    to other: Perceptron,
    at t: Double,
    layer: Int? = nil
  ) throws(ConnectivityError) -> Perceptron {
    try checkSameShape(other)
    var result = self
    for index in weights.indices where layer == nil || layer == index {
      result.weights[index] = weights[index] * Scalar(1 - t) + other.weights[index] * Scalar(t)
      result.biases[index] = biases[index] * Scalar(1 - t) + other.biases[index] * Scalar(t)
    }
    return result
  }

  /// Length of the difference of two networks' parameters, of one layer or of all.
  ///
  /// - Throws: `ConnectivityError.mismatchedArchitectures`.
  public func distance(to other: Perceptron, layer: Int? = nil) throws(ConnectivityError) -> Double {
    try checkSameShape(other)
    let squares = weights.indices.filter { layer == nil || layer == $0 }.reduce(0.0) { sum, index in
      let step = weights[index] - other.weights[index]
      let shift = biases[index] - other.biases[index]
      return sum + step.dotProduct(step) + shift.dotProduct(shift)
    }
    return squares.squareRoot()
  }

  func checkSameShape(_ other: Perceptron) throws(ConnectivityError) {
    guard widths == other.widths else { throw .mismatchedArchitectures(first: widths, second: other.widths) }
  }
}

/// Inputs with the class of each.
public struct ClassData<Scalar: TensorScalar>: Sendable, Equatable {
  /// One sample a row, `[count, inputs]`.
  public let inputs: Tensor<Scalar>
  /// Class of each sample.
  public let labels: [Int]

  /// Brings inputs and labels together.
  public init(_ inputs: Tensor<Scalar>, _ labels: [Int]) {
    precondition(
      inputs.rank == 2 && inputs.shape[0] == labels.count,
      "ClassData: inputs have shape \(inputs.shape), there are \(labels.count) labels"
    )
    (self.inputs, self.labels) = (inputs, labels)
  }

  /// Number of samples.
  public var count: Int { labels.count }

  /// The samples at some places.
  public func selected(_ places: [Int]) -> ClassData {
    ClassData(inputs.gatheredRows(Tensor<Int>(places)), places.map { labels[$0] })
  }

  /// The same inputs with a share of the labels drawn anew from all classes, so that they can only be memorised.
  public func withRedrawnLabels(share: Double, classes: Int, random: inout RandomStream) -> ClassData {
    let chances = random.uniform([count], of: Double.self).values
    return ClassData(inputs, labels.indices.map { chances[$0] < share ? random.integer(in: 0..<classes) : labels[$0] })
  }
}
