import Layers
import QueriedSeparation
import Tensors
import Testing

@Suite("CLIPSep")
struct CLIPSepTests {
  @Test("published sizes have exactly the published numbers of parameters")
  func counts() throws {
    #expect(CLIPSepConfiguration.published.networkParameterCount == 30_274_210)
    #expect(CLIPSepConfiguration.published.parameterCount == 30_290_659)
    #expect(CLIPSepConfiguration.publishedNIT.parameterCount == 30_292_771)
    #expect(CLIPSepConfiguration.published.parameterCountWithoutQueries == 30_274_276)
    #expect(CLIPSepConfiguration.scaled.parameterCount == 86_051)
  }

  @Test("a model has as many parameters as its sizes say", arguments: [true, false])
  func countsOfModels(_ hasNoiseHeads: Bool) throws {
    var configuration = CLIPSepConfiguration.scaled
    configuration.hasNoiseHeads = hasNoiseHeads
    var random = RandomStream(seed: 1)
    #expect(try CLIPSep(configuration, random: &random).parameterCount == configuration.parameterCount)
  }

  private func loss(_ logits: [Tensor<Float>], _ noise: [Tensor<Float>], _ targets: MaskTargets) -> Float {
    MaskLoss().noiseInvariant(logits, noise: noise, targets).loss.value
  }

  @Test("the noise invariant loss does not depend on the order of the noise masks, item by item")
  func assignments() throws {
    var random = RandomStream(seed: 3)
    let warp = FrequencyWarp(bins: 17, rows: 8)
    let sources = (0..<2).map { _ in random.uniform([2, 1, 17, 4], in: 0..<1) as Tensor<Float> }
    let targets = try MaskTargets(mixture: sources[0] + sources[1], sources: sources, warp: warp)
    let logits = (0..<2).map { _ in random.normal([2, 1, 8, 4]) }
    let noise = (0..<2).map { _ in random.normal([2, 1, 8, 4]) }
    let straight = loss(logits, noise, targets)
    #expect(abs(straight - loss(logits, noise.reversed(), targets)) < 1e-6)
    // Exchange in the second item only: a minimum over the batch would change.
    let mixed = (0..<2).map { Tensor.concatenated([noise[$0].sliced(0..<1), noise[1 - $0].sliced(1..<2)]) }
    #expect(abs(straight - loss(logits, mixed, targets)) < 1e-6)
  }

  @Test("events are repeatable, of equal level and finite", arguments: SoundEvent.allCases)
  func events(_ event: SoundEvent) {
    for seed in 0..<5 {
      var (one, two) = (RandomStream(seed: UInt64(seed)), RandomStream(seed: UInt64(seed)))
      let sound = event.samples(8000, &one)
      #expect(sound == event.samples(8000, &two))
      let level = (sound.reduce(0) { $0 + $1 * $1 } / 8000).squareRoot()
      #expect(abs(level - 0.1) < 1e-3)
      #expect(sound != event.samples(8000, &one))
    }
  }

  @Test("some steps lower the loss, and the separator answers both kinds of query")
  func learns() throws {
    let world = PictureWorld(seed: 7)
    let space = try MiniCLIPTraining(steps: 40).run(world, seed: 1)
    #expect(try #require(space.losses.last) < space.losses[0])
    let trained = try SceneTraining(steps: 8, isNoiseInvariant: true).run(space.model, world, seed: 1)
    #expect(trained.activations.count == 8)
    #expect(trained.losses[7] < trained.losses[0])
    let test = SceneTest(perClass: 1, offScreen: false, seed: 5)
    var random = RandomStream(seed: 2)
    let queries = [
      SceneQuery.pictures(test.targets, space.model, world, &random), try SceneQuery.text(test.targets, space.model),
    ]
    let sounds = try trained.model.separate(test.mixtures, queries: queries)
    #expect(sounds.map(\.count) == [8, 8] && sounds[0][0].samples.count == 8000 && sounds[0][0].mask.count == 64)
    #expect(try test.score(sounds[1]).gains.allSatisfy { $0.isFinite })
  }

  @Test("the true sound scores as selected, the other one as not")
  func scores() throws {
    let test = SceneTest(perClass: 2, offScreen: true, seed: 5)
    #expect(test.others.allSatisfy { $0 >= 8 } && zip(test.wrongClasses, test.targets).allSatisfy { $0 != $1 })
    func score(_ sounds: [[Float]]) throws -> SceneScore {
      try test.score(sounds.map { QueriedSound(samples: $0, mask: []) })
    }
    let right = try score(test.wanted)
    #expect(right.selectionRate == 1 && right.median > 60)
    #expect(try score(test.unwanted).selectionRate == 0)
  }
}
