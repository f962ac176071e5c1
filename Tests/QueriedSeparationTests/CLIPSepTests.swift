import Acoustics
import Layers
import QueriedSeparation
import Tensors
import Testing

@Suite("CLIPSep")
struct CLIPSepTests {
  /// Values that the released middle fusion allocates and never uses: a head of 32 + 1, norms of 64 and 512 channels.
  private static let unused = 33 + 2 * (64 + 512)

  @Test("published sizes have exactly the published numbers of parameters, counted without making them")
  func counts() {
    #expect(CLIPSepConfiguration.published.networkParameterCount == 30_274_210)
    #expect(CLIPSepConfiguration.published.parameterCount == 30_290_659)
    #expect(CLIPSepConfiguration.publishedNIT.parameterCount == 30_292_771)
    #expect(CLIPSepConfiguration.published.middleFusionParameterCount + Self.unused == 30_403_524)
    #expect(CLIPSepConfiguration.published.permutationParameterCount == 30_274_276)
    #expect(CLIPSepConfiguration.scaled.parameterCount == 86_051)
  }

  private func counts(_ configuration: CLIPSepConfiguration) throws {
    var random = RandomStream(seed: 1)
    #expect(try CLIPSep(configuration, random: &random).parameterCount == configuration.parameterCount)
    let middle = try MiddleFusionSep(configuration, random: &random)
    #expect(middle.parameterCount == configuration.middleFusionParameterCount)
    #expect(try PITSep(configuration, random: &random).parameterCount == configuration.permutationParameterCount)
    let labels = try LabelSep(labels: 8, configuration, random: &random)
    #expect(labels.parameterCount == configuration.parameterCount + 8 * configuration.querySize)
  }

  @Test("a model has as many parameters as its sizes say", arguments: [true, false])
  func countsOfModels(_ hasNoiseHeads: Bool) throws {
    var configuration = CLIPSepConfiguration.scaled
    configuration.hasNoiseHeads = hasNoiseHeads
    try counts(configuration)
  }

