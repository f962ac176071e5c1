internal import Glibc
public import Layers
public import Tensors

/// A small network that learns a path's velocity: x and 32 waves of t in, three hidden layers of 128, x's size out.
public struct VelocityNetwork: Module {
  /// The four layers.
  public var layers: [Linear]
  /// Waves of the time.
  private static let waves = 16

  /// Makes a network for points of a dimension; 53,696 parameters at 64.
  public init(dimension: Int, width: Int = 128, random: inout RandomStream) {
    let sizes = [dimension + 2 * Self.waves, width, width, width, dimension]
    layers = (0..<4).map { Linear(inputSize: sizes[$0], outputSize: sizes[$0 + 1], random: &random) }
  }

  /// Velocities at places `[m, d]` and times `[m]`.
  public func callAsFunction(_ x: Tensor<Float>, _ times: Tensor<Float>) -> Tensor<Float> {
    let frequencies = Tensor<Float>(
      (0..<Self.waves).map { Float(1000 * pow(10_000, -Double($0) / Double(Self.waves))) }
    )
    let phases = times.expanded(at: 1) * frequencies
    var hidden = Tensor.concatenated([x, phases.sin(), phases.cos()], axis: 1)
    for layer in layers.dropLast() { hidden = layer(hidden).silu() }
    return layers[layers.count - 1](hidden)
  }

  /// Shows the layers.
  public mutating func visitParameters(_ visitor: inout some ParameterVisitor) { visitor.visit("layers", &layers) }

  /// Mean |v - (α̇ X₁ + σ̇ X₀)|² over data, noise and times in 0.005…0.995: conditional flow matching.
  ///
  /// - Parameters:
  ///   - data: X₁, `[m, d]`.
  ///   - path: the path.
  ///   - random: supplies noise and times.
  /// - Returns: the loss, with gradients.
  ///
  /// Source: Y. Lipman and others, "Flow matching for generative modeling", 2023.
  public func loss(_ data: Tensor<Float>, along path: GaussianPath, random: inout RandomStream) -> Tensor<Float> {
    let count = data.shape[0]
    let noise: Tensor<Float> = random.normal(data.shape)
    let times = random.uniform([count], in: 0.005..<0.995, of: Double.self).values
    let schedules = times.map { path($0) }
    func column(_ values: [Double]) -> Tensor<Float> { Tensor(values.map(Float.init), shape: [count, 1]) }
    let place = data * column(schedules.map(\.alpha)) + noise * column(schedules.map(\.sigma))
    let wanted = data * column(schedules.map(\.alphaRate)) + noise * column(schedules.map(\.sigmaRate))
    return (self(place, Tensor(times.map(Float.init))) - wanted).squared().mean()
  }

  /// Places at t = 1 by Euler's steps from noise, `[m, d]`.
  public func samples(from noise: Tensor<Float>, steps: Int) -> Tensor<Float> {
    var x = noise
    for step in 0..<steps {
      let times = Tensor<Float>(repeating: Float(step) / Float(steps), shape: [x.shape[0]])
      x = x + self(x, times) / Float(steps)
    }
    return x
  }

  /// Learns a path's velocity on a data set by Adam.
  ///
  /// - Parameters:
  ///   - data: `[n, d]`.
  ///   - path: the path.
  ///   - steps: number of steps.
  ///   - batch: points in a step.
  ///   - random: supplies all draws.
  /// - Returns: the loss of each step.
  public mutating func train(
    on data: Tensor<Float>,
    along path: GaussianPath,
    steps: Int,
    batch: Int = 128,
    random: RandomStream
  ) -> [Float] {
    var training = Training(self, Adam(rate: 1e-3), random: random)
    let count = data.shape[0]
    let losses = (0..<steps).map { _ in
      training.advance { network, _, random in
        let chosen = Tensor<Int>((0..<batch).map { _ in random.integer(in: 0..<count) })
        return network.loss(data.gatheredRows(chosen), along: path, random: &random)
      }
    }
    self = training.model
    return losses
  }
}
