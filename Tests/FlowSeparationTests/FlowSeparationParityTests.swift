import Diffusion
import FlowSeparation
import Layers
import Signals
import Tensors
import TestSupport
import Testing

private let paper = "flowsep"

/// The fixtures' README: networks and mel spectra in single precision.
private let networkTolerance = 1e-4
/// Samplers of ten steps in single precision.
private let samplerTolerance = 1e-5
/// Eight rounds of transforms in single precision.
private let griffinLimTolerance = 1e-3
/// Schedules in double precision.
private let scheduleTolerance = 1e-7

private func differ(_ got: Tensor<Float>, _ expected: [Double], within tolerance: Double) -> String? {
  mismatch(got.values.map(Double.init), expected, absolute: tolerance)
}

@Suite("Parity of FlowSep")
struct FlowSeparationParityTests {
  @Test("every committed fixture has a form that a test reads")
  func everyFixture() {
    let forms = ["unet", "vae", "flow_and_ddim", "mel_griffin_lim", "minilm_text"]
    let names = Parity.committedNames(paper)
    #expect(names.count == 5)
    for name in names { #expect(forms.contains { name.hasPrefix($0) }, "\(name)") }
  }

  @Test("the velocity U-Net and its gradient equal the official code's", arguments: Parity.cases(paper, prefix: "unet"))
  func velocityUNet(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    var sizes = VelocityUNetConfiguration()
    (sizes.inputChannels, sizes.outputChannels, sizes.width, sizes.multipliers) = (4, 4, 32, [1, 1])
    (sizes.blocks, sizes.attentionAt, sizes.headWidth, sizes.contextWidth) = (1, [2], 8, 12)
    sizes.timeScale = 1
    var random = RandomStream(seed: 1)
    var network = try VelocityUNet(sizes, random: &random)
    try network.load(file, prefix: "w.")
    let context = try TextContext(tokens: file.floats("context"), mask: file.floats("context_mask"))
    let times = try file.floats("t").values
    let input = try file.floats("x")
    let (y, gradient) = try withGradient(of: Float.self) { tape in
      let x = tape.watch(input)
      let y = try network(x, times: times, context: context)
      return (y.withoutGradient(), tape.gradients(of: y.squared().sum(), at: [x])[0])
    }
    #expect(differ(y, try file.doubles("y"), within: networkTolerance) == nil)
    let expected = try file.doubles("grad.x")
    let largest = expected.reduce(0) { max($0, abs($1)) }
    #expect(differ(gradient, expected, within: networkTolerance * max(1, largest)) == nil)
  }

  @Test(
    "encoder, sample, divergence and decoder equal the official code's",
    arguments: Parity.cases(paper, prefix: "vae")
  )
  func autoencoder(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    var sizes = MelAutoencoderConfiguration()
    (sizes.width, sizes.multipliers, sizes.blocks, sizes.latentChannels) = (32, [1, 1], 1, 2)
    var random = RandomStream(seed: 1)
    var encoder = try MelEncoder(sizes, random: &random)
    var decoder = try MelDecoder(sizes, random: &random)
    try encoder.load(file, prefix: "enc.")
    try decoder.load(file, prefix: "dec.")
    let moments = try encoder(file.floats("x"))
    #expect(differ(moments, try file.doubles("moments"), within: networkTolerance) == nil)
    let latent = LatentDistribution(moments: moments)
    let z = latent.sample(try file.floats("noise"))
    #expect(differ(z, try file.doubles("z"), within: networkTolerance) == nil)
    let kl = try file.doubles("kl")
    let found = latent.divergence.sum([1, 2, 3]).values.map(Double.init)
    #expect(mismatch(found, kl, relative: networkTolerance, absolute: networkTolerance) == nil)
    #expect(differ(decoder(z), try file.doubles("y"), within: networkTolerance) == nil)
  }

  @Test("paths, Euler's method and DDIM agree", arguments: Parity.cases(paper, prefix: "flow_and_ddim"))
  func samplers(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let (noise, data) = (try file.floats("noise"), try file.floats("z"))
    let times = try file.floats("t").values
    let flow = RectifiedFlow()
    #expect(
      differ(try flow.point(from: noise, to: data, at: times), try file.doubles("x_t"), within: samplerTolerance) == nil
    )
    #expect(differ(flow.velocity(from: noise, to: data), try file.doubles("target"), within: samplerTolerance) == nil)
    let (a, b) = (try file.floats("A"), try file.floats("b"))
    let field = { (x: Tensor<Float>) in x.flattened(from: 1).matmul(a, transposesRight: true) }
    let steps = try file.integers("steps").values[0]
    let end = try flow.sample(from: noise, steps: steps) { x, t in (field(x) + b * t).reshaped(x.shape) }
    #expect(differ(end, try file.doubles("euler"), within: samplerTolerance) == nil)

    let schedule = try NoiseSchedule.rootLinear(0.0015...0.0195)
    #expect(mismatch(schedule.betas, try file.doubles("beta"), absolute: scheduleTolerance) == nil)
    #expect(mismatch(schedule.signal, try file.doubles("alpha_bar"), absolute: scheduleTolerance) == nil)
    let short = try schedule.respaced(to: steps)
    #expect(short.timesteps == (try file.integers("ddim_index").values.sorted()))
    var random = RandomStream(seed: 1)
    let sample = try short.sample(from: noise, by: .ddim(), clippedTo: nil, random: &random) { x, _ in
      NoisePrediction(noise: field(x).reshaped(x.shape) * 0.25)
    }
    // Single precision against double: the errors are those of values of the size of the largest.
    let expected = try file.doubles("ddim")
    let largest = expected.reduce(0) { max($0, abs($1)) }
    #expect(differ(sample, expected, within: samplerTolerance * max(1, largest)) == nil)

    let plain = TimeFeatures.make(times, size: 32)
    #expect(differ(plain, try file.doubles("temb32"), within: samplerTolerance) == nil)
    let scaled = TimeFeatures.make(times.map { 1000 * $0 }, size: 32)
    #expect(differ(scaled, try file.doubles("temb32_x1000"), within: networkTolerance) == nil)
  }

  @Test("mel spectra and Griffin-Lim agree", arguments: Parity.cases(paper, prefix: "mel_griffin_lim"))
  func sounds(_ fixture: ParityCase) throws {
    let file = try fixture.load().file
    let frame = try file.integers("n_fft").values[0]
    let hop = try file.integers("hop").values[0]
    let bank = try MelFilterBank<Float>(
      bands: 32,
      frameLength: frame,
      sampleRate: Double(try file.integers("sr").values[0])
    )
    #expect(
      mismatch(bank.weights.map(Double.init), try file.doubles("mel_filterbank"), absolute: samplerTolerance) == nil
    )
    let mel = PaddedMel(bank: bank, frameLength: frame, hop: hop)
    let samples = try file.floats("x").values
    #expect(differ(try mel.logMel(samples).transposed(), try file.doubles("log_mel"), within: networkTolerance) == nil)
    let magnitude = try file.floats("magnitude").transposed().values
    let stft = STFT<Float>(frameLength: frame, hop: hop)
    let steps = try file.integers("iterations").values[0]
    for (name, momentum) in [("griffin_lim", Float(0)), ("fast_griffin_lim", 0.99)] {
      let signal = try GriffinLim(stft, steps: steps, momentum: momentum).signal(
        magnitude: magnitude,
        length: samples.count
      )
      #expect(
        mismatch(signal.map(Double.init), try file.doubles(name), absolute: griffinLimTolerance) == nil,
        "\(name)"
      )
    }
  }
}
