import Layers
import Separation
import Tensors
import Testing

@Suite("Conv-TasNet")
struct ConvTasNetTests {
  @Test(
    "published sizes have exactly the published numbers of parameters",
    arguments: [
      ("base", ConvTasNetConfiguration.base, 4_984_881), ("first version", .firstVersion, 8_710_720),
      ("music", .music, 10_977_872), ("scaled", .scaled, 170_389), ("tiny", .tiny, 60_689),
    ]
  )
  func counts(_ name: String, _ configuration: ConvTasNetConfiguration, _ expected: Int) throws {
    var random = RandomStream(seed: 1)
    #expect(try ConvTasNet(configuration, random: &random).parameterCount == expected, "\(name)")
    if name == "base" {
      var three = configuration
      three.sources = 3
      #expect(try ConvTasNet(three, random: &random).parameterCount == 5_050_929)
      #expect(configuration.receptiveField == 1531)
    }
  }

  static func causal(_ norm: ConvTasNetConfiguration.Norm, _ form: ConvTasNetConfiguration.Form)
    -> ConvTasNetConfiguration
  {
    var own = ConvTasNetConfiguration.tiny
    (own.norm, own.isCausal, own.form, own.mask) = (norm, true, form, .sigmoid)
    return own
  }

  @Test(
    "sound that comes in piece by piece gives what the whole sound gives",
    arguments: [
      causal(.cumulative, .skip), causal(.channel, .skip), causal(.cumulative, .residual), causal(.channel, .residual),
    ],
    [1000, 1003]
  )
  func streaming(_ configuration: ConvTasNetConfiguration, _ count: Int) throws {
    var random = RandomStream(seed: 3)
    let model = try ConvTasNet(configuration, random: &random)
    let sound = random.normal([1, 1, count])
    let whole = model(sound)
    var stream = try ConvTasNetStream(model)
    var found = [[Float]](repeating: [], count: 2)
    var (start, received) = (0, 0)
    while start < count {
      let end = min(count, start + random.integer(in: 1..<90))
      let piece = try stream.push([Array(sound.values[start..<end])])
      (start, received) = (end, end)
      for source in 0..<2 { found[source] += piece[source][0] }
      #expect(received - found[0].count <= stream.latency)
    }
    let last = stream.finish()
    for source in 0..<2 {
      found[source] += last[source][0]
      let expected = whole.selected(0).selected(source).values
      #expect(found[source].count == count)
      let scale = expected.reduce(0) { max($0, abs($1)) }
      let difference = zip(found[source], expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(difference <= 1e-5 * scale)
    }
  }

  @Test("a causal model moves no output before the windows that hold a changed sample")
  func latency() throws {
    var random = RandomStream(seed: 5)
    let model = try ConvTasNet(Self.causal(.cumulative, .skip), random: &random)
    let sound = random.normal([1, 1, 400])
    var changed = sound
    changed[0, 0, 200] += 1
    let difference = zip(model(sound).values.prefix(400), model(changed).values.prefix(400)).map { $0 != $1 }
    #expect(difference.firstIndex(of: true) == 192)
  }

  @Test("the loss of estimates does not depend on scale and order")
  func invariance() {
    var random = RandomStream(seed: 7)
    let sources = random.normal([1, 2, 500])
    let estimates = sources + random.normal([1, 2, 500]) * 0.3
    let plain = PermutationInvariantLoss(estimates, sources)
    let swapped = PermutationInvariantLoss(estimates.reversed(axis: 1) * 7.5, sources)
    #expect(abs(plain.best[0] - swapped.best[0]) < 1e-4)
    #expect(plain.pairing == [[0, 1]] && swapped.pairing == [[1, 0]])
  }

  @Test("a silent source gives a finite loss and gradient")
  func silence() {
    var random = RandomStream(seed: 8)
    let sources = Tensor<Float>.concatenated([random.normal([1, 1, 100]), .zeros([1, 1, 100])], axis: 1)
    let estimates = random.normal([1, 2, 100])
    let (value, slope) = valueWithGradient(at: estimates) { PermutationInvariantLoss($0, sources).value }
    #expect(value.value.isFinite)
    #expect(slope.values.allSatisfy { $0.isFinite })
  }
}
