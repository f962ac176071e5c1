import Acoustics
import Layers
import Tensors
import TestSupport
import Testing
import UniversalSeparation

@Suite("Universal separation")
struct UniversalSeparationTests {
  @Test("the tagger has 21,772 parameters, and its frames come a hundred times a second")
  func tagger() throws {
    var random = RandomStream(seed: 1)
    let tagger = try SoundTagger(classCount: 12, random: &random)
    #expect(tagger.parameterCount == 21_772)
    let clip = WeakClip(random: &random)
    let heard = try tagger.frameProbabilities([clip.samples, clip.samples])
    #expect(heard.count == 2 && heard[0].count == 12 && heard[0][0].count == 400)
    #expect(heard[0] == heard[1])
    let whole = try tagger.clipProbabilities([clip.samples])
    #expect(whole.shape == [1, 12] && whole.values.allSatisfy { $0 > 0 && $0 < 1 })
  }

  @Test("a tagger that learns from clip labels finds where a sound is", .timeLimit(.minutes(2)))
  func localisation() throws {
    var random = RandomStream(seed: 2)
    // Two kinds that are easy to tell, in clips of which only the labels are shown.
    var clips: [WeakClip] = []
    while clips.count < 24 {
      var clip = WeakClip(random: &random)
      guard Set(clip.labels).isSubset(of: [7, 9]) else { continue }
      clip.labels = clip.labels.map { $0 == 7 ? 0 : 1 }
      clips.append(clip)
    }
    let learner = try SoundTagger(classCount: 2, random: &random)
    let tagger = try learner.trained(on: clips, steps: 40, batch: 8, random: random)
    let library = try AnchorLibrary(clips, tagger: tagger, choice: .mined, random: &random)
    let shares = (0..<library.count).map { index in
      clips[library.clips[index]].activeShare(library.ranges[index], of: library.labels[index] == 0 ? 7 : 9)
    }
    #expect(shares.reduce(0, +) / Double(shares.count) > 0.8, "\(shares)")
  }

  @Test("every class is drawn once before one is drawn again, and all its clips before one of them")
  func sampler() throws {
    var random = RandomStream(seed: 3)
    var sampler = try BalancedSampler(labels: [[0], [0, 1], [0], [2], [1]], classes: 3)
    var drawn: [(label: Int, clip: Int)] = []
    for _ in 0..<18 { drawn.append(sampler.next(&random)) }
    for start in stride(from: 0, to: 18, by: 3) { #expect(Set(drawn[start..<start + 3].map(\.label)) == [0, 1, 2]) }
    #expect(Set(drawn.filter { $0.label == 0 }.prefix(3).map(\.clip)) == [0, 1, 2])
    #expect(Set(drawn.filter { $0.label == 1 }.prefix(2).map(\.clip)) == [1, 4])
  }

  @Test("random anchors begin where the released code begins them, or anywhere")
  func randomAnchors() throws {
    var random = RandomStream(seed: 4)
    let mining = try AnchorMining(frames: 100, hop: 80)
    var (openings, anywhere): ([Int], [Int]) = ([], [])
    for _ in 0..<300 {
      openings.append(try mining.randomSegment(frames: 400, random: &random).lowerBound)
      anywhere.append(try mining.anySegment(frames: 400, random: &random).lowerBound)
    }
    // Middles are drawn from 0…100 and moved to 50 at least: half of the segments begin with the clip.
    #expect(openings.max() ?? 0 <= 50 * 80)
    #expect((100...200).contains(openings.count { $0 == 0 }))
    #expect(anywhere.max() ?? 0 > 280 * 80 && anywhere.min() ?? 1 < 20 * 80)
    #expect(anywhere.allSatisfy { (0...300 * 80).contains($0) })
  }

  @Test("energies are matched within bounds")
  func mixing() throws {
    let loud = [Float](repeating: 1, count: 4), faint = [Float](repeating: 1e-4, count: 4)
    let mixed = try AnchorMixing().mixtures(of: Tensor(rows: [loud, faint]))
    // The faint sound can be raised 50 times, the loud one lowered to a fiftieth.
    #expect(
      mismatch(
        mixed.values.map(Double.init),
        [1.005, 1.005, 1.005, 1.005, 0.0201, 0.0201, 0.0201, 0.0201],
        absolute: 1e-6
      ) == nil
    )
  }

