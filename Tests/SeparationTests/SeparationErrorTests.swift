import Layers
import Acoustics
import Separation
import Tensors
import Testing

/// A call that must fail, and what it must say.
struct RefusedInput: Sendable, CustomTestStringConvertible {
  let message: String
  let call: @Sendable () throws -> Void
  var testDescription: String { message }

  init(_ message: String, _ call: @escaping @Sendable () throws -> Void) {
    self.message = message
    self.call = call
  }
}

@Suite("Errors of separators")
struct SeparationErrorTests {
  private static func tasnet(_ change: (inout ConvTasNetConfiguration) -> Void) throws {
    var configuration = ConvTasNetConfiguration.tiny
    change(&configuration)
    var random = RandomStream(seed: 1)
    _ = try ConvTasNet(configuration, random: &random)
  }
  private static func tiny() throws -> ConvTasNet {
    var random = RandomStream(seed: 1)
    return try ConvTasNet(.tiny, random: &random)
  }

  private static func mossFormer(_ change: (inout MossFormer2Configuration) -> Void) throws {
    var configuration = MossFormer2Configuration.scaled
    change(&configuration)
    var random = RandomStream(seed: 1)
    _ = try MossFormer2(configuration, random: &random)
  }

  private static func demucs(_ change: (inout DemucsConfiguration) -> Void) throws {
    var configuration = DemucsConfiguration.scaled
    change(&configuration)
    var random = RandomStream(seed: 1)
    _ = try Demucs(configuration, random: &random)
  }
  private static func mixer() throws -> MusicMixer {
    try MusicMixer(songs: [[[[1, 2, 3, 4]], [[2, 1, 0, 1]]]])
  }

  static let inputs: [RefusedInput] = [
    RefusedInput("Demucs: depth must be 1 or more, got 0") { try demucs { $0.depth = 0 } },
    RefusedInput("Demucs: lstmLayers must be 0 or more, got -1") { try demucs { $0.lstmLayers = -1 } },
    RefusedInput("the mixture has 2 channels, the model takes 1; mix it down or repeat channels") {
      var random = RandomStream(seed: 1)
      _ = try Demucs(.scaled, random: &random).separate(Audio(channels: [[0, 1], [0, 1]], sampleRate: 8000))
    },
    RefusedInput("MusicMixer: items must be a multiple of 4, got 6") {
      var random = RandomStream(seed: 1)
      _ = try mixer().batch(6, samples: 2, &random)
    },
    RefusedInput("the mixture has 4 samples, the model needs 9; pad it with zeros") {
      var random = RandomStream(seed: 1)
      _ = try mixer().batch(4, samples: 9, &random)
    },
    RefusedInput("stems of song 1: expected 2, got 1") {
      _ = try MusicMixer(songs: [[[[1, 2]], [[2, 1]]], [[[1, 2]]]])
    },
    RefusedInput("samples of an estimate: expected 4, got 3") {
      _ = try FrameRatio.frames(references: [[[1, 2, 3, 4]]], estimates: [[[1, 2, 3]]], window: 2)
    },
    RefusedInput("frames with sound in all sources: expected 1, got 0") { _ = try FrameRatio.median([.nan, .nan]) },
    RefusedInput("MossFormer2: width (D) must be even, got 63") { try mossFormer { $0.width = 63 } },
    RefusedInput("MossFormer2: queryWidth (d) must be 2 or more, got 1") { try mossFormer { $0.queryWidth = 1 } },
    RefusedInput("MossFormer2: group (P) must be 1 or more, got 0") { try mossFormer { $0.group = 0 } },
    RefusedInput("weights: 'enc.conv1d.weight' must have shape [128, 1, 32], the file has [2]") {
      var random = RandomStream(seed: 1)
      var model = try MossFormer2(.scaled, random: &random)
      var file = SafetensorsFile()
      file.append("enc.conv1d.weight", Tensor<Float>([1, 2]))
      try model.load(file, isPartial: true)
    },
    RefusedInput("ConvTasNet: bottleneck (B) must be 1 or more, got 0") { try tasnet { $0.bottleneck = 0 } },
    RefusedInput("ConvTasNet: hidden (H) must be 1 or more, got -4") { try tasnet { $0.hidden = -4 } },
    RefusedInput("ConvTasNet: filterLength (L) must be 2 or more, got 1") { try tasnet { $0.filterLength = 1 } },
    RefusedInput("ConvTasNet: kernel (P) must be odd where it looks both ways, got 4") { try tasnet { $0.kernel = 4 } },
    RefusedInput("ConvTasNet: channels must be 1 in the form with skip paths, got 2") {
      try tasnet { $0.channels = 2 }
    },
    RefusedInput("this model cannot separate sound as it comes in: a global norm sees the future") {
      try tasnet { $0.isCausal = true }
    },
    RefusedInput("this model cannot separate sound as it comes in: its convolutions see the future") {
      _ = try ConvTasNetStream(tiny())
    },
    RefusedInput("the mixture has 16000.0 Hz, the model was made for 8000.0 Hz; resample it") {
      _ = try tiny().separate(Audio([0, 1], sampleRate: 16000))
    },
    RefusedInput("the mixture has 2 channels, the model takes 1; mix it down or repeat channels") {
      _ = try tiny().separate(Audio(channels: [[0, 1], [0, 1]], sampleRate: 8000))
    },
    RefusedInput("the mixture has 0 samples, the model needs 1; pad it with zeros") {
      _ = try tiny().separate(Audio([], sampleRate: 8000))
    },
    RefusedInput("sample 1 of channel 0 is not finite; mend the mixture") {
      _ = try tiny().separate(Audio([0, .nan], sampleRate: 8000))
    },
    RefusedInput("estimates: expected 2, got 1") {
      _ = try SeparationScore(mixture: [1, 2], sources: [[1, 0], [0, 2]], estimates: [[1, 0]])
    },
    RefusedInput("SignalRatio.siSNR: estimate must have 3 values, got 2") {
      _ = try SeparationScore(mixture: [1, 2, 0], sources: [[1, 0, 0], [0, 2, 0]], estimates: [[1, 0], [0, 2]])
    },
    RefusedInput("estimate 1 is silent: the masks have died; train again with another seed or with sigmoid masks") {
      _ = try SeparationScore(mixture: [1, 2], sources: [[1, 0], [0, 2]], estimates: [[1, 0], [0, 0]])
    },
    RefusedInput("voice 1 has 0.0 s without silence, 1.0 s are needed; give longer recordings") {
      let loud = [Float](repeating: 0.5, count: 9000)
      _ = try SpeechMixer(voices: [[loud], [loud.map { $0 * 0.001 }]])
    },
    RefusedInput("voices: expected 2, got 1") { _ = try SpeechMixer(voices: [[[1]]]) },
    RefusedInput("paths of outputs: expected 2, got 1") { try tiny().separate(file: "in.wav", to: ["out.wav"]) },
    RefusedInput("cannot read \"missing.wav\": System error : No such file or directory.") {
      _ = try tiny().separate(file: "missing.wav")
    },
  ]

  @Test("what is refused says where, what and how to mend it", arguments: inputs)
  func refused(_ input: RefusedInput) {
    let error = #expect(throws: (any Error).self) { try input.call() }
    #expect(error.map { "\($0)" } == input.message)
  }
}
