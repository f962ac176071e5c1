public import Tensors

/// y = x Wᵀ + b over the last axis.
public struct Linear: Module {
  /// W, `[outputSize, inputSize]`.
  public var weight: Tensor<Float>
  /// b, `[outputSize]`.
  public var bias: Tensor<Float>?

  /// Makes a layer with PyTorch's initial values: both uniform within ±1/√inputSize.
  ///
  /// - Parameters:
  ///   - inputSize: length of the input's last axis.
  ///   - outputSize: length of the output's last axis.
  ///   - hasBias: whether b is there.
  ///   - random: supplies the values.
  public init(inputSize: Int, outputSize: Int, hasBias: Bool = true, random: inout RandomStream) {
    weight = Initial.uniform([outputSize, inputSize], fanIn: inputSize, &random)
    bias = hasBias ? Initial.uniform([outputSize], fanIn: inputSize, &random) : nil
  }

  /// The layer's result, `[…, inputSize]` to `[…, outputSize]`.
  public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
    precondition(
      x.shape.last == weight.shape[1],
      "Linear(inputSize: \(weight.shape[1]), outputSize: \(weight.shape[0])): input has shape \(x.shape); its last dimension must be \(weight.shape[1])"
    )
    let rows = x.rank == 1 ? x.reshaped([1, x.count]) : x
    let result = rows.linear(weight, bias: bias)
    return x.rank == 1 ? result.reshaped([weight.shape[0]]) : result
  }

  /// Shows `weight` and `bias`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {
    visitor.visit("weight", &weight)
    visitor.visit("bias", &bias)
  }
}

/// Rows of a table by number.
public struct Embedding: Module {
  /// The table, `[count, size]`.
  public var weight: Tensor<Float>

  /// Makes a table of standard normal numbers.
  ///
  /// - Parameters:
  ///   - count: number of rows.
  ///   - size: length of a row.
  ///   - random: supplies the values.
  public init(count: Int, size: Int, random: inout RandomStream) {
    weight = random.normal([count, size])
  }

  /// Rows by number, `[…]` to `[…, size]`.
  public func callAsFunction(_ indices: Tensor<Int>) -> Tensor<Float> { weight.indexSelected(indices) }

  /// Shows `weight`.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("weight", &weight) }
}

/// Zeroes values at random while a model learns, and scales the others so that the mean stays.
public struct Dropout: Module {
  /// Chance of a value to become zero.
  public let rate: Double

  /// Makes a dropout with a rate in 0..<1.
  public init(rate: Double) {
    precondition((0..<1).contains(rate), "Dropout: rate \(rate) must be in 0..<1")
    self.rate = rate
  }

  /// The values, some of them zero in training.
  public func callAsFunction(_ x: Tensor<Float>, mode: Mode, random: inout RandomStream) -> Tensor<Float> {
    guard mode == .training, rate > 0 else { return x }
    let kept = random.bernoulli(x.shape, probability: 1 - rate)
    return x * (kept * Float(1 / (1 - rate)))
  }

  /// Shows nothing.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) {}
}

/// Initial values by the rules of PyTorch.
public enum Initial {
  /// Uniform within ±1/√fanIn: the default of linear layers and convolutions.
  public static func uniform(_ shape: [Int], fanIn: Int, _ random: inout RandomStream) -> Tensor<Float> {
    let bound = 1 / Double(max(1, fanIn)).squareRoot()
    return random.uniform(shape, in: -bound..<bound)
  }

  /// Uniform within ±√(6 / (fanIn + fanOut)).
  ///
  /// Source: X. Glorot, Y. Bengio, 2010.
  public static func xavierUniform(_ shape: [Int], _ random: inout RandomStream) -> Tensor<Float> {
    let fans = fans(shape)
    let bound = (6 / Double(fans.input + fans.output)).squareRoot()
    return random.uniform(shape, in: -bound..<bound)
  }

  /// Normal with deviation √(2 / (fanIn + fanOut)).
  public static func xavierNormal(_ shape: [Int], _ random: inout RandomStream) -> Tensor<Float> {
    let fans = fans(shape)
    return random.normal(shape, deviation: (2 / Double(fans.input + fans.output)).squareRoot())
  }

  /// Normal with deviation √(2 / fanIn), for layers before a ReLU.
  ///
  /// Source: K. He and others, 2015.
  public static func kaimingNormal(_ shape: [Int], _ random: inout RandomStream) -> Tensor<Float> {
    random.normal(shape, deviation: (2 / Double(fans(shape).input)).squareRoot())
  }

  /// Uniform within ±√(6 / fanIn), for layers before a ReLU.
  public static func kaimingUniform(_ shape: [Int], _ random: inout RandomStream) -> Tensor<Float> {
    let bound = (6 / Double(fans(shape).input)).squareRoot()
    return random.uniform(shape, in: -bound..<bound)
  }

  /// Normal numbers, drawn again where they leave two deviations.
  public static func truncatedNormal(_ shape: [Int], deviation: Double, _ random: inout RandomStream) -> Tensor<Float> {
    let values = (0..<shape.reduce(1, *)).map { _ in
      var value = random.normal()
      while abs(value) > 2 { value = random.normal() }
      return Float(value * deviation)
    }
    return Tensor(values, shape: shape)
  }

  /// A matrix with orthonormal rows or columns, whichever are fewer, by Gram and Schmidt on normal numbers.
  public static func orthogonal(_ rows: Int, _ columns: Int, _ random: inout RandomStream) -> Tensor<Float> {
    let (count, length) = (min(rows, columns), max(rows, columns))
    var basis: [[Double]] = []
    while basis.count < count {
      var vector = random.normal([length], of: Double.self).values
      // Twice is enough for orthogonality to rounding.
      for _ in 0..<2 {
        for other in basis {
          let along = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
          for index in vector.indices { vector[index] -= along * other[index] }
        }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      basis.append(vector.map { $0 / norm })
    }
    let matrix = Tensor<Float>(basis.flatMap { $0.map(Float.init) }, shape: [count, length])
    return rows <= columns ? matrix : matrix.transposed()
  }

  /// Inputs and outputs that one weight of a shape joins, `[out, in, taps…]`.
  static func fans(_ shape: [Int]) -> (input: Int, output: Int) {
    precondition(shape.count >= 2, "Initial: shape \(shape) must be [out, in, taps…]")
    let taps = shape.dropFirst(2).reduce(1, *)
    return (shape[1] * taps, shape[0] * taps)
  }
}
