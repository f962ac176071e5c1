import Acoustics
import Layers
import Tensors
import Testing
import UniversalSeparation

@Suite("Refusals of universal separation")
struct UniversalSeparationErrorTests {
  private func text(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was refused"
    } catch { return "\(error)" }
  }

  private func clip(_ samples: [Float], rate: Double = 8000, labels: [Int] = [0]) -> WeakClip {
    WeakClip(samples: samples, sampleRate: rate, labels: labels)
  }

  /// What is said of one clip by whoever wants to learn from it.
  private func refusal(_ clip: WeakClip) -> String {
    text { try WeakClip.check([clip], rate: 8000, anchor: 8000, classes: 12) }
  }

  @Test("clips need labels, known classes, length, rate and finite samples")
  func clips() {
    let second = [Float](repeating: 0.1, count: 8000)
    #expect(refusal(clip(second)) == "nothing was refused")
    #expect(
      refusal(clip(second, labels: [])) == "clip 0 has no label; name at least one class or leave the clip out"
    )
    #expect(refusal(clip(second, labels: [12])) == "there is no class 12; classes are numbered from 0 to 11")
    #expect(
      refusal(clip(Array(second.prefix(7999))))
        == "clip 0 has 7999 samples, an anchor segment needs 8000; take a longer clip or a shorter anchor"
    )
    #expect(
      refusal(clip(second, rate: 44100))
        == "the sound has 44100.0 Hz, the model was made for 8000.0 Hz; resample it"
    )
    #expect(refusal(clip(second + [.nan])) == "sample 8000 of clip 0 is not finite; mend the recording")
  }

  @Test("whoever learns from clips refuses those that cannot be used")
  func learners() throws {
    var random = RandomStream(seed: 1)
    let tagger = try SoundTagger(classCount: 2, random: &random)
    let bad = clip([Float](repeating: 0.1, count: 400), labels: [5])
    let expected = "there is no class 5; classes are numbered from 0 to 1"
    #expect(text { _ = try tagger.trained(on: [bad], steps: 1, random: random) } == expected)
    #expect(text { _ = try AnchorLibrary([bad], tagger: tagger, choice: .mined, random: &random) } == expected)
    let missing = text { _ = try BalancedSampler(labels: [[0], [0, 2]], classes: 3) }
    #expect(missing == "no clip is labelled with class 1; add clips or leave the class out")
    let empty = text { _ = try BalancedSampler(labels: [[0], []], classes: 1) }
    #expect(empty == "clip 1 has no label; name at least one class or leave the clip out")
    let none = text { _ = try SoundTagger(classCount: 0, random: &random) }
    #expect(none == "number of classes must be at least 1, got 0")
  }

  @Test("anchors fit into clips, and mixtures have sounds")
  func anchors() throws {
    let mining = try AnchorMining(frames: 100, hop: 80)
    let short = text { _ = try mining.segment([Float](repeating: 0.5, count: 99)) }
    #expect(
      short == "the clip has 7920 samples, an anchor segment needs 8000; take a longer clip or a shorter anchor"
    )
    let frames = text { _ = try AnchorMining(frames: 0, hop: 80) }
    #expect(frames == "frames of a segment and samples between frames must be positive, got 0")
    let sources = text { _ = try AnchorMixing(sources: 0) }
    #expect(sources == "sounds in a mixture must be at least 1, got 0")
  }

  @Test("conditions and mixtures must fit the network")
  func networks() throws {
    var random = RandomStream(seed: 1)
    var network = try ConditionalUNet(.compact, random: &random)
    let mixture = Tensor<Float>.zeros([1, 8000])
    let size = text { _ = try network(mixture, conditions: .zeros([1, 527]), mode: .evaluation) }
    #expect(size == "conditions must have shape [1, 12], got shape [1, 527]")
    let missing = text { _ = try network(mixture, conditions: nil, mode: .evaluation) }
    #expect(missing == "conditions must have shape [1, 12], got none")
    let channels = text { _ = try network(.zeros([1, 2, 8000]), conditions: .zeros([1, 12]), mode: .evaluation) }
    #expect(channels == "mixtures must have shape [batch, samples], got [1, 2, 8000]")
    var plain = ConditionalUNetConfiguration.compact
    plain.conditionSize = nil
    var unconditional = try ConditionalUNet(plain, random: &random)
    let extra = text { _ = try unconditional(mixture, conditions: .zeros([1, 12]), mode: .evaluation) }
    #expect(extra == "conditions must be left out, for the network takes none, got shape [1, 12]")
    plain.frameLength = 250
    let frame = text { _ = try ConditionalUNet(plain, random: &random) }
    #expect(frame == "samples of a frame must be a multiple of 32, which the levels halve, got 250")
  }

  @Test("queries must be heard, and classes and levels be there")
  func inference() throws {
    var random = RandomStream(seed: 1)
    let network = try ConditionalUNet(.compact, random: &random)
    let tagger = try SoundTagger(classCount: 12, random: &random)
    let separator = try UniversalSeparator(network: network, tagger: tagger, seconds: 1)
    let sound = Audio([Float](repeating: 0.01, count: 8000), sampleRate: 8000)
    let silent = text { _ = try separator.condition(of: [sound]) }
    #expect(silent == "the query is silent: no tenth of a second rises above 0.02; give a louder recording")
    let none = text { _ = try separator.condition(of: []) }
    #expect(none == "number of examples must be at least 1, got 0")
    let fast = text { _ = try separator.separate(Audio([0], sampleRate: 16000), classes: [0]) }
    #expect(fast == "the sound has 16000.0 Hz, the model was made for 8000.0 Hz; resample it")
    let broken = text { _ = try separator.separate(Audio([0, .infinity], sampleRate: 8000), classes: [0]) }
    #expect(broken == "sample 1 of the mixture is not finite; mend the recording")
    let unknown = text { _ = try separator.separate(sound, classes: [-1]) }
    #expect(unknown == "there is no class -1; classes are numbered from 0 to 11")
    let empty = text { _ = try separator.separate(sound, classes: []) }
    #expect(empty == "number of classes must be at least 1, got 0")
    let condition = text { _ = try separator.separate(sound, condition: .zeros([3])) }
    #expect(condition == "conditions must have shape [12], got shape [3]")
    let level = text { _ = try separator.separate(sound, ontology: .scenes, level: 3) }
    #expect(level == "the ontology has no level 3; its levels are 1 to 2")
    let segment = text { _ = try UniversalSeparator(network: network, tagger: tagger, seconds: 0.01) }
    #expect(segment == "samples of a segment must be more than the 256 of a frame, got 80")
    let other = try SoundTagger(classCount: 3, random: &random)
    let sizes = text { _ = try UniversalSeparator(network: network, tagger: other) }
    #expect(sizes == "conditions must have shape [3], got shape [12]")
  }
}
