import Acoustics
import Layers
import Separation
import Tensors
import TestSupport
import Testing

private let paper = "demucs"

@Suite("Demucs")
struct DemucsTests {
  /// Single precision against double.
  private static let outputs = 2e-5
  private static let gradients = 3e-4

  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let forms = ["museval_", "net_", "overlap_add_", "rescale_", "resample_", "tasnet_", "valid_length_"]
    let names = Parity.committedNames(paper)
    #expect(names.count >= 9)
    for name in names { #expect(forms.contains { name.hasPrefix($0) }, "\(name)") }
  }

  @Test("published sizes have exactly the published numbers of parameters")
  func counts() throws {
    func count(_ change: (inout DemucsConfiguration) -> Void = { _ in }) -> Int {
      var configuration = DemucsConfiguration.base
      change(&configuration)
      return configuration.parameterCount
    }
    #expect(count() == 265_679_496)
    #expect(count { $0.channels = 48 } == 149_462_504)
    #expect(count { $0.channels = 32 } == 66_443_592)
    #expect(count { $0 = .firstVersion } == 648_548_208)
    #expect(count { $0.lstmLayers = 0 } == 89_451_144)
    #expect(count { ($0.lstmLayers, $0.depth) = (0, 7) } == 357_909_128)
    #expect(count { $0.hasGates = false } == 243_307_272)
    #expect(count { $0.hasRewrite = false } == 220_935_048)
    #expect(count { $0.context = 1 } == 243_315_336)
    #expect(count { $0 = .scaled } == 1_040_420)
    var plain = DemucsConfiguration.scaled
    plain.lstmLayers = 0
    #expect(plain.parameterCount == 348_068)
  }

  @Test("a network has as many parameters as its sizes say")
  func countsOfNetworks() throws {
    var random = RandomStream(seed: 1)
    var configurations = [DemucsConfiguration.scaled]
    for change in [\DemucsConfiguration.hasGates, \DemucsConfiguration.hasRewrite, \DemucsConfiguration.resamples] {
      var own = DemucsConfiguration.base
      (own.channels, own.rescale) = (8, nil)
      own[keyPath: change].toggle()
      configurations.append(own)
    }
    for configuration in configurations {
      #expect(try Demucs(configuration, random: &random).parameterCount == configuration.parameterCount)
    }
  }

  @Test("lengths that leave no frames over", arguments: Parity.cases(paper, prefix: "valid_length_"))
  func validLengths(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var configuration = DemucsConfiguration.base
    // Lengths do not depend on the width.
    (configuration.channels, configuration.lstmLayers) = (1, 0)
    var random = RandomStream(seed: 1)
    let model = try Demucs(configuration, random: &random)
    let found = try data.file.integers("in.length").values.map { model.validLength($0) }
    #expect(found == (try data.file.integers("out.valid_length").values))
    let scaled = try Demucs(.scaled, random: &random)
    #expect([8000, 16000, 32000].map { scaled.validLength($0) } == [8788, 16724, 32852])
  }

  private func configuration(_ data: ParityData) throws -> DemucsConfiguration {
    var own = DemucsConfiguration.base
    own.sources = (0..<(try data.integer("sources"))).map { "source \($0)" }
    own.audioChannels = try data.integer("audio_channels")
    (own.channels, own.depth) = (try data.integer("channels"), try data.integer("depth"))
    own.resamples = data.file.metadata["resample"] == "True"
    own.hasGates = data.file.metadata["glu"] != "False"
    own.lstmLayers = data.file.metadata["lstm_layers"].flatMap { Int($0) } ?? 2
    return own
  }

  @Test("networks, losses and gradients", arguments: Parity.cases(paper, prefix: "net_"))
  func net(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var random = RandomStream(seed: 1)
    var model = try Demucs(try configuration(data), random: &random)
    try model.load(try data.weights())
    let (mix, target) = (try data.tensor("in.mix"), try data.tensor("in.target"))
    #expect(model.validLength(try data.file.integers("in.requested_length").values[0]) == mix.shape[2])
    try expectParity(model(mix), data, "out.sources", Self.outputs)
    let isSquare = data.file.metadata["loss"] == "mse"
    func loss(_ model: Demucs, _ x: Tensor<Float>) -> Tensor<Float> {
      let found = model(x)
      let wanted = target.centered(found.shape[3])
      return isSquare ? Loss.meanSquare(found, wanted) : Loss.meanAbsolute(found, wanted)
    }
    try expectParity(loss(model, mix), data, "out.loss", Self.outputs)
    try expectGradientParity(model, data, input: "in.mix", tolerance: Self.gradients) { loss($0, $1) }
  }

