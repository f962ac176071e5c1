import ConjugateDirections
import Layers
import Solvers
import Tensors
import Testing

/// A call that must fail, and what it must say.
struct RefusedInput: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }

  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) {
    self.message = message
    self.call = call
  }
}

@Suite("Deep conjugate directions")
struct DirectionTests {
  static let counts: [(DirectionNetwork.Configuration, Int)] = [
    (.published64, 97_457), (.published128, 152_881), (.plane, 8144),
    (.init(axes: 3, channels: 16, pairs: (1, 3, 2), hasBias: false), 97_216),
    (.init(axes: 3, channels: 16, pairs: (2, 5, 3), hasBias: false), 152_512),
    (.init(axes: 2, channels: 8, pairs: (1, 3, 2), hasBias: true), 8265),
    (.init(axes: 2, channels: 8, pairs: (2, 5, 3), hasBias: true), 12_937),
  ]

  @Test("networks have the published numbers of parameters", arguments: counts.indices)
  func parameterCounts(_ index: Int) {
    var random = RandomStream(seed: 1)
    #expect(DirectionNetwork(Self.counts[index].0, random: &random).parameterCount == Self.counts[index].1)
  }

  @Test("products with the grid equal those with its matrix", arguments: [[6, 5], [4, 3, 6]])
  func products(_ sides: [Int]) throws {
    let count = sides.reduce(1, *)
    let grid = try PoissonGrid(sides, solid: (0..<count).map { $0 % 7 == 3 })
    var random = RandomStream(seed: 2)
    let x = grid.spread(random.normal([grid.activeCells.count], of: Double.self).values)
    var y = x
    grid.multiply(x, into: &y)
    for (got, expected) in zip(y, try grid.matrix() * x) { #expect(abs(got - expected) < 1e-13) }
  }

  @Test("the error's A-norm never grows, whatever the directions", arguments: [0, 1, 2, 5])
  func monotone(_ kept: Int) throws {
    let grid = try PoissonGrid.disk(12)
    var random = RandomStream(seed: 3)
    let exact = grid.spread(random.normal([grid.activeCells.count], of: Double.self).values)
    var right = exact
    grid.multiply(exact, into: &right)
    var norms: [Double] = []
    let network = DirectionNetwork(.plane, random: &random)
    let solution = try DeepDirections(kept: kept, maximumSteps: 30).solve(grid, right, with: network) { x in
      let error = zip(x, exact).map { $0 - $1 }
      var image = error
      grid.multiply(error, into: &image)
      norms.append(zip(error, image).reduce(0) { $0 + $1.0 * $1.1 }.squareRoot())
    }
    #expect(norms.count == solution.steps)
    for (before, after) in zip(norms, norms.dropFirst()) { #expect(after <= before * (1 + 1e-8)) }
  }

  @Test("a right-hand side of zeros is solved in no steps")
  func zero() throws {
    let grid = try PoissonGrid([4, 4])
    var random = RandomStream(seed: 4)
    let network = DirectionNetwork(.plane, random: &random)
    let solution = try DeepDirections().solve(grid, [Double](repeating: 0, count: 16), with: network)
    #expect(solution.steps == 0 && solution.hasConverged)
    #expect(solution.values.allSatisfy { $0 == 0 })
  }

  @Test(
    "multigrid's steps do not grow with the grid, in the plane and in space",
    arguments: [[64, 64], [16, 16, 16]]
  )
  func multigrid(_ sides: [Int]) throws {
    var random = RandomStream(seed: 5)
    func steps(_ sides: [Int]) throws -> Int {
      let grid = try PoissonGrid(sides)
      let right = random.normal([grid.count], of: Double.self).values
      return try ConjugateGradients(tolerance: 1e-8)
        .solve(right, preconditioner: GridMultigrid(grid), product: grid.multiply).steps
    }
    let (small, large) = (try steps(sides.map { $0 / 2 }), try steps(sides))
    #expect(large <= 25)
    #expect(large <= small + 6)
  }

  static let inputs: [RefusedInput] = [
    RefusedInput("grid [4] must have two or three axes of one cell or more") { _ = try PoissonGrid([4]) },
    RefusedInput("solid cells: expected 4 values, got 1") { _ = try PoissonGrid([2, 2], solid: [true]) },
    RefusedInput("every cell is solid; leave some fluid") {
      _ = try PoissonGrid([1, 2], solid: [true, true])
    },
    RefusedInput("grid [3, 4] has an odd side, which pooling cannot halve; use even sides") {
      try solve([3, 4], [Double](repeating: 1, count: 12))
    },
    RefusedInput("right-hand side: expected 4 values, got 3") { try solve([2, 2], [1, 2, 3]) },
    RefusedInput("right-hand side value 1 is not finite") { try solve([2, 2], [1, .nan, 0, 0]) },
    RefusedInput("right-hand side is 2.0 in solid cell 1; it must be 0 there") {
      let grid = try PoissonGrid([2, 2], solid: [false, true, false, false])
      var random = RandomStream(seed: 1)
      _ = try DeepDirections().solve(grid, [1, 2, 0, 0], with: DirectionNetwork(.plane, random: &random))
    },
    RefusedInput("tolerance must be above 0 and below 1, got -0.1") {
      _ = try DeepDirections(tolerance: -0.1).solve([1], product: { $1 = $0 }, direction: { $0 })
    },
    RefusedInput("kept directions must be zero or more, got -1.0") {
      _ = try DeepDirections(kept: -1).solve([1], product: { $1 = $0 }, direction: { $0 })
    },
    RefusedInput("iteration 1: the network's direction is not finite; its weights have diverged") {
      _ = try DeepDirections().solve([1, 2], product: { $1 = $0 }, direction: { _ in [.nan, 0] })
    },
    RefusedInput("iteration 1: curvature pᵀAp is 0.0, must be positive; is the matrix positive definite, is p zero?") {
      _ = try DeepDirections().solve([1, 2], product: { $1 = $0 }, direction: { _ in [0, 0] })
    },
    RefusedInput("iteration 1: curvature pᵀAp is -5.0, must be positive; is the matrix positive definite, is p zero?") {
      _ = try DeepDirections().solve([1, 2], product: { $1 = $0.map { -5 * $0 } }, direction: { _ in [1, 0] })
    },
    RefusedInput("direction: expected 2 values, got 1") {
      _ = try DeepDirections().solve([1, 2], product: { $1 = $0 }, direction: { _ in [1] })
    },
    RefusedInput("Ritz value must be positive, got 0.0") {
      _ = try DeflatedGradients(vectors: Matrix([[1, 0]]), values: [0])
    },
    RefusedInput("Ritz values: expected 1 values, got 2") {
      _ = try DeflatedGradients(vectors: Matrix([[1, 0]]), values: [1, 2])
    },
  ]

  private static func solve(_ sides: [Int], _ right: [Double]) throws {
    var random = RandomStream(seed: 1)
    _ = try DeepDirections().solve(PoissonGrid(sides), right, with: DirectionNetwork(.plane, random: &random))
  }

  @Test("bad input gets one clear error", arguments: inputs)
  func refused(_ input: RefusedInput) {
    let error = #expect(throws: DirectionError.self) { try input.call() }
    #expect(error?.description == input.message)
  }
}
