import Acoustics
import Diffusion
import FlowSeparation
import Foundation
import Layers
import Signals
import Tensors
import TestSupport
import Testing

@Suite("Flow separation")
struct FlowSeparationTests {
  @Test("the networks of the replication have the published numbers of parameters")
  func compactCounts() throws {
    var random = RandomStream(seed: 1)
    #expect(CompactAutoencoder(random: &random).parameterCount == 81_161)
    #expect(try CompactVelocityNetwork(queryWidth: 13, random: &random).parameterCount == 269_412)
  }

  @Test("the published autoencoder has the published numbers of parameters")
  func autoencoderCounts() throws {
    var random = RandomStream(seed: 1)
    let model = try MelAutoencoder(.published, random: &random)
    #expect(model.encoder.parameterCount == 22_395_024)
    #expect(model.decoder.parameterCount == 32_981_505)
    #expect(model.parameterCount == 22_395_024 + 32_981_505 + 344)
  }

  @Test("the published velocity U-Net has the published number of parameters and runs")
  func velocityCount() throws {
    var random = RandomStream(seed: 1)
    let network = try VelocityUNet(.published, random: &random)
    #expect(network.parameterCount == 265_549_456)
    let text = try TextContext(tokens: random.normal([1, 4, 1024]))
    let y = try network(random.normal([1, 16, 16, 8]), times: [0.5], context: text)
    #expect(y.shape == [1, 16, 16, 8])
    // The last convolution is zero at first.
    #expect(y.values.allSatisfy { $0 == 0 })
  }

  @Test("a network that says zero has the loss of the velocity's own square")
  func firstLoss() throws {
    var random = RandomStream(seed: 2)
    let network = try CompactVelocityNetwork(queryWidth: 3, random: &random)
    let count = 64
    let latents = try QueriedLatents(
      targets: random.normal([count, 4, 16, 8]),
      mixtures: random.normal([count, 4, 16, 8]),
      queries: .zeros([count, 3])
    )
    let loss = try GenerativeSeparator.loss(network, path: .rectified, on: latents, random: &random)
    // E|z_1 - z_0|² of two standard normal numbers; the deviation of a mean over 32,768 values is 0.016.
    #expect(abs(loss.value - 2) < 0.08)
  }

  @Test("a straight path is solved exactly in one step", arguments: RectifiedFlow.Solver.allCases)
  func straightPath(_ solver: RectifiedFlow.Solver) throws {
    var random = RandomStream(seed: 3)
    let flow = RectifiedFlow()
    let (noise, data): (Tensor<Float>, Tensor<Float>) = (random.normal([3, 5]), random.normal([3, 5]))
    let slope = flow.velocity(from: noise, to: data)
    let end = try flow.sample(from: noise, steps: 1, by: solver) { _, _ in slope }
    #expect(end.isClose(to: try flow.point(from: noise, to: data, at: [1, 1, 1]), relative: 1e-5, absolute: 1e-5))
  }

  @Test("the midpoint method is of second order, Euler's of first")
  func orders() throws {
    // dz/dt = z ends at e.
    func error(_ steps: Int, _ solver: RectifiedFlow.Solver) throws -> Double {
      let start = Tensor<Float>([1])
      let end = try RectifiedFlow().sample(from: start, steps: steps, by: solver) { items, _ in items }
      return abs(Double(end.values[0]) - M_E)
    }
    #expect((1.8...2.2).contains(try error(16, .euler) / error(32, .euler)))
    #expect((3.6...4.4).contains(try error(8, .midpoint) / error(16, .midpoint)))
  }

  static let paths: [GenerativePath] = {
    guard let schedule = try? GenerativePath.publishedSchedule() else { return [] }
    return [.rectified, .noise(schedule), .rotation(schedule)]
  }()

  @Test("each path learns one latent by heart and makes it out of noise", arguments: paths.indices)
  func learning(_ index: Int) throws {
    // By number: a schedule of a thousand steps would be printed as the argument.
    let path = Self.paths[index]
    var random = RandomStream(seed: 4)
    let target: Tensor<Float> = random.normal([1, 4, 4, 4])
    let latents = try QueriedLatents(targets: target, mixtures: .zeros([1, 4, 4, 4]), queries: .ones([1, 1]))
    var recipe = SeparatorRecipe(steps: 300, batch: 16)
    recipe.warmup = 10
    let network = try CompactVelocityNetwork(queryWidth: 1, random: &random)
    let fresh = GenerativeSeparator(network, path: path)
    let trained = try fresh.trained(on: latents, recipe: recipe, random: random)
    let errors = try [fresh, trained].map { separator in
      let made = try separator.separate(latents.mixtures, queries: latents.queries, steps: 20, random: random)
      return Double(Loss.meanSquare(made, target).value)
    }
    // Noise that is told almost rightly is still divided by the smallest signal: only the relation is comparable.
    #expect(errors[1] < 0.5 * errors[0], "mean square errors before and after: \(errors)")
    if index == 0 { #expect(errors[1] < 0.3, "of values of variance 1") }
  }

  @Test("held-out captions join known words as training never does")
  func captions() throws {
    var random = RandomStream(seed: 6)
    let words = try QueryWords(SceneCaption.vocabulary)
    for kind in SceneSound.allCases {
      var (seen, held): (Set<String>, Set<String>) = ([], [])
      for _ in 0..<60 {
        seen.insert(SceneCaption.draw(kind, usesHeldOut: false, random: &random))
        held.insert(SceneCaption.draw(kind, usesHeldOut: true, random: &random))
      }
      #expect(seen.isDisjoint(with: held))
      #expect((seen.union(held)).allSatisfy { words.unknownWords(in: $0).isEmpty })
    }
  }

  @Test("a bag of words shares its weight, warns by name, and is zero without a known word")
  func bags() throws {
    let words = try QueryWords(["a", "bird", "sings"])
    #expect(words.shares(["A bird, a BIRD!", "", "whale"]).values == [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0])
    #expect(words.unknownWords(in: "a whale sings, whale") == ["whale"])
  }

  @Test("the mixture's own picture gives the mixture back; Griffin-Lim gives a sound of the picture")
  func inversion() throws {
    var random = RandomStream(seed: 7)
    let mel = try CompactMel()
    let sound = SceneSound.bird.event(random: &random)
    let picture = try mel.picture(sound)
    let inversion = MelInversion(mel)
    let same = try inversion.withMixturePhase(picture, mixture: sound)
    #expect(try MelInversion.ratio(sound, same) > 60)
    let made = try mel.picture(inversion.withGriffinLim(picture))
    let distance = CompactMel.distances(made.expanded(at: 0), picture.expanded(at: 0))[0]
    #expect(distance < 3, "\(distance) dB")
  }
}
