import Acoustics
import Foundation
import Testing
import TestSupport

@Suite("Sound in memory and in files")
struct AudioTests {
  /// A folder that goes away with the test.
  final class Scratch {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("audio-\(UUID().uuidString)").path
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func callAsFunction(_ name: String) -> String { path + "/" + name }
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
      try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
      return self(name)
    }
  }

  static func tone(_ count: Int = 8000, channels: Int = 2, rate: Double = 8000) -> Audio {
    Audio(
      channels: (0..<channels).map { channel in
        (0..<count).map { 0.5 * Float(sin(2 * .pi * 440 * Double(channel + 1) * Double($0) / rate)) }
      },
      sampleRate: rate
    )
  }

  static func distance(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }

  /// Half a step of the integers, and for WAV as much again, since full scale is written as 32767 and read as 32768 steps;
  /// floating point is exact, Vorbis keeps the tone to a few percent.
  static let formats: [(format: Audio.Format, name: String, tolerance: Float)] = [
    (.wav16, "a.wav", 3.1e-5), (.wav24, "b.wav", 1.2e-7), (.wavFloat, "c.wav", 0), (.flac, "d.flac", 1.6e-5),
    (.ogg, "e.ogg", 0.05),
  ]

  @Test("files give back what was written", arguments: formats)
  func files(format: Audio.Format, name: String, tolerance: Float) throws {
    let folder = try Scratch()
    let sound = Self.tone()
    try sound.write(to: folder(name), format: format)
    let back = try Audio(contentsOf: folder(name))
    #expect(back.sampleRate == 8000)
    #expect(back.frameCount == sound.frameCount)
    for channel in 0..<2 { #expect(Self.distance(back.channels[channel], sound.channels[channel]) <= tolerance) }
    let part = try Audio(contentsOf: folder(name), frames: 100..<250)
    if format != .ogg { #expect(part.channels[1] == Array(back.channels[1][100..<250])) }
    #expect(part.frameCount == 150)
  }

  @Test("the file in memory is read as the sound it was made of")
  func memory() throws {
    let folder = try Scratch()
    let sound = Self.tone(1000)
    let back = try Audio(contentsOf: folder.write(sound.wav16(), "m.wav"))
    #expect(Self.distance(back.channels[1], sound.channels[1]) <= 3.2e-5)
  }

  @Test("a header that lies about the length is not believed")
  func lyingHeader() throws {
    let folder = try Scratch()
    var bytes = Self.tone(1000, channels: 1).wav16()
    bytes.replaceSubrange(40..<44, with: [0xff, 0xff, 0xff, 0x7f])
    #expect(try Audio(contentsOf: folder.write(bytes, "long.wav")).frameCount == 1000)
    bytes.replaceSubrange(40..<44, with: [0xff, 0xff, 0xff, 0xff])
    #expect(try Audio(contentsOf: folder.write(bytes, "pipe.wav")).frameCount == 1000)
  }

  @Test("what is missing, cut or no sound says so")
  func refused() throws {
    let folder = try Scratch()
    var error = #expect(throws: AudioError.self) { try Audio(contentsOf: folder("none.wav")) }
    guard case .unreadable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let text = try folder.write(Array("once upon a time, and a very good time it was".utf8), "text.wav")
    error = #expect(throws: AudioError.self) { try Audio(contentsOf: text) }
    guard case .notAudio = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try Self.tone().write(to: folder("whole.flac"), format: .flac)
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder("whole.flac"))))
    let cut = try folder.write(Array(whole.prefix(whole.count / 2)), "cut.flac")
    error = #expect(throws: AudioError.self) { try Audio(contentsOf: cut) }
    guard case .truncated(_, 8000, let got) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(got < 8000)
    error = #expect(throws: AudioError.self) { try Self.tone().write(to: folder("no/such/folder.wav")) }
    guard case .unwritable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: AudioError.notFinite(function: "Audio.write", channel: 0, sample: 1)) {
      try Audio([0, .nan], sampleRate: 8000).write(to: folder("nan.wav"))
    }
  }

  @Test("random bytes never stop the program: 200 draws")
  func hostile() throws {
    let folder = try Scratch()
    let whole = Self.tone(200, channels: 1).wav16()
    for seed in 0..<200 as Range<UInt64> {
      var random = SplitMix(seed: seed)
      var bytes = whole
      for _ in 0..<6 { bytes[Int.random(in: 0..<60, using: &random)] = UInt8.random(in: 0...255, using: &random) }
      let path = try folder.write(bytes, "h.wav")
      // Either some frames, or one of the typed errors: their text names the file.
      do throws(AudioError) {
        #expect(try Audio(contentsOf: path).frameCount <= bytes.count)
      } catch { #expect(error.description.contains("h.wav"), "seed \(seed)") }
    }
  }

  @Test(
    "a tone keeps its shape at another rate",
    arguments: [(8000.0, 16000.0), (44100.0, 8000.0), (16000.0, 16000.0)]
  )
  func resampling(from: Double, to: Double) throws {
    let sound = Self.tone(Int(from), channels: 1, rate: from)
    for quality in [ResamplingQuality.high, .finest] {
      let made = try sound.resampled(to: to, quality: quality)
      #expect(abs(made.frameCount - Int(to)) <= 1)
      let expected = Self.tone(Int(to), channels: 1, rate: to).channels[0]
      // The ends see the silence before and after.
      let inner = Int(0.1 * to)..<Int(0.9 * to)
      #expect(Self.distance(Array(made.channels[0][inner]), Array(expected[inner])) <= 2e-5)
    }
    #expect(throws: AudioError.self) { try sound.resampled(to: -1) }
  }

  @Test("loudness equals pyloudnorm, and sound can be brought to it")
  func loudness() throws {
    let data = try #require(Parity.cases("signals", prefix: "loudness").first).load()
    let rate = try data["rate"][0]
    func level(_ t: Double) -> Double { t < 1.5 ? 1e-4 : t < 4 ? 0.1 : 0.25 }
    let times = (0..<Int(6 * rate)).map { Double($0) / rate }
    let sound = Audio(
      channels: [
        times.map { Float(level($0) * sin(2 * .pi * 997 * $0)) },
        times.map { Float(0.5 * level($0) * sin(2 * .pi * 90 * $0)) },
      ],
      sampleRate: rate
    )
    // Samples are rounded to single precision.
    #expect(abs(try sound.loudness() - data["lufs"][0]) <= 1e-5)
    #expect(abs(try sound.normalized(loudness: -23).loudness() + 23) <= 1e-5)
    #expect(throws: AudioError.self) { try Self.tone(100).loudness() }
  }

  @Test("clips, peaks and mixtures")
  func values() {
    let sound = Audio(channels: [[0, 1, -2, 1], [0, 0, 1, 1]], sampleRate: 4)
    #expect(sound.duration == 1)
    #expect(sound.peak == 2)
    #expect(sound.mono == [0, 0.5, -0.5, 1])
    #expect(sound.clip(from: 0.25, duration: 0.5).channels == [[1, -2], [0, 1]])
    #expect(sound.clip(from: 0.75, duration: 9).frameCount == 1)
    #expect(sound.normalized(peak: 1).peak == 1)
    #expect(sound.titled("a").described("b").scaled(by: 2).details == "b")
  }
}