  @Test("the published models are made with all their parameters, and separate")
  func published() throws {
    try counts(.published)
    var random = RandomStream(seed: 2)
    let model = try CLIPSep(.publishedNIT, random: &random)
    #expect(model.parameterCount == 30_292_771)
    // 128 frames, the fewest that the seven levels take.
    let mixture = random.normal([127 * 256], deviation: 0.1).values
    let sounds = try model.separate([mixture], queries: [random.normal([1, 512]), random.normal([1, 512])])
    #expect(sounds.count == 2 && sounds[0][0].samples.count == mixture.count && sounds[0][0].mask.count == 256)
    #expect(sounds.joined().allSatisfy { $0.samples.allSatisfy(\.isFinite) })
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

  @Test("some steps lower the loss, and the separator answers both kinds of query")
  func learns() throws {
    let world = PictureWorld(seed: 7)
    let space = try MiniCLIPTraining(steps: 40).run(world, seed: 1)
    #expect(try #require(space.losses.last) < space.losses[0])
    var random = RandomStream(seed: 1)
    let trained = try SceneTraining(steps: 8).run(
      CLIPSep(.scaled, random: &random),
      query: .pictures(space.model, world),
      seed: 1
    )
    #expect(trained.activations.count == 8)
    #expect(trained.losses[7] < trained.losses[0])
    let test = SceneTest(perClass: 1, offScreen: false, seed: 5)
    let queries = try [SceneQuery.pictures(space.model, world), .text(space.model)].compactMap {
      try $0.rows(test.targets, &random)
    }
    let sounds = try trained.model.separate(test.mixtures, queries: queries)
    #expect(sounds.map(\.count) == [8, 8] && sounds[0][0].samples.count == 8000 && sounds[0][0].mask.count == 64)
    #expect(try test.score(sounds[1]).gains.allSatisfy { $0.isFinite })
  }

  private func learns(_ model: some QueriedSeparator, _ query: SceneQuery, sounds: Int) throws {
    let trained = try SceneTraining(steps: 16).run(model, query: query, seed: 1)
    let (first, last) = (trained.losses.prefix(4).reduce(0, +), trained.losses.suffix(4).reduce(0, +))
    #expect(last < first && trained.activations.isEmpty, "\(trained.losses)")
    let test = SceneTest(perClass: 1, offScreen: true, seed: 5)
    var random = RandomStream(seed: 2)
    let rows = try [query.rows(test.targets, &random)].compactMap { $0 }
    #expect(try trained.model.separate(test.mixtures, queries: rows).count == sounds)
  }

  @Test("the baselines learn, too: by labels, in the middle, and without queries")
  func baselines() throws {
    var random = RandomStream(seed: 1)
    var plain = CLIPSepConfiguration.scaled
    plain.hasNoiseHeads = false
    try learns(LabelSep(labels: 8, plain, random: &random), .labels, sounds: 1)
    try learns(PITSep(plain, random: &random), .none, sounds: 2)
    let encoder = MiniCLIP(random: &random)
    try learns(MiddleFusionSep(plain, random: &random), .pictures(encoder, PictureWorld(seed: 7)), sounds: 1)
  }

  @Test("equal seeds give equal mixtures, whatever asks for them")
  func equalMixtures() throws {
    var (one, two) = (RandomStream(seed: 1), RandomStream(seed: 1))
    let encoder = MiniCLIP(random: &one)
    _ = MiniCLIP(random: &two)
    let training = SceneTraining(steps: 1)
    let shown = try training.examples(.pictures(encoder, PictureWorld(seed: 7)), &one)
    let unasked = try training.examples(.none, &two)
    #expect(shown.mixtures.values == unasked.mixtures.values)
    #expect(shown.queries.map(\.shape) == [[8, 32], [8, 32]] && unasked.queries.isEmpty)
  }

  @Test("the true sound scores as selected, the other one as not, and silence is counted")
  func scores() throws {
    let test = SceneTest(perClass: 2, offScreen: true, seed: 5)
    #expect(
      test.others.allSatisfy(SceneClasses.offScreen.contains)
        && zip(test.wrongClasses, test.targets).allSatisfy { $0 != $1 }
    )
    func estimates(_ sounds: [[Float]]) -> [QueriedSound] { sounds.map { QueriedSound(samples: $0, mask: []) } }
    let right = try test.score(estimates(test.wanted))
    #expect(right.selectionRate == 1 && right.median > 60 && right.silentShare == 0)
    #expect(try test.score(estimates(test.unwanted)).selectionRate == 0)
    let silence = try test.score(estimates(test.wanted.map { $0.map { _ in 0 } }))
    // Equal levels to rounding: silence has a ratio of 0 dB, as the mixture has but for what both sounds share.
    #expect(silence.silentShare == 1 && silence.selectionRate == 0 && abs(silence.mean) < 0.5)
    #expect(right.of { $0 < 3 }.gains == Array(right.gains.prefix(3)))
  }

  @Test("the better of several estimates is the one that is nearer to what was wanted")
  func betterEstimates() throws {
    let test = SceneTest(perClass: 1, offScreen: false, seed: 6)
    let lists = [test.unwanted, test.wanted].map { $0.map { QueriedSound(samples: $0, mask: []) } }
    #expect(try test.better(of: lists).map(\.samples) == test.wanted)
  }

  @Test("BSS-eval by the released protocol: a little of the other sound costs interference, silence has no score")
  func distortions() throws {
    let test = SceneTest(perClass: 1, offScreen: true, seed: 6)
    let leaks: [Float] = [0.1, 0.01, 0]
    let scores = try leaks.map { leak in
      let sounds = zip(test.wanted, test.unwanted).map { zip($0, $1).map { leak == 0 ? 0 : $0 + leak * $1 } }
      return try test.distortions(sounds.map { QueriedSound(samples: $0, mask: []) }, filterLength: 16)
    }
    for item in test.targets.indices {
      let (more, less) = (try #require(scores[0][item]), try #require(scores[1][item]))
      // Levels are equal, so that a tenth of the other sound is 20 dB below.
      #expect(abs(more.sir - 20) < 3 && abs(less.sir - more.sir - 20) < 1, "\(more.sir), \(less.sir)")
      #expect(scores[2][item] == nil)
    }
  }
}
