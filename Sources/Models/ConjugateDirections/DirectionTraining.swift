internal import Layers
internal import Solvers
public import Tensors

/// Training of a direction network without solutions: how far one exact step along its output reaches.
///
/// Source: section 2.3 of the method.
public struct DirectionTraining: Sendable {
  /// Vectors of length 1, `[count, cells]`.
  public let vectors: Tensor<Float>
  /// Ritz values of the space that they were drawn from.
  public let ritzValues: [Double]
  /// The grid.
  public let grid: PoissonGrid

  /// Draws vectors from a space of Ritz vectors, with ninefold weights on the lower half of the spectrum.
  ///
  /// - Parameters:
  ///   - grid: the grid.
  ///   - steps: number of Lanczos steps m.
  ///   - margin: how far beyond the middle of the spectrum the larger weights reach, θ.
  ///   - count: number of vectors.
  ///   - random: source of all draws.
  /// - Throws: `SolverError` where the Lanczos run fails, `DirectionError.outOfRange` for no vectors.
  public init(
    _ grid: PoissonGrid,
    steps: Int = 300,
    margin: Int = 15,
    count: Int = 2000,
    random: inout RandomStream
  ) throws {
    guard count > 0 else {
      throw DirectionError.outOfRange(what: "number of training vectors", expected: "positive", got: Double(count))
    }
    let noise = grid.spread(random.normal([grid.activeCells.count], of: Double.self).values)
    var start = noise
    grid.multiply(noise, into: &start)
    let ritz = try Lanczos(start: start, steps: steps, product: grid.multiply).ritz()
    let used = ritz.values.indices.filter { ritz.values[$0] > 1e-8 }
    var weights = random.normal([count, used.count], of: Double.self).values
    for index in weights.indices where index % used.count < used.count / 2 + margin { weights[index] *= 9 }
    let basis = Matrix(rows: used.count, columns: grid.count) { ritz.vectors[used[$0], $1] }
    let sums = Matrix(weights, rows: count, columns: used.count) * basis
    var values: [Float] = []
    values.reserveCapacity(count * grid.count)
    for row in 0..<count {
      let vector = sums.row(row)
      let size = DeepDirections.norm(vector)
      values += vector.map { Float($0 / size) }
    }
    vectors = Tensor(values, shape: [count, grid.count])
    ritzValues = used.map { ritz.values[$0] }
    self.grid = grid
  }

  /// Mean of |b - α A y|² over a batch, α = yᵀb / yᵀAy: the residual after one exact step along y.
  ///
  /// - Parameters:
  ///   - b: residuals of length 1, `[items, 1, sides…]`.
  ///   - y: directions of the same shape, 0 in solid cells.
  ///   - grid: the grid.
  /// - Returns: the loss, and α of each item, `[items, 1]`.
  public static func loss(
    _ b: Tensor<Float>,
    _ y: Tensor<Float>,
    on grid: PoissonGrid
  ) -> (value: Tensor<Float>, alpha: Tensor<Float>) {
    let items = b.shape[0]
    let image = grid.applied(to: y).reshaped([items, grid.count])
    let (flatY, flatB) = (y.reshaped([items, grid.count]), b.reshaped([items, grid.count]))
    let along = (flatY * flatB).sum(1, keepsAxes: true)
    // A direction of zeros has no curvature; the least positive number keeps its α finite.
    let curvature = (flatY * image).sum(1, keepsAxes: true) + Float.leastNormalMagnitude
    let alpha = along / curvature
    return ((flatB - alpha * image).squared().sum() / Float(items), alpha)
  }

  /// Trains a network by Adam with a cosine schedule.
  ///
  /// - Parameters:
  ///   - network: the network; it is changed.
  ///   - steps: number of steps.
  ///   - batch: vectors in a step.
  ///   - rate: first size of a step.
  ///   - random: source of all draws.
  /// - Returns: the loss of each step.
  public func train(
    _ network: inout DirectionNetwork,
    steps: Int,
    batch: Int = 16,
    rate: Float = 1e-3,
    random: RandomStream
  ) -> [Double] {
    var training = Training(network, Adam(rate: rate), schedule: .cosine(steps: steps), random: random)
    let shape = [batch, 1] + grid.sides
    let mask = Tensor<Float>(grid.diagonal.map { $0 > 0 ? 1 : 0 }, shape: [1, 1] + grid.sides)
    var losses: [Double] = []
    for _ in 0..<steps {
      let value = training.advance { network, _, random in
        let chosen = Tensor<Int>((0..<batch).map { _ in random.integer(in: 0..<vectors.shape[0]) })
        let b = vectors.gatheredRows(chosen).reshaped(shape)
        return Self.loss(b, network(b) * mask, on: grid).value
      }
      losses.append(Double(value))
    }
    network = training.model
    return losses
  }
}