  @Test("equal features without a direction give silence, and a finite slope")
  func noDirection() throws {
    var random = RandomStream(seed: 5)
    var network = try ConditionalUNet(.compact, random: &random)
    network.updateParameters { name, tensor in name.hasPrefix("base.after_conv") ? .zeros(tensor.shape) : tensor }
    let mixture: Tensor<Float> = random.normal([2, 4000], deviation: 0.1)
    let condition: Tensor<Float> = random.uniform([2, 12], in: 0..<1)
    let (value, gradients) = try valueWithGradient(at: &network) {
      try $0(mixture, conditions: condition, mode: .training).abs().mean()
    }
    #expect(value.value == 0)
    for gradient in gradients.tensors.compactMap({ $0 }) { #expect(gradient.values.allSatisfy { $0.isFinite }) }
  }

  @Test("distinct queries give distinct sounds, each as if it were alone in the batch")
  func queries() throws {
    var random = RandomStream(seed: 6)
    var network = try ConditionalUNet(.compact, random: &random)
    let mixture: Tensor<Float> = random.normal([1, 4000], deviation: 0.1)
    let both = Tensor.concatenated([mixture, mixture])
    let conditions = Tensor<Float>.oneHot(Tensor<Int>([2, 9]), classes: 12)
    let together = try network(both, conditions: conditions, mode: .evaluation)
    for index in 0..<2 {
      let alone = try network(mixture, conditions: conditions.sliced(index..<index + 1), mode: .evaluation)
      #expect(together.sliced(index..<index + 1).isClose(to: alone, relative: 1e-4, absolute: 1e-5))
    }
    #expect(!together.selected(0).isClose(to: together.selected(1), relative: 1e-2, absolute: 1e-4))
  }

  @Test("a long sound comes back segment by segment, silent where nothing of the classes is heard")
  func segments() throws {
    var random = RandomStream(seed: 7)
    let separator = try freshSeparator(hearing: [3], random: &random)
    let mixture = Audio(random.normal([18_500], deviation: 0.1).values, sampleRate: 8000)
    let found = try separator.separate(mixture, ontology: .scenes, level: 1)
    #expect(found.map(\.kind.name) == ["music", "animal", "machine", "nature"])
    #expect(found.allSatisfy { $0.sound.frameCount == 18_500 })
    #expect(found.map { $0.sound.peak > 0 } == [false, true, false, false])
    let leaves = try separator.separate(mixture, ontology: .scenes, level: 2)
    #expect(leaves.count == 12 && leaves.count { $0.sound.peak > 0 } == 1)
    #expect(try separator.separate(mixture, classes: [3]).mono == leaves[3].sound.mono)
    #expect(try separator.heard(in: mixture).shape == [3, 12])
    let scene = PlacedScene([.init(.bird, 0..<2), .init(.rain, 1..<3)], seconds: 3, random: &random)
    let stems = try separator.stems(of: scene, ontology: .scenes, levels: 1...2)
    #expect(stems.map(\.level) == Array(repeating: 1, count: 4) + Array(repeating: 2, count: 12))
    #expect(stems.filter { $0.gain != nil }.map(\.kind.name) == ["animal", "nature", "bird", "rain"])
    #expect(stems.filter { !$0.isSilent }.map(\.kind.name) == ["animal", "bird"])
    // Exact zeros in place of a sound have a ratio of 0 dB.
    let rain = try #require(scene.reference(classes: [9]))
    let lost = try #require(stems.first { $0.kind.name == "rain" }?.gain)
    #expect(abs(lost + SignalRatio.sdr(rain, scene.mixture.mono)) < 1e-9)
  }

  @Test("a scene of recordings holds each where it was put, and cuts what reaches beyond its end")
  func recordedScene() {
    let scene = PlacedScene([(4, 0, [1, 2]), (4, 0.00025, [8, 8]), (6, 0.0005, [3, 4, 5])], seconds: 0.00075)
    #expect(scene.mixture.mono == [1, 2, 8, 8, 3, 4])
    #expect(scene.reference(classes: [4]) == [1, 2, 8, 8, 0, 0])
    #expect(scene.reference(classes: [4, 6]) == [1, 2, 8, 8, 3, 4])
    #expect(scene.reference(classes: [5]) == nil)
  }

  @Test("examples are averaged with their silence left out")
  func examples() throws {
    var random = RandomStream(seed: 8)
    let network = try ConditionalUNet(.compact, random: &random)
    let tagger = try SoundTagger(classCount: 12, random: &random)
    let separator = try UniversalSeparator(network: network, tagger: tagger, seconds: 1)
    let sounds = [SceneSound.rain, .organ].map { $0.event(random: &random) }
    let plain = try separator.condition(of: sounds.map { Audio($0, sampleRate: 8000) })
    #expect(plain.isClose(to: try tagger.clipProbabilities(sounds).mean([0]), relative: 1e-5, absolute: 1e-6))
    let silence = [Float](repeating: 0.001, count: 4000)
    let padded = try separator.condition(of: sounds.map { Audio(silence + $0, sampleRate: 8000) })
    #expect(padded.isClose(to: plain, relative: 1e-5, absolute: 1e-6))
  }

  @Test("an ontology names the classes below each node, and leaves out nodes without any")
  func ontology() throws {
    let tree = SoundOntology(
      "root",
      children: [
        SoundOntology("a", classIndex: 4, children: [SoundOntology("b", classIndex: 1), SoundOntology("c")]),
        SoundOntology("d", children: [SoundOntology("e")]),
      ]
    )
    #expect(tree.depth == 2 && tree.classes == [1, 4])
    #expect(try tree.level(1).map(\.name) == ["a"])
    #expect(try tree.level(2).map(\.name) == ["b"])
    #expect(SoundOntology.scenes.classes == Array(0..<12))
    let groups = SoundOntology("root", groups: [("a", ["b", "c"]), ("d", ["e"])])
    #expect(try groups.level(1).map(\.classes) == [[0, 1], [2]])
    #expect(try groups.level(2).map(\.name) == ["b", "c", "e"])
  }

  @Test("a short training lowers the loss, and equal streams give equal networks")
  func training() throws {
    var random = RandomStream(seed: 9)
    let clips = WeakClip.draw(60, random: &random)
    let labelled = Set(clips.flatMap(\.labels))
    let tagger = try SoundTagger(classCount: 12, random: &random)
    let missing = (0..<12).filter { !labelled.contains($0) }
    try #require(missing.isEmpty, "no clip of \(missing)")
    let anchors = try AnchorLibrary(clips, tagger: tagger, choice: .anywhere, random: &random)
    var recipe = UniversalRecipe(steps: 12)
    recipe.usesLabels = true
    recipe.warmup = 2
    let network = try ConditionalUNet(.compact, random: &random)
    var losses: [[Double]] = [[], []]
    for turn in 0..<2 {
      _ = try network.trained(on: anchors, recipe: recipe, random: random) { losses[turn].append($1) }
    }
    #expect(losses[0] == losses[1])
    #expect(losses[0].suffix(3).reduce(0, +) < losses[0].prefix(3).reduce(0, +))
  }

  @Test(
    "made sounds have the spectra of the reference's",
    arguments: Parity.cases("universal-separation", prefix: "s12")
  )
  func madeSounds(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var random = RandomStream(seed: 10)
    let tagger = try SoundTagger(classCount: 12, random: &random)
    /// Mean and spread over time of each band, in dB.
    func portrait(_ sounds: [[Float]]) throws -> [Double] {
      let pictures = try tagger.pictures(sounds)
      let spread = pictures.variance([2], keepsAxes: true).sqrt()
      return (pictures.mean([2], keepsAxes: true).mean([0]).values + spread.mean([0]).values).map(Double.init)
    }
    let own = try SceneSound.allCases.map { kind in try portrait((0..<8).map { _ in kind.event(random: &random) }) }
    for (index, name) in data.names.sorted().enumerated() {
      let wanted = try portrait([data[name].map { Float($0) }])
      let distances = own.map { zip($0, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
      let rank = distances.count { $0 < distances[index] }
      // One draw of pitch and tempo may come nearer to a neighbour's mean, not to many.
      #expect(rank <= 1, "\(name): \(rank) kinds are nearer than its own")
    }
  }

  @Test("the signal to distortion ratio is bounded by its floors")
  func ratios() {
    #expect(abs(SignalRatio.sdr([1, 0], [1, 0.1]) - 20) < 1e-5)
    #expect(abs(SignalRatio.sdr([1, -1], [1, -1]) - 100) < 1e-9)
    #expect(abs(SignalRatio.sdr([0, 0], [1, 1]) + 100) < 1e-9)
  }
}
