import LabelNoise
import Layers
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

@Suite("Training on noisy labels")
struct LabelNoiseTests {
  /// Bright bars, upright or lying, at a chance place: two classes that a small network learns at once.
  private static func bars(_ count: Int, seed: UInt64) throws -> NoisyImages {
    var random = RandomStream(seed: seed)
    var pixels: [Float] = []
    for index in 0..<count {
      let line = random.integer(in: 2..<6)
      pixels += (0..<64).map { (index % 2 == 0 ? $0 % 8 : $0 / 8) == line ? 1 : 0 }
    }
    return try NoisyImages(
      side: 8,
      pixels: pixels,
      labels: (0..<count).map { $0 % 2 },
      isForeign: [Bool](repeating: false, count: count),
      classes: 2
    )
  }

  private static func network(_ seed: UInt64 = 1) -> TwoHeadNetwork {
    var random = RandomStream(seed: seed)
    return TwoHeadNetwork(classes: 2, random: &random)
  }

  static let refused: [RefusedInput] = [
    RefusedInput("label 1 is 2, must be in 0..<2; number the classes from 0 up") {
      _ = try NoisyImages(side: 1, pixels: [0, 0], labels: [0, 2], isForeign: [false, false], classes: 2)
    },
    RefusedInput("pixels of 2 pictures: expected 8, got 3") {
      _ = try NoisyImages(side: 2, pixels: [0, 0, 0], labels: [0, 1], isForeign: [false, false], classes: 2)
    },
    RefusedInput("marks of foreign pictures: expected 1, got 0") {
      _ = try NoisyImages(side: 1, pixels: [0], labels: [0], isForeign: [], classes: 2)
    },
    RefusedInput("the share of foreign pictures must be in 0...1, got 1.5") {
      var random = RandomStream(seed: 1)
      _ = try bars(4, seed: 1).polluted(share: 1.5, by: [], random: &random)
    },
    RefusedInput("foreign pictures: expected 2, got 0") {
      var random = RandomStream(seed: 1)
      _ = try bars(4, seed: 1).polluted(share: 0.5, by: [], random: &random)
    },
    RefusedInput("batch 0 has one sample, of which batch norm takes no variance; choose another batch size") {
      _ = try ContrastivePretraining(epochs: 1).run(network(), bars(1, seed: 1), random: RandomStream(seed: 1))
    },
    RefusedInput("the batch must be 1 or more, got 0.0") {
      _ = try ContrastivePretraining(epochs: 1, batch: 0).run(
        network(),
        bars(4, seed: 1),
        random: RandomStream(seed: 1)
      )
    },
  ]

  @Test("bad input gets one clear error", arguments: refused)
  func refusal(_ input: RefusedInput) {
    let error = #expect(throws: LabelNoiseError.self) { try input.call() }
    #expect(error?.description == input.message)
  }

