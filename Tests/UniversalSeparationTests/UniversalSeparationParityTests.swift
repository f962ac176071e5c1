import Layers
import Signals
import Tensors
import TestSupport
import Testing
import UniversalSeparation

private let paper = "universal-separation"

/// The fixtures' README: values of blocks, absolute.
private let blockTolerance = 1e-5
/// The fixtures' README: gradients, relative to the largest.
private let gradientTolerance = 1e-4
/// The fixtures' README: sounds made from features.
private let headTolerance = 2e-5
/// The fixtures' README: scores, mixtures and the loss on waveforms.
private let miningTolerance = 1e-6
/// The fixtures' README: the loss with spectra.
private let spectralTolerance = 1e-4
/// The fixtures' weight of a batch in the running moments.
private let momentum: Float = 0.01

private func differ(_ got: Tensor<Float>, _ expected: [Double], within tolerance: Double) -> String? {
  mismatch(got.values.map(Double.init), expected, absolute: tolerance)
}

@Suite("Parity of universal separation")
struct UniversalSeparationParityTests {
  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let forms = ["conv", "encoder", "decoder", "heads", "mining", "s12_examples"]
    let names = Parity.committedNames(paper)
    #expect(names.count == 7)
    for name in names { #expect(forms.contains { name.hasPrefix($0) }, "\(name)") }
  }

  /// Checks the gradients of a loss for the input, the shifts and all weights, and the moments after the call.
  ///
  /// - Parameters:
  ///   - model: with the fixture's sizes.
  ///   - fixture: the arrays.
  ///   - inputs: names of what is differentiated beside the weights.
  ///   - ignoring: weights that feed nothing, which have no gradient in the fixture.
  ///   - loss: the scalar that the fixture differentiates, from the model and the inputs.
  private func expectGradients<Model: Module>(
    _ model: Model,
    _ fixture: ParityData,
    inputs: [String],
    ignoring: String? = nil,
    loss: (inout Model, [Tensor<Float>]) throws -> Tensor<Float>
  ) throws {
    var model = model
    try model.load(fixture.file, prefix: "w.")
    try withGradient(of: Float.self) { tape in
      let given = try inputs.map { tape.watch(try fixture.file.floats($0)) }
      var (names, watched) = (inputs, given)
      model.updateParameters { name, tensor in
        names.append("w." + name)
        watched.append(tape.watch(tensor))
        return watched[watched.count - 1]
      }
      let gradients = tape.gradients(of: try loss(&model, given), at: watched)
      for (name, gradient) in zip(names, gradients) where ignoring.map({ !name.hasPrefix("w." + $0) }) ?? true {
        let problem = mismatch(
          gradient.values.map(Double.init),
          try fixture["grad." + name],
          ofLargest: gradientTolerance
        )
        #expect(problem == nil, "grad.\(name): \(problem ?? "")")
      }
    }
    for entry in model.namedTensors where !entry.isLearned {
      guard let expected = try fixture.optional("after." + entry.name) else { continue }
      #expect(differ(entry.tensor, expected, within: blockTolerance) == nil, "\(entry.name)")
    }
  }

  private func shift(_ tensor: Tensor<Float>) -> Tensor<Float> { tensor.flattened(from: 1) }

  @Test("a residual block, its gradients and its moments", arguments: Parity.cases(paper, prefix: "conv"))
  func residual(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let kernel = try #require(data.file["w.conv1.weight"]?.shape)
    var random = RandomStream(seed: 1)
    let block = ConditionalResidualBlock(kernel[1], kernel[0], momentum: momentum, random: &random)
    let mode: Mode = fixture.name.hasSuffix("eval") ? .evaluation : .training
    let (slope, expected) = (try data.file.floats("gy"), try data["y"])
    try expectGradients(block, data, inputs: ["x", "in.beta1", "in.beta2"]) { block, given in
      let y = block(given[0], shifts: [shift(given[1]), shift(given[2])], mode: mode)
      #expect(differ(y, expected, within: blockTolerance) == nil)
      return (y * slope).sum()
    }
  }

