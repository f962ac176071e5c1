import ModeConnectivity
import Statistics
import Tensors
import TestSupport
import Testing

/// A call that must fail, and what it must say.
struct RefusedInput: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }
  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) { (self.message, self.call) = (message, call) }
}

@Suite("Linear mode connectivity")
struct ModeConnectivityTests {
  private static func network(_ widths: [Int], seed: UInt64) -> Perceptron<Float> {
    var random = RandomStream(seed: seed)
    return Perceptron(widths: widths, random: &random)
  }

  /// Three clouds in the plane.
  private static func clouds(_ count: Int, seed: UInt64 = 5) -> ClassData<Float> {
    var random = RandomStream(seed: seed)
    let labels = (0..<count).map { $0 % 3 }
    let noise = random.normal([count, 2], deviation: 0.4)
    let centers = Tensor<Float>(rows: [[2, 0], [-1, 1.7], [-1, -1.7]]).gatheredRows(Tensor(labels))
    return ClassData(noise + centers, labels)
  }

  static let refused: [RefusedInput] = [
    RefusedInput("networks of widths [2, 4, 3] and [2, 5, 3] cannot be joined by a line; train both with equal widths")
    {
      _ = try LinearPath(network([2, 4, 3], seed: 1), network([2, 5, 3], seed: 1))
    },
    RefusedInput("a path needs 3 points at least, got 2") {
      _ = try LinearPath(network([2, 4, 3], seed: 1), network([2, 4, 3], seed: 2)).profile(clouds(6), points: 2)
    },
    RefusedInput("matching of hidden layer 0 is not finite: a network diverged; lower its learning rate") {
      let broken = Perceptron<Float>(
        weights: [Tensor(repeating: .nan, shape: [4, 2]), .zeros([3, 4])],
        biases: [.zeros([4]), .zeros([3])]
      )
      _ = try WeightMatching(of: broken, to: network([2, 4, 3], seed: 1))
    },
    RefusedInput("a matching of units must be square, got 2 x 3; compare layers of equal width") {
      _ = try WeightMatching.assignment(.zeros([2, 3]))
    },
    RefusedInput("the batch must be 1 to 6, the samples, got 64.0") {
      _ = try PerceptronTraining().run(network([2, 4, 3], seed: 1), clouds(6), random: RandomStream(seed: 1))
    },
  ]

  @Test("bad input gets one clear error", arguments: refused)
  func refusal(_ input: RefusedInput) {
    let error = #expect(throws: ConnectivityError.self) { try input.call() }
    #expect(error?.description == input.message)
  }

  @Test("one step of training follows the gradient of the tape")
  func gradient() throws {
    let (start, data) = (Self.network([2, 7, 5, 3], seed: 3), Self.clouds(30))
    let after = try PerceptronTraining(epochs: 1, batch: 30, rate: 0.1).run(start, data, random: RandomStream(seed: 1))
    let parameters = start.weights + start.biases
    let gradients = valueWithGradient(at: parameters) { values in
      let layers = Perceptron(weights: Array(values[..<3]), biases: Array(values[3...]))
      let picked = layers(data.inputs).logSoftmax() * Tensor<Float>.oneHot(Tensor(data.labels), classes: 3)
      return -picked.sum() * (1 / Float(30))
    }.gradients
    for ((before, end), slope) in zip(zip(parameters, after.weights + after.biases), gradients) {
      let expected = (before - slope * 0.1).values.map(Double.init)
      // Single precision, other order of additions.
      #expect(mismatch(end.values.map(Double.init), expected, absolute: 1e-6) == nil)
    }
  }

  @Test("training learns, and is the same to the last bit with one thread and with two")
  func training() throws {
    let data = Self.clouds(192)
    func trained(_ threads: Int) throws -> [Perceptron<Float>] {
      try Seeds(2, seed: 1).run(threads: threads) { _, random in
        let start = Perceptron<Float>(widths: [2, 16, 3], random: &random)
        return try PerceptronTraining(epochs: 10).run(start, data, random: random)
      }
    }
    let networks = try trained(1)
    #expect(try trained(2) == networks)
    #expect(networks.allSatisfy { $0.error(data) < 0.05 })
  }

  @Test("networks spawned late are nearer than those spawned early, and one from the end is the same")
  func spawning() throws {
    var labelRandom = RandomStream(seed: 77)
    let data = Self.clouds(192).withRedrawnLabels(share: 0.3, classes: 3, random: &labelRandom)
    let plan = PerceptronTraining(epochs: 12)
    let random = RandomStream(seed: 8)
    let start = Self.network([2, 24, 3], seed: 2)
    let distances = try [0, 6, 12].map { epoch -> Double in
      let trunk = try plan.run(start, data, epochs: 0..<epoch, random: random.stream(0))
      let pair = try [1, 2].map { try plan.run(trunk, data, epochs: epoch..<12, random: random.stream($0)) }
      return try pair[0].distance(to: pair[1])
    }
    #expect(distances[0] > distances[1] && distances[1] > 0 && distances[2] == 0)
  }

  @Test("a permuted copy is matched back to itself, with no barrier left")
  func recovery() throws {
    let (network, data) = (Self.network([2, 12, 9, 3], seed: 4), Self.clouds(60))
    var random = RandomStream(seed: 6)
    let shuffled = network.permuted([random.permutation(12), random.permutation(9)])
    #expect(try LinearPath(network, shuffled).profile(data).barrier > 0.01)
    let matching = try WeightMatching(of: shuffled, to: network, random: RandomStream(seed: 1))
    #expect(matching.gain.after > matching.gain.before)
    let back = shuffled.permuted(matching.permutations)
    #expect(try network.distance(to: back) == 0)
    #expect(try LinearPath(network, back).profile(data).barrier < 1e-6)
  }

  @Test("the predictor is an eighth of equal curvatures, and nothing where an end bends down")
  func predictor() {
    #expect(abs(LinearPath<Double>.predictedBarrier(4, 4) - 0.5) < 1e-15)
    #expect(LinearPath<Double>.predictedBarrier(-1, 4) == 0)
    #expect(LinearPath<Double>.predictedBarrier(0, 0) == 0)
  }

  @Test("the barrier is the weighted integral of the curvature along the path")
  func identity() throws {
    let path = try LinearPath(
      Perceptron<Double>(converting: Self.network([2, 8, 3], seed: 1)),
      Perceptron<Double>(converting: Self.network([2, 8, 3], seed: 9))
    )
    let data = Self.clouds(30)
    let profile = try path.profile(ClassData(data.inputs.converted(), data.labels), points: 401)
    let step = 1.0 / 400
    for point in [100, 200, 300] {
      let t = profile.places[point]
      let integral = profile.curvatures.enumerated().reduce(0.0) { sum, entry in
        let s = profile.places[entry.offset + 1]
        return sum + min(s, t) * (1 - max(s, t)) * entry.element * step
      }
      let rise = profile.losses[point] - (1 - t) * profile.losses[0] - t * profile.losses[400]
      // The sum over a grid is the exact inverse of second differences.
      #expect(abs(rise + integral) < 1e-9)
    }
  }

  @Test("the toy's barrier and prediction agree exactly")
  func toy() {
    let toy = ToyLandscape()
    #expect(abs(toy.barrier - 0.208333333333) < 1e-9)
    #expect(abs(toy.endCurvature - 1.6666667) < 1e-5)
    let predicted = LinearPath<Double>.predictedBarrier(toy.endCurvature, toy.endCurvature)
    #expect(abs(predicted - toy.barrier) < 1e-6)
    #expect(toy.loss(1, -1) == 0 && toy.loss(-1, 1) == 0)
  }
}