  @Test("a batch whose weights add up to nothing is named")
  func weightless() {
    #expect(
      LabelNoiseError.noWeight(batch: 3).description
        == "weights of batch 3 add up to 0; keep a clean sample in it or leave the batch out"
    )
  }

  @Test("the network has the parameters of its description, for six classes")
  func size() {
    var random = RandomStream(seed: 1)
    #expect(TwoHeadNetwork(classes: 6, random: &random).parameterCount == 102_150)
  }

  @Test("scaling to 0…1: a constant gives zeros, infinity counts as the largest finite value")
  func scaling() {
    #expect(LossMixture.unitScaled([3, 3, 3]) == [0, 0, 0])
    #expect(LossMixture.unitScaled([1, .infinity, 3]) == [0, 1, 1])
    #expect(LossMixture.unitScaled([]) == [])
  }

  @Test("equal values leave the mixture finite", arguments: [LossMixture.Start.ends, .twoMeans])
  func constants(_ start: LossMixture.Start) {
    let mixture = LossMixture([0, 0, 0, 0], start: start)
    #expect(mixture.highPosterior(0).isFinite)
    #expect(mixture.variances.allSatisfy { $0 > 0 })
  }

  @Test("two groups far below the largest value are parted from two means, and run together from the ends")
  func starts() {
    var random = SplitMix(seed: 2)
    let groups =
      (0..<100).map { _ in 0.03 + 0.01 * random.roughlyNormal() }
      + (0..<100).map { _ in 0.35 + 0.08 * random.roughlyNormal() }
    let values = LossMixture.unitScaled(groups + [1])
    let parted = LossMixture(values, start: .twoMeans)
    #expect(values[100..<200].count { parted.highPosterior($0) > 0.95 } > 80)
    #expect(values[..<100].allSatisfy { parted.highPosterior($0) < 0.05 })
    let together = LossMixture(values, start: .ends)
    #expect(values[100..<200].count { together.highPosterior($0) > 0.95 } < 20)
  }

  @Test("an augmentation without change gives the picture back")
  func identity() throws {
    let images = try Self.bars(3, seed: 2)
    var random = RandomStream(seed: 4)
    let none = ViewAugmentation(rotation: 0, scale: 0, shift: 0, gain: 0, noise: 0)
    let views = none.views(images, [2, 0], random: &random)
    let expected = Array(images.pixels[128..<192]) + Array(images.pixels[0..<64])
    #expect(mismatch(views.values.map(Double.init), expected.map(Double.init), absolute: 1e-6) == nil)
  }

  @Test("pollution replaces the wanted share, and marks it")
  func pollution() throws {
    var random = RandomStream(seed: 5)
    let clean = try Self.bars(40, seed: 2)
    let foreign = NoisyImages.textures(30, side: 8, random: &random)
    #expect(foreign.allSatisfy { (0...1).contains($0) })
    let noisy = try clean.polluted(share: 0.5, by: foreign, random: &random)
    #expect(noisy.isForeign.count { $0 } == 20)
    for place in 0..<40 where !noisy.isForeign[place] {
      #expect(noisy.labels[place] == clean.labels[place])
      #expect(noisy.pixels[place * 64..<(place + 1) * 64] == clean.pixels[place * 64..<(place + 1) * 64])
    }
  }

  private static func task() throws -> (images: NoisyImages, test: NoisyImages) {
    var random = RandomStream(seed: 7)
    let foreign = NoisyImages.textures(60, side: 8, random: &random)
    let images = try bars(160, seed: 3).polluted(share: 0.3, by: foreign, random: &random)
    return (images, try bars(60, seed: 4))
  }

  @Test("every mode learns bars among textures", arguments: NoiseMode.allCases)
  func training(_ mode: NoiseMode) throws {
    let (images, test) = try Self.task()
    let plan = NoisyTraining(mode, epochs: 10, warmUp: 5, batch: 40, isBalanced: mode == .linear)
    let epochs = try plan.run([Self.network()], images, test: test, random: RandomStream(seed: 9)).epochs
    #expect(epochs.suffix(3).contains { $0.accuracy > 0.9 }, "\(epochs.map(\.accuracy))")
  }

  @Test("a training is the same to the last bit with one thread and with two")
  func threads() throws {
    let (images, test) = try Self.task()
    func courses(_ threads: Int) throws -> [[NoisyTraining.Epoch]] {
      try Seeds(2, seed: 9).run(threads: threads) { _, random in
        let plan = NoisyTraining(.alternating, epochs: 3, warmUp: 1, batch: 40)
        return try plan.run([Self.network()], images, test: test, random: random).epochs
      }
    }
    let found = try courses(1)
    #expect(try courses(2) == found)
    #expect(found[0] != found[1])
  }

  @Test("two networks take a sample for noisy only together")
  func coTraining() throws {
    var random = RandomStream(seed: 8)
    let foreign = NoisyImages.textures(60, side: 8, random: &random)
    let images = try Self.bars(120, seed: 3).polluted(share: 0.4, by: foreign, random: &random)
    let test = try Self.bars(40, seed: 4)
    let plan = NoisyTraining(.smallLoss, epochs: 4, warmUp: 1, batch: 40)
    let random2 = RandomStream(seed: 3)
    let both = try plan.run([Self.network(1), Self.network(2)], images, test: test, random: random2)
    #expect(both.networks.count == 2 && both.networks[0] != both.networks[1])
    for epoch in both.epochs {
      for place in 0..<images.count where epoch.isNoisy[place] { #expect(epoch.detection.byLoss[place]) }
    }
  }

  @Test("contrastive training lowers its loss and moves textures away from bars")
  func pretraining() throws {
    var random = RandomStream(seed: 8)
    let foreign = NoisyImages.textures(120, side: 8, random: &random)
    let images = try Self.bars(200, seed: 3).polluted(share: 0.5, by: foreign, random: &random)
    let (network, losses) = try ContrastivePretraining(epochs: 6, batch: 100).run(
      Self.network(),
      images,
      random: random
    )
    #expect((losses.last ?? 9) < 0.9 * losses[0])
    let area = try NoiseEvaluation.oracleArea(NoiseEvaluation(network, images).late, images, random: &random)
    #expect(area > 0.95)
  }
}