  @Test("an encoder block, its gradients and its moments", arguments: Parity.cases(paper, prefix: "encoder"))
  func encoder(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let kernel = try #require(data.file["w.conv_block1.conv1.weight"]?.shape)
    var random = RandomStream(seed: 1)
    let block = ConditionalEncoderBlock(kernel[1], kernel[0], patch: [2, 2], momentum: momentum, random: &random)
    let (slope, expected) = (try data.file.floats("gy"), try data["y"])
    let pooled = try data["pool"]
    try expectGradients(block, data, inputs: ["x", "in.beta1", "in.beta2"]) { block, given in
      let (y, pool) = block(given[0], shifts: [shift(given[1]), shift(given[2])], mode: .training)
      #expect(differ(y, expected, within: blockTolerance) == nil)
      #expect(differ(pool, pooled, within: blockTolerance) == nil)
      return (y * slope).sum() + pool.squared().sum()
    }
  }

  @Test("a decoder block, its gradients and its moments", arguments: Parity.cases(paper, prefix: "decoder"))
  func decoder(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let kernel = try #require(data.file["w.conv1.weight"]?.shape)
    var random = RandomStream(seed: 1)
    let block = ConditionalDecoderBlock(
      kernel[0],
      kernel[1],
      patch: Array(kernel.suffix(2)),
      hasIdleNorm: true,
      momentum: momentum,
      random: &random
    )
    let (slope, expected) = (try data.file.floats("gy"), try data["y"])
    let inputs = ["x", "in.skip", "in.up_beta1", "in.beta1", "in.beta2"]
    try expectGradients(block, data, inputs: inputs, ignoring: "bn2") { block, given in
      let shifts = [2, 2, 3, 4].map { shift(given[$0]) }
      let y = block(given[0], skip: given[1], shifts: shifts[...], mode: .training)
      #expect(differ(y, expected, within: blockTolerance) == nil)
      return (y * slope).sum()
    }
  }

  @Test(
    "features become sound; a full mask without a turn gives the mixture",
    arguments: Parity.cases(paper, prefix: "heads")
  )
  func heads(_ fixture: ParityCase) throws {
    let data = try fixture.load()
    let stft = STFT<Float>(frameLength: 2048, hop: 320)
    let mixture = try data.file.floats("x").selected(0, axis: 1)
    let length = mixture.shape[1]
    let spectra = try PolarSpectra(mixture, stft)
    let features = try data.file.floats("features")
    let made = try spectra.sounds(features, stft, length: length)
    #expect(try differ(made, data["y"], within: headTolerance) == nil)
    let wide = [1, features.shape[2], features.shape[3]]
    let open = Tensor<Float>.stacked([30, 1, 0].map { Tensor(repeating: $0, shape: wide) }, axis: 1)
    let same = try spectra.sounds(open, stft, length: length)
    #expect(try differ(same, data["identity"], within: headTolerance) == nil)
    #expect(differ(same, mixture.values.map(Double.init), within: headTolerance) == nil)
  }

  @Test("anchors are mined and mixed, and losses counted", arguments: Parity.cases(paper, prefix: "mining"))
  func mining(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let mining = try AnchorMining(frames: 50, hop: 320)
    let probabilities = try file.floats("prob")
    let expected = try file.floats("score")
    let (begins, ends) = (try file.integers("begin").values, try file.integers("end").values)
    for row in begins.indices {
      let values = probabilities.selected(row).values
      let scores = mining.scores(values).map(Double.init)
      let wanted = expected.selected(row).values.map(Double.init)
      #expect(mismatch(scores, wanted, absolute: miningTolerance) == nil, "row \(row)")
      #expect(try mining.segment(values) == begins[row]..<ends[row])
    }
    let sounds = try file.floats("wave")
    for sources in [2, 3] {
      for matches in [false, true] {
        let mixtures = try AnchorMixing(sources: sources, matchesEnergy: matches).mixtures(of: sounds)
        let name = "mix\(sources)_match\(matches ? 1 : 0)"
        #expect(try differ(mixtures, file.doubles(name), within: miningTolerance) == nil, "\(name)")
      }
    }
    let (a, b) = (try file.floats("a").selected(0, axis: 1), try file.floats("b").selected(0, axis: 1))
    let plain = try SeparationLoss.waveform(a, b)
    #expect(try differ(plain, file.doubles("l1_wav"), within: miningTolerance) == nil)
    let stft = STFT<Float>(frameLength: 2048, hop: 320)
    let spectral = try SeparationLoss.waveformAndMagnitude(stft)(a, b)
    #expect(try differ(spectral, file.doubles("l1_wav_l1_sp"), within: spectralTolerance) == nil)
  }
}
