import Foundation
import Offprint
import Testing

@Suite("Display of sound")
struct AudioDisplayTests {
  /// A rising tone that fades, in one or two channels.
  static func chirp(seconds: Double = 2, rate: Double = 16000, peak: Float = 0.5, channels: Int = 1) -> Audio {
    let samples = (0..<Int(seconds * rate)).map { index -> Float in
      let t = Double(index) / rate
      return peak * Float(sin(2 * .pi * (300 * t + 800 * t * t)) * exp(-t))
    }
    return Audio(channels: [[Float]](repeating: samples, count: channels), sampleRate: rate)
  }

  static func audio(_ sound: Audio) throws -> AudioOutput {
    var found: AudioOutput?
    if case .audio(let output) = try sound.output() { found = output }
    return try #require(found)
  }

  @Test("a clip is shown with the author's words, a WAV file and two figures")
  func authored() throws {
    let output = try Self.audio(Self.chirp(channels: 2).titled("Mixture").described("A tone rises."))
    #expect(output.title == "Mixture")
    #expect(output.description == "A tone rises.")
    #expect(output.sampleRate == 16000)
    #expect(output.channels == 2)
    #expect(output.duration == 2)
    #expect(output.wav.count == 44 + 2 * 2 * 32000)
    #expect(output.wav.prefix(4).elementsEqual("RIFF".utf8))
    #expect(output.views.count == 2)
    for view in output.views { #expect(view.altText.contains("Mixture") && view.png.count > 1000) }
  }

  @Test("the FLAC form holds the samples of the WAV form in fewer bytes", arguments: [1, 2])
  func lossless(channels: Int) throws {
    let output = try Self.audio(Self.chirp(seconds: 3, channels: channels))
    #expect(output.flac.count < output.wav.count * 3 / 4)
    let read = try [output.flac, output.wav].map { bytes in
      let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return try Audio(contentsOf: path)
    }
    #expect(read[0].channels == read[1].channels)
    #expect(read[0].channels.count == channels && read[0].sampleRate == 16000)
  }

  @Test("sound that FLAC knows no form of is shown as a WAV file")
  func noFLAC() throws {
    let sound = Audio(channels: [[Float]](repeating: [0, 0.5, 0], count: 9), sampleRate: 8000)
    #expect(try Self.audio(sound).flac.isEmpty)
  }

  @Test("without words the description is computed")
  func computed() throws {
    let text = try Self.audio(Self.chirp(seconds: 0.5)).description
    #expect(text.hasPrefix("0.50 s, mono, 16 kHz; mean level "))
    #expect(text.contains("spectral centroid "))
  }

  @Test("samples beyond full scale are scaled for listening, and it is said")
  func loud() throws {
    let output = try Self.audio(Self.chirp(peak: 4).described("Loud."))
    #expect(output.description.hasPrefix("Loud. Scaled by 0."))
    let levels = stride(from: 44, to: output.wav.count, by: 2).map {
      abs(Int(Int16(bitPattern: UInt16(output.wav[$0]) | UInt16(output.wav[$0 + 1]) << 8)))
    }
    #expect(levels.max() == 32767)
  }

  @Test("silence and a single sample are shown", arguments: [1, 700, 20000])
  func silence(count: Int) throws {
    let output = try Self.audio(Audio([Float](repeating: 0, count: count), sampleRate: 8000))
    #expect(output.description.hasSuffix("silence."))
    #expect(output.views.count == 2)
  }

  @Test("clips to be compared are brought to one loudness, which no peak exceeds", arguments: [-23.0, 0])
  func compared(wanted: Double) throws {
    let clips = [[0.5, 0.02], [0.1, 0.9]].map { $0.map { Self.chirp(peak: Float($0)) } }
    let comparison = AudioComparison(items: ["A", "B"], systems: ["in", "out"], clips: clips, loudness: wanted)
    guard case .group(let outputs) = try comparison.output() else {
      Issue.record("no group")
      return
    }
    let players = outputs.compactMap { if case .audio(let audio) = $0 { audio } else { nil } }
    #expect(players.map(\.title) == ["A / in", "A / out", "B / in", "B / out"])
    let common = try #require(players[0].loudness)
    #expect(common <= wanted && (wanted < -20) == (common == wanted))
    for player in players {
      #expect(player.loudness == common)
      let samples = stride(from: 44, to: player.wav.count, by: 2).map { byte in
        Float(Int16(bitPattern: UInt16(player.wav[byte]) | UInt16(player.wav[byte + 1]) << 8)) / 32767
      }
      #expect(abs(try Audio(samples, sampleRate: 16000).loudness() - common) < 0.1)
    }
  }

  @Test("a comparison with a missing clip names the row")
  func incomplete() {
    let comparison = AudioComparison(items: ["A"], systems: ["in", "out"], clips: [[Self.chirp()]])
    #expect(throws: AudioError.wrongCount(function: "AudioComparison", argument: "clips of 'A'", expected: 2, got: 1)) {
      try comparison.output()
    }
  }

  @Test("no samples and samples that are no numbers are refused")
  func refused() {
    #expect(throws: AudioError.self) { try Audio([], sampleRate: 8000).output() }
    #expect(throws: AudioError.notFinite(function: "Audio", channel: 0, sample: 1)) {
      try Audio([0, .nan], sampleRate: 8000).output()
    }
  }
}
