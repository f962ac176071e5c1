internal import Solvers
public import Tensors

/// Permutations of hidden units that bring one network near another without changing what it computes.
///
/// The units of one layer after the other are assigned so that the inner product of the two networks' parameters is largest; each layer's best
/// assignment depends on its neighbours', so sweeps go on until none changes.
///
/// Source: Ainsworth, Hayase and Srinivasa, "Git Re-Basin: merging models modulo permutation symmetries", 2023, algorithm 1.
public struct WeightMatching: Sendable, Equatable {
  /// For each hidden layer and each unit of the fixed network, the unit of the other that is put in its place.
  public let permutations: [[Int]]
  /// Sweeps until nothing changed.
  public let sweeps: Int
  /// Inner product of the fixed network's parameters with the permuted ones, before the matching and after it.
  public let gain: (before: Double, after: Double)

  /// Whether two matchings are the same.
  public static func == (a: WeightMatching, b: WeightMatching) -> Bool {
    a.permutations == b.permutations && a.sweeps == b.sweeps && a.gain == b.gain
  }

  /// Matches a network to a fixed one.
  ///
  /// - Parameters:
  ///   - moving: whose units are permuted.
  ///   - fixed: whose units stay.
  ///   - random: source of the order of the layers in each sweep; their own order where nil.
  ///   - maximumSweeps: where to stop in any case.
  /// - Throws: `ConnectivityError.mismatchedArchitectures` or `.notFiniteMatching`.
  public init<Scalar: TensorScalar>(
    of moving: Perceptron<Scalar>,
    to fixed: Perceptron<Scalar>,
    random: RandomStream? = nil,
    maximumSweeps: Int = 100
  ) throws(ConnectivityError) {
    try fixed.checkSameShape(moving)
    let (a, b) = (Perceptron<Double>(converting: fixed), Perceptron<Double>(converting: moving))
    var found = (0..<a.layers - 1).map { Array(0..<a.widths[$0 + 1]) }
    let before = Self.innerProduct(a, b)
    var stream = random
    var sweep = 0
    var hasChanged = true
    while hasChanged, sweep < maximumSweeps {
      hasChanged = false
      sweep += 1
      for layer in stream?.permutation(found.count) ?? Array(found.indices) {
        let scores = Self.scores(a, b, found, layer)
        let best = try Self.assignment(scores, layer: layer)
        let change = zip(best, found[layer]).enumerated().reduce(0.0) { sum, entry in
          sum + scores[entry.offset, entry.element.0] - scores[entry.offset, entry.element.1]
        }
        guard change > 1e-12 else { continue }
        found[layer] = best
        hasChanged = true
      }
    }
    (permutations, sweeps) = (found, sweep)
    gain = (before, Self.innerProduct(a, b.permuted(found)))
  }

  /// The largest assignment of a square matrix: for each row its column.
  ///
  /// - Throws: `ConnectivityError.notSquare` or `.notFiniteMatching`.
  public static func assignment(_ scores: Tensor<Double>, layer: Int = 0) throws(ConnectivityError) -> [Int] {
    guard scores.rank == 2, scores.shape[0] == scores.shape[1] else {
      throw .notSquare(rows: scores.shape.first ?? 0, columns: scores.shape.last ?? 0)
    }
    let size = scores.shape[0]
    do {
      let found = try Assignment.solve(Matrix((-scores).values, rows: size, columns: size))
      return found.columns.map { $0 ?? 0 }
    } catch {
      throw .notFiniteMatching(layer: layer)
    }
  }

  /// What each pair of units of a layer would add to the inner product, given the other layers' permutations.
  private static func scores(
    _ a: Perceptron<Double>,
    _ b: Perceptron<Double>,
    _ permutations: [[Int]],
    _ layer: Int
  ) -> Tensor<Double> {
    var incoming = b.weights[layer]
    if layer > 0 { incoming = incoming.indexSelected(Tensor<Int>(permutations[layer - 1]), axis: 1) }
    var outgoing = b.weights[layer + 1]
    if layer + 1 < permutations.count { outgoing = outgoing.gatheredRows(Tensor<Int>(permutations[layer + 1])) }
    let units = a.biases[layer].count
    let shift = a.biases[layer].reshaped([units, 1]) * b.biases[layer].reshaped([1, units])
    return a.weights[layer].matmul(incoming, transposesRight: true) + shift
      + a.weights[layer + 1].matmul(outgoing, transposesLeft: true)
  }

  private static func innerProduct(_ a: Perceptron<Double>, _ b: Perceptron<Double>) -> Double {
    zip(a.weights + a.biases, b.weights + b.biases).reduce(0) { $0 + $1.0.dotProduct($1.1) }
  }
}

extension Perceptron {
  /// The same function with its hidden units in another order.
  ///
  /// - Parameter permutations: for each hidden layer and each place the unit that comes there.
  /// - Returns: the network with rows, biases and the next layer's columns in that order.
  public func permuted(_ permutations: [[Int]]) -> Perceptron {
    precondition(
      permutations.map { $0.sorted() } == widths.dropFirst().dropLast().map { Array(0..<$0) },
      "Perceptron.permuted: needs a permutation of the units of each hidden layer of widths \(widths)"
    )
    var result = self
    for (layer, order) in permutations.enumerated() {
      let places = Tensor<Int>(order)
      result.weights[layer] = result.weights[layer].gatheredRows(places)
      result.biases[layer] = result.biases[layer].gatheredRows(places)
      result.weights[layer + 1] = result.weights[layer + 1].indexSelected(places, axis: 1)
    }
    return result
  }

  /// The same network in another precision.
  public init<Other: TensorScalar>(converting other: Perceptron<Other>) {
    self.init(weights: other.weights.map { $0.converted() }, biases: other.biases.map { $0.converted() })
  }
}
