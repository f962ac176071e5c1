import Acoustics
import Foundation
import Testing

@Suite("Audio files read range by range")
struct AudioReaderTests {
  private func withSound(_ rate: Double, _ body: (String, Audio) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".wav").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let samples = (0..<Int(4.4 * rate)).map { Float(sin(Double($0) * 900 / rate) * sin(Double($0) * 11 / rate)) }
    let sound = Audio(channels: [samples, samples.map { $0 * $0 }], sampleRate: rate)
    try sound.write(to: path, format: .wavFloat)
    try body(path, sound)
  }

  @Test(
    "ranges join to the whole sound, at the file's rate or at another one",
    arguments: [8000.0, 11025, 44100],
    [8000.0, 16000]
  )
  func ranges(_ own: Double, _ wanted: Double) throws {
    try withSound(own) { path, sound in
      let reader = try AudioReader(path: path, sampleRate: wanted)
      let whole = try sound.resampled(to: wanted)
      #expect(abs(reader.frameCount - whole.frameCount) <= 1)
      var joined: [[Float]] = [[], []]
      var start = 0
      for length in [1, 7000, 12_345, 0, reader.frameCount - 19_346] {
        let part = try reader.read(start..<start + length)
        #expect(part.sampleRate == wanted && part.frameCount == length)
        for channel in 0..<2 { joined[channel] += part.channels[channel] }
        start += length
      }
      for channel in 0..<2 {
        let differences = zip(joined[channel], whole.channels[channel]).map { abs($0 - $1) }
        // Equal where nothing is resampled; a filter that starts a second earlier sees the same to 20 bits.
        #expect(differences.max() ?? 1 <= (own == wanted ? 0 : 1e-4))
      }
    }
  }

  @Test("without a wish the rate is the file's")
  func ownRate() throws {
    try withSound(11025) { path, sound in
      let reader = try AudioReader(path: path)
      #expect(reader.sampleRate == 11025 && reader.frameCount == sound.frameCount)
    }
  }

  @Test("what cannot be read is refused by name")
  func refused() throws {
    try withSound(8000) { path, sound in
      let reader = try AudioReader(path: path)
      let beyond = #expect(throws: AudioError.self) { try reader.read(0..<sound.frameCount + 1) }
      #expect(beyond?.description == "AudioReader.read: range must be within 0..<35200, got 35201.0")
      let odd = #expect(throws: AudioError.self) { try AudioReader(path: path, sampleRate: 8000.5) }
      #expect(odd?.description == "AudioReader: sampleRate must be a whole number, got 8000.5")
      // The file loses its end after its header was read.
      try FileManager.default.removeItem(atPath: path)
      try Audio(channels: [[0], [0]], sampleRate: 8000).write(to: path, format: .wavFloat)
      let short = #expect(throws: AudioError.self) { try reader.read(0..<sound.frameCount) }
      #expect(
        short?.description == "\"\(path)\" is truncated or damaged: expected 35200 frames, got 1; fetch it again"
      )
    }
    #expect(throws: AudioError.self) { try AudioReader(path: "/nowhere/a.wav") }
  }
}