  @Test("a change of rate and its gradient", arguments: Parity.cases(paper, prefix: "resample_"))
  func resampling(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let x = try data.tensor("in.x")
    for (name, change) in [("up", SincResampling(from: 1, to: 2)), ("down", SincResampling(from: 2, to: 1))] {
      try expectParity(change.kernels, data, "const.kernel_" + name, 1e-6)
      try expectParity(change(x), data, "out." + name, 1e-6)
      let cotangent = try data.tensor("in.cotangent_" + name)
      let slope = gradient(at: x) { change($0) * cotangent }
      let expected = data.names.first { $0.hasPrefix("grad.") && $0.hasSuffix(name) }
      try expectParity(slope, data, try #require(expected), 2e-6)
    }
  }

  @Test("initial weights are rescaled once", arguments: Parity.cases(paper, prefix: "rescale_"))
  func rescale(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var configuration = try configuration(data)
    (configuration.resamples, configuration.rescale) = (false, nil)
    var random = RandomStream(seed: 1)
    var model = try Demucs(configuration, random: &random)
    var weights = SafetensorsFile()
    for name in data.names where name.hasPrefix("before.") {
      weights.append(String(name.dropFirst(7)), try data.tensor(name))
    }
    try model.load(weights)
    model.rescale(to: Float(try #require(data.file.metadata["reference"].flatMap { Double($0) })))
    for entry in model.namedTensors { try expectParity(entry.tensor, data, "after." + entry.name, 1e-6) }
  }

  @Test("overlapping segments", arguments: Parity.cases(paper, prefix: "overlap_add_"))
  func overlapAdd(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let mix = try data.tensor("in.mix")
    let sound = Audio(channels: (0..<mix.shape[0]).map { mix.selected($0).values }, sampleRate: 8000)
    let overlap = try #require(data.file.metadata["overlap"].flatMap { Double($0) })
    let power = try #require(data.file.metadata["transition_power"].flatMap { Double($0) })
    var toy = Toy()
    toy.channelCount = mix.shape[0]
    let plan = OverlapAdd(segment: try data.integer("segment"), overlap: overlap, power: power)
    let found = try plan.separate(sound, with: toy).flatMap { $0.channels.flatMap { $0 } }
    try expectParity(Tensor(found), data, "out.sources", 2e-6)
  }

  @Test("Conv-TasNet with several channels", arguments: Parity.cases(paper, prefix: "tasnet_"))
  func tasnet(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    var configuration = ConvTasNetConfiguration(
      filters: try data.integer("N"),
      filterLength: try data.integer("L"),
      bottleneck: try data.integer("B"),
      hidden: try data.integer("H"),
      skip: 0,
      blocks: try data.integer("X"),
      repeats: try data.integer("R")
    )
    (configuration.form, configuration.kernel) = (.residual, try data.integer("P"))
    (configuration.sources, configuration.channels) = (try data.integer("C"), try data.integer("audio_channels"))
    var random = RandomStream(seed: 1)
    var model = try ConvTasNet(configuration, random: &random)
    try model.load(try data.weights())
    try expectParity(model(try data.tensor("in.mixture")), data, "out.sources", Self.outputs)
    let cotangent = try data.tensor("in.cotangent")
    try expectGradientParity(model, data, input: "in.mixture", tolerance: Self.gradients) { ($0($1) * cotangent).sum() }
  }

  @Test("frame SDR is plain signal to noise over both channels", arguments: Parity.cases(paper, prefix: "museval_"))
  func frameRatios(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let shape = try #require(data.file["in.reference"]?.shape)
    func signals(_ name: String) throws -> [[[Float]]] {
      let tensor = try data.tensor(name).permuted([0, 2, 1])
      return (0..<shape[0]).map { s in (0..<shape[2]).map { tensor.selected(s).selected($0).values } }
    }
    let window = try data.integer("win")
    let found = try FrameRatio.frames(
      references: signals("in.reference"),
      estimates: signals("in.estimate"),
      window: window
    )
    // The fixture's signals are single precision, so that nothing is lost on the way in.
    for (source, expected) in try zip(found, data["out.sdr"].chunked(found[0].count)) {
      for (a, b) in zip(source, expected) { #expect(a.isNaN && b.isNaN || abs(a - b) <= 1e-6) }
    }
  }

  @Test("made songs are repeatable, and their stems have the same length")
  func songs() {
    let maker = SongMaker()
    let song = maker.song(seed: 3)
    #expect(song.count == 4 && Set(song.map(\.count)).count == 1)
    #expect(song == maker.song(seed: 3) && song != maker.song(seed: 4))
    for stem in song {
      let level = Audio(stem, sampleRate: 8000).rootMeanSquare
      #expect(level > 0.055 && level < 0.115)
    }
  }

  @Test("a batch is the sum of its stems, and each stem comes from a song")
  func mixer() throws {
    let songs = (0..<3).map { SongMaker().song(seed: $0).map { [$0] } }
    var random = RandomStream(seed: 1)
    let mixer = try MusicMixer(songs: songs)
    let batch = try mixer.batch(4, samples: 4000, &random)
    #expect(batch.mixture.shape == [4, 1, 4000] && batch.sources.shape == [4, 4, 1, 4000])
    #expect(batch.sources.sum(1).isClose(to: batch.mixture))
    let whole = Audio(mixer.mixture(0)[0], sampleRate: 8000)
    #expect(abs(whole.rootMeanSquare - 1) < 0.01)
  }

  @Test("the mean over shifts keeps length, order and what does not depend on the place")
  func shifts() throws {
    var random = RandomStream(seed: 2)
    let sound = Audio(random.normal([900]).values, sampleRate: 8000)
    let plan = OverlapAdd(segment: 300)
    let found = try ShiftTrick(count: 3, longest: 50).separate(sound, with: Toy(), plan: plan, &random)
    #expect(found.count == 4 && found[0].frameCount == 900)
    #expect(zip(found[0].channels[0], sound.channels[0]).allSatisfy { abs($0 - $1) < 1e-5 })
  }
}

extension Array {
  fileprivate func chunked(_ count: Int) -> [[Element]] {
    Swift.stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
  }
}
